"""Digests: kept, due, and what each tells."""
