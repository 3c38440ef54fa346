"""The local Slack: fetched, started, watched."""
