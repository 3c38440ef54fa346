"""People: who they are, what they see first, and what they hand over."""
