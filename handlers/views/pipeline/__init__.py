"""What is seen of the pipeline: the board, its numbers, its filters."""
