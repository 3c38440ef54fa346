"""What is seen of deals that need attention."""
