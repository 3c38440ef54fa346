"""People: known, at Home, owning, handing over, leaving."""
