"""Hearing: the words a caller said, or a model wrote, turned into values. Nothing is guessed."""

from .births import birth_date
from .emails import email
from .emails import is_spoken as is_spoken_email
from .instants import instant, is_repeated
from .meaning import NotUnderstood, Part, Phone, Reason, When
from .moments import date_and_time, when
from .names import person_name
from .phones import phone
from .soonest import asks_soonest
from .stamps import is_midnight_in_figures
from .warming import warm

__all__ = [
    "NotUnderstood",
    "Part",
    "Phone",
    "Reason",
    "When",
    "asks_soonest",
    "birth_date",
    "date_and_time",
    "email",
    "instant",
    "is_midnight_in_figures",
    "is_repeated",
    "is_spoken_email",
    "person_name",
    "phone",
    "warm",
    "when",
]
