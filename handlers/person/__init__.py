"""Listeners on people: their Home, what they own, what they hand over."""
