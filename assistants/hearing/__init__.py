"""Hearing: the words a caller said, or a model wrote, turned into values. Nothing is guessed."""

from .meaning import NotUnderstood, Part, Phone, Reason, When
from .moments import date_and_time, instant, is_repeated, warm, when

__all__ = [
    "NotUnderstood",
    "Part",
    "Phone",
    "Reason",
    "When",
    "date_and_time",
    "instant",
    "is_repeated",
    "warm",
    "when",
]
from ._stub import birth_date, email, person_name, phone
