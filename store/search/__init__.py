"""Forgiving search, and how like two words are."""
