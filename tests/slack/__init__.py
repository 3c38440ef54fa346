"""A strict Slack on loopback: it rejects what Slack rejects, and plays people by what they read."""
