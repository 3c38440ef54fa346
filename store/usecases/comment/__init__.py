"""Comments: heard, caught up with, read."""
