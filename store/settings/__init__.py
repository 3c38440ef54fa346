"""What can be chosen for a workspace and for one of its channels."""
