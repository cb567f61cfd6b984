"""When somebody could be seen: computed from the rows, never stored, but for what is held."""
