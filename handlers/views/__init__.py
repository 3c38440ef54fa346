"""Block Kit: dataclasses in, blocks out; nothing here asks or changes anything."""
