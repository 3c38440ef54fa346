"""Figures: counted, and drawn as a picture that follows them."""
