"""The page that asks before patients are erased: who is erased, who is kept, and what they still
have to come."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bookings import erasure, patients
from bookings.models import Patient
from tenants.moments import moment_in_words


def asked(chosen: Iterable[Patient], *, now: datetime) -> dict[str, object]:
    """What the page shows. `kept`: a record, and what it still has to come, a line each."""
    rows = list(chosen)
    said = [erasure.claims(patient, now=now) for patient in rows]
    going = [row for claims in said for row in claims.going if row not in rows]
    kept = [row for claims in said for row in claims.kept if row not in rows]
    alike = patients.may_be_the_same(rows)
    return {
        "patients": rows,
        "unproven": going,
        "kept": [(row, list(ahead(row, now=now))) for row in kept],
        "callbacks": [row for claims in said for row in claims.callbacks],
        "others": [row for row in alike if row not in (*going, *kept)],
    }


def ahead(claimed: Patient, *, now: datetime) -> Iterator[str]:
    for visit in erasure.visits_ahead(claimed, now=now):
        yield f"{visit.reference}, {moment_in_words(visit.start)}"
    for entry in claimed.waiting.open():
        yield f"waits for {entry.service}"
    for callback in erasure.callbacks_to(claimed):
        yield f"call back at {callback.phone}"
