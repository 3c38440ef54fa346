"""What a person sees of their own: Home, and what is handed over."""
