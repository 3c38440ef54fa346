"""Digests: on which schedule they come, and what they say."""
