"""Cards: where they stand, in which channels, and who sees them there."""
