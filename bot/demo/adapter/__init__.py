"""What the local Slack lacks of the real one, filled at the demo's edge (start with `edge.py`)."""
