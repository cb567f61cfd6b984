"""When somebody could be seen: computed from the rows. Only holds are stored."""
