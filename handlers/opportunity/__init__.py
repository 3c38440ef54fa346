"""Listeners on opportunities: their forms, pages, statuses."""
