"""Listeners on tasks: their forms, what is done with them, their lists."""
