"""Moments: an instant as staff read it, on the clinic's clock."""

from datetime import datetime

from django.utils import timezone


def moment_in_words(at: datetime, *, with_year: bool = True) -> str:
    """“Mon 7 Dec 2026 09:00”."""
    local = timezone.localtime(at)
    return f"{local:%a} {local.day} {local:{'%b %Y' if with_year else '%b'} %H:%M}"
