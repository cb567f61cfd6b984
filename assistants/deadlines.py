"""Deadlines: how long a caller waits for an answer, from when the request has arrived."""

# Callers hear silence meanwhile; below the five seconds promised, with room to speak of it.
SECONDS = 4.0

# With less left nothing is begun: it would most likely be given up halfway.
LEAST = 0.5
