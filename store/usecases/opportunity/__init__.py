"""Opportunities: made, changed, read, found, and taken back."""
