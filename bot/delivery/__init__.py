"""What goes out to Slack: delivered from the outbox, opened, whispered."""
