"""Where the bot is installed, how that happens, and how its tokens are kept."""
