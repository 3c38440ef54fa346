"""Forms as they were sent become typed answers (pure)."""
