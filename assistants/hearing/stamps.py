"""Stamps: midnight in digits, which models write after a date when no time was said."""

import re

_MIDNIGHT = re.compile(
    r"""(?<![\d:.])(?:00?|24):00(?!\d|\s*[ap]\.?m)   # 00:00, T00:00:00, 24:00
    |(?<=[t\s_-])(?:0000|2400)(?!\d)                 # 20261203T0000
    |(?<=\dt)00(?![\d:])                             # 2026-12-03T00
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_midnight_in_figures(text: str) -> bool:
    """Whether a text has midnight as 00:00 or 24:00, not in words and not as 12 AM."""
    return _MIDNIGHT.search(text) is not None
