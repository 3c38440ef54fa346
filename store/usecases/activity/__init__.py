"""Activities: logged, changed, read."""
