"""Tasks: made, changed, listed, and recalled when they are due."""
