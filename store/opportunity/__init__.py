"""Opportunities as everybody may read them, and what is told of them."""
