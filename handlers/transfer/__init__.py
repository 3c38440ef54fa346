"""Lines of files become records (pure)."""
