"""Listeners on settings: their forms, and what is chosen in them."""
