"""Listeners on activities: their forms and their index."""
