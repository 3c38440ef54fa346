"""What people must see in Slack: wanted, claimed, sent, and at which rates."""
