"""Typed words become typed requests (pure)."""
