"""References: the short codes that callers are told for their appointments."""

import secrets

# No two of these are mistaken for each other on the phone or on paper: none of I, L, O, 0, 1, and
# at most one letter of each group that sounds alike: B C D E G P T V Z; M N; S F X.
ALPHABET = "23456789AHJKMQRWXY"
LENGTH = 5


def draw() -> str:
    """A random one of 1.9 million. It may be taken: then the caller draws again."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
