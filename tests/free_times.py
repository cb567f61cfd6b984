"""Free times of a period, as a caller could have them."""

from collections.abc import Iterable
from datetime import datetime

from bookings.availability.reading import ANYBODY, Requester
from bookings.availability.slots import Slot, calendar
from bookings.models import Practitioner, ServiceType


def free_times(
    *,
    service: ServiceType,
    practitioners: Iterable[Practitioner],
    start: datetime,
    end: datetime,
    now: datetime,
    requester: Requester = ANYBODY,
) -> list[Slot]:
    """Every slot that starts in [start, end) and after `now`, by start, then by practitioner."""
    return calendar(practitioners, start=start, end=end, now=now, requester=requester).free(service)
