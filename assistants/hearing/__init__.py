"""Hearing: the words a caller said, or a model wrote, turned into values. Nothing is guessed.

The judges (the programs that measure how well speech is understood, outside this repository) call
`when`, `phone`, `email`, `person_name` and `date_and_time`. They read `NotUnderstood.part` and
`.reason`, every `Reason`, every field of `When` (`other_time`, `other_earliest`, `other_latest`)
and `Phone.extension`. Keep these names, even where nothing in this repository uses one.
"""

from .births import birth_date
from .emails import email
from .emails import is_spoken as is_spoken_email
from .instants import instant, is_repeated
from .meaning import Days, NotUnderstood, Part, Phone, Reason, When
from .moments import date_and_time, when
from .names import person_name
from .phones import phone
from .references import reference
from .searches import days_in, is_of_many_days
from .soonest import asks_soonest
from .stamps import is_midnight_in_figures
from .vocabulary import in_english, is_of_days, without_named_days
from .warming import warm

__all__ = [
    "Days",
    "NotUnderstood",
    "Part",
    "Phone",
    "Reason",
    "When",
    "asks_soonest",
    "birth_date",
    "date_and_time",
    "days_in",
    "email",
    "in_english",
    "instant",
    "is_midnight_in_figures",
    "is_of_days",
    "is_of_many_days",
    "is_repeated",
    "is_spoken_email",
    "person_name",
    "phone",
    "reference",
    "warm",
    "when",
    "without_named_days",
]
