"""What Slack sends becomes one store call; what the store says becomes Block Kit."""
