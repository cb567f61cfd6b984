"""Holds: free times that were offered in a call, and are held for it for three minutes.

Holds for some callers never hide a whole day from the others: of the times a practitioner has for a
service on a day, half stay open to everybody. A time beyond that half is offered without a hold,
and the first caller to book it has it: the diaries decide, so that no two callers hear that they
are booked. (Holds may still take a part of the time that a longer service needs; its caller hears
so.)
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import OperationalError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.db.models.functions import Now

from bookings import diaries
from bookings.availability import slots
from bookings.availability.reading import Requester
from bookings.availability.slots import Calendar, Slot
from bookings.models import PEOPLE, ROOMS, Offer, Practitioner, ServiceType
from tenants import budgets
from tenants.postgresql.statements import Deletion, Given, Statement, here, insertion, together
from tenants.sqlstates import LOCK_NOT_AVAILABLE, QUERY_CANCELED, sqlstate

LASTS = timedelta(minutes=3)
# One telephone that keeps calling must not empty the diary for all others.
MOST_A_NUMBER = 3 * Offer.MOST_A_CALL
# All callers without a number share nine holds.
MOST_WITHHELD = 3 * Offer.MOST_A_CALL


def queue(service: ServiceType, practitioners: Iterable[Practitioner]) -> bool:
    """Wait for the writers of these diaries, so that no two calls are offered the same time.

    False if that takes too long: then a time is offered without a hold, since a caller waits for
    the answer.
    """
    people = [person.pk for person in practitioners]
    try:
        with diaries.writing(patience=budgets.LOCK_TO_HOLD):
            together(
                PEOPLE.bound(people=people).locking(),
                ROOMS.bound(service=service.pk, room=None).locking(),
            )
    except OperationalError as error:
        if sqlstate(error) not in {LOCK_NOT_AVAILABLE, QUERY_CANCELED}:
            raise
        return False
    return True


def keep(kept: Sequence[Slot], *, conversation: str, caller: str) -> None:
    """Replace the call's holds by `kept`: at most three slots, which are free for it and may be
    held.

    Their diaries are locked. `caller` is the number that proves who calls (E.164), or "". All old
    holds are deleted in one step: in two steps it could deadlock with another call of the same
    number, or with another call without a number.
    """
    own, expired, others = together(
        OF_CALL.bound(conversation=conversation),
        EXPIRED.bound(
            people=[slot.practitioner.pk for slot in kept],
            rooms=[slot.room for slot in kept if slot.room],
        ),
        OF_OTHER_CALLS.bound(caller=caller, conversation=conversation),
    )
    remove([*(row.pk for row in own), *expired, *given_up(others, caller, kept)])
    rows = [
        Offer(
            conversation=conversation,
            caller=caller,
            position=position,
            practitioner=slot.practitioner,
            room_id=slot.room,
            service=slot.service,
            start=slot.start,
            blocked=DateTimeTZRange(*slot.blocked),
            expires=Now() + LASTS,
        )
        for position, slot in enumerate(kept)
    ]
    if rows:
        here().later(insertion(*rows))


def that_may_be_kept(
    wanted: Sequence[Slot],
    *,
    requester: Requester,
    now: datetime,
    read: Iterable[Calendar] = (),
) -> list[Slot]:
    """The slots of `wanted` that may be held: half of each day has to stay open to others.

    Reads one calendar, unless one that was `read` since the diaries are locked has these days.
    """
    if not wanted:
        return []
    zone = slots.zone_of(now)
    days = [slots.days_near(slot.start, 0, zone) for slot in wanted]
    people, start, end = {slot.practitioner for slot in wanted}, min(days)[0], max(days)[1]
    of_these = (
        one for one in read if one.requester == requester and one.covers(people, start, end)
    )
    known = next(of_these, None)
    calendar = (
        known.only(start, end)
        if known
        else slots.calendar(people, start=start, end=end, now=now, requester=requester)
    )
    kept: list[Slot] = []
    for slot, day in zip(wanted, days, strict=True):
        if leaves_half([*kept, slot], calendar.between(*day)):
            kept.append(slot)
    return kept


def leaves_half(kept: Sequence[Slot], day: Calendar) -> bool:
    """Whether half of the times of the last slot's practitioner stay open."""
    who, service = kept[-1].practitioner, kept[-1].service
    left = len([*day.with_holds(kept).starts(who, service)])
    return 2 * left >= len([*day.without_holds().starts(who, service)])


def was_offered(start: datetime, *, conversation: str) -> bool:
    """Whether the call was last offered that start, even if the hold has expired."""
    mine = Offer.objects.filter(conversation=conversation, start=start)
    return bool(conversation) and mine.exists()


def given_up(others: Sequence[Offer], caller: str, kept: Sequence[Slot]) -> list[int]:
    """Of the holds of the number's other calls, or of all calls without a number, those to delete:
    the ones at the times of `kept`, which after a dropped line go to the new call, and the oldest
    above the limit. `others` begins with the newest."""
    most = MOST_A_NUMBER if caller else MOST_WITHHELD
    at_these = [row.pk for row in others if caller and any(is_at(row, slot) for slot in kept)]
    left = [row.pk for row in others if row.pk not in at_these]
    return [*at_these, *left[most - len(kept) :]]


def is_at(offer: Offer, slot: Slot) -> bool:
    """Whether the hold overlaps `slot` in its diary or its room."""
    is_there = offer.practitioner_id == slot.practitioner.pk or (
        slot.room is not None and offer.room_id == slot.room
    )
    blocked_from, blocked_until = slot.blocked
    overlaps = offer.blocked.lower < blocked_until and blocked_from < offer.blocked.upper
    return is_there and overlaps


def remove(keys: Collection[int]) -> None:
    """Delete these holds in the order of their keys, so that two such deletions do not deadlock."""
    if keys:
        DELETE(keys=list(keys))


OF_CALL = Statement(lambda: Offer.objects.filter(conversation=Given("conversation")).order_by())
# Expired holds no longer block a booking, but the constraint still sees them.
EXPIRED = Statement(
    lambda: Offer.objects.filter(
        Q(practitioner__id__any_of=Given("people")) | Q(room__id__any_of=Given("rooms")),
        expires__lte=Now(),
    ).values_list("pk", flat=True)
)
OF_OTHER_CALLS = Statement(
    lambda: (
        Offer.objects.filter(caller=Given("caller"))
        .exclude(conversation=Given("conversation"))
        .order_by("-expires", "-pk")
    )
)
DELETE = Deletion(lambda: Offer.objects.filter(pk__any_of=Given("keys")))
