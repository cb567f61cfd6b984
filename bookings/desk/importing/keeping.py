"""Keeping: the file between its trial and its import. It is kept nowhere: the page that shows the
trial holds it, signed, and sends it back.

So it is on no disk of ours, and reaches only who has sent it: the signature holds for one user of
one organization, while they stay signed in, and for an hour.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest

from bookings.desk.importing.cells import Order
from bookings.desk.importing.runs import Kind
from tenants import organizations

KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """The file as it was sent, what was chosen for it, and the plan that was shown."""

    data: bytes
    order: Order
    sets_rules_aside: bool
    plan: str


def seal(request: HttpRequest, kind: Kind, kept: Kept) -> str:
    said = [kept.data.decode("latin-1"), str(kept.order), kept.sets_rules_aside, kept.plan]
    return signing.dumps(said, salt=salt(request, kind), compress=True)


def unseal(request: HttpRequest, kind: Kind, sealed: str) -> Kept | None:
    """None if it is too old, or another's."""
    try:
        data, order, sets_rules_aside, plan = signing.loads(
            sealed, salt=salt(request, kind), max_age=KEPT_FOR
        )
    except signing.BadSignature:
        return None
    return Kept(data.encode("latin-1"), Order(order), sets_rules_aside, plan)


def salt(request: HttpRequest, kind: Kind) -> str:
    schema = organizations.current().schema_name
    return f"import {kind} {schema} {request.user.pk} {request.session.session_key}"
