"""The demo: a local Slack on this machine, sample data, and the adapter between it and the bot."""
