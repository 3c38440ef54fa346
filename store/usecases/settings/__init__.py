"""The settings of a workspace and of its channels."""
