"""Import and export: files, and what the commands say."""
