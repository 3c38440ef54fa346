"""Who people are: looked up, met, learned all at once."""
