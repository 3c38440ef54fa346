"""Listeners on digests: their list, their form, what is done with each."""
