"""Tasks as everybody may read them, and their lists."""
