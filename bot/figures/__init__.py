"""The picture of figures: drawn by a program of its own, uploaded, posted."""
