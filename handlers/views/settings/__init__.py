"""What is seen of the settings: their page and their forms."""
