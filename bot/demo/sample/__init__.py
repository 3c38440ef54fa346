"""The sample data, and how it comes to be."""
