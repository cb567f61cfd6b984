"""What an assistant is told: the authority of all, the facts of a clinic, its personality."""
