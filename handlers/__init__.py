"""What Slack sends becomes one store call; what the store says becomes Block Kit.

The table of contents is listeners.py: everything that is listened to, and by whom.
"""
