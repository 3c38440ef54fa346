"""The pipeline as somebody sees it, and the boards that show it."""
