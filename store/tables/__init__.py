"""The rows, private to the store, and what their columns are made of."""
