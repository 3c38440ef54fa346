"""What is seen of digests: their list, their form, their schedule."""
