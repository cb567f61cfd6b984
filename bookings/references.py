"""References: what a caller is told to remember an appointment by."""

import secrets

# No two of these are mistaken for each other on the phone or on paper: none of I, L, O, 0, 1,
# and of the letters that rhyme (B C D E G P T V Z) and of M/N, S/F/X at most one each.
ALPHABET = "23456789AHJKMQRWXY"
LENGTH = 5


def draw() -> str:
    """One of 1.9 million; whoever saves it draws again when it is taken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
