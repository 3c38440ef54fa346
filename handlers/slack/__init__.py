"""What Slack itself brings: its changes, messages, mentions, shortcuts."""
