"""What came of what was to be shown in Slack, and what still waits."""
