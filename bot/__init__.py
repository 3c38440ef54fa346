"""The process: reads the environment, builds the parts, runs them, stops them."""
