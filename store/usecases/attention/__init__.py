"""What needs attention: found, told to owners once, snoozed, stopped."""
