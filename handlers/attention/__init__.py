"""Listeners on what owners are told of deals that need attention."""
