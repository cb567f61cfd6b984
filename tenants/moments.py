"""Moments: a day or an instant as staff read it, on the clinic's clock."""

from datetime import date, datetime

from django.utils import timezone


def day_in_words(day: date, *, with_year: bool = True) -> str:
    """“Mon 7 Dec 2026”."""
    return f"{day:%a} {day.day} {day:{'%b %Y' if with_year else '%b'}}"


def moment_in_words(at: datetime, *, with_year: bool = True) -> str:
    """“Mon 7 Dec 2026 09:00”."""
    local = timezone.localtime(at)
    return f"{day_in_words(local, with_year=with_year)} {local:%H:%M}"
