"""What whoever runs the bot looks at: the doctor, and metrics."""
