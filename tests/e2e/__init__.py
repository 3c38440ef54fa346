"""The real local Slack in a real browser."""
