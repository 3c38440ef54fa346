"""What is seen of activities: messages, forms, index."""
