"""What is seen of tasks: messages, forms, lists, private sentences."""
