"""History: what the diaries of a run held and when, as the database showed it.

A change becomes visible between two looks: it was not there when the one before began (`after`),
and was there when the next had ended (`seen`). That holds on every PostgreSQL and on Citus; a
commit timestamp (`pg_xact_commit_timestamp`) is taken before the commit is on the disk, so on a
server that is frozen there, a row can be seen seconds later than its timestamp says. The changes of
one visit are written behind its diary's lock, so their keys are in the order of their commits.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest

BEGINNING, END = float("-inf"), float("inf")
OCCUPYING = frozenset({"pending", "booked", "arrived", "fulfilled"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a visit, and how it stood afterwards. Instants are UTC.

    `after` and `seen` are monotonic seconds, the same clock as that of the callers.
    """

    key: int
    visit: str
    kind: str
    by: str
    practitioner: str
    start: datetime
    status: str
    after: float = BEGINNING
    seen: float = BEGINNING

    @property
    def occupies(self) -> bool:
        return self.status in OCCUPYING


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as its row says at the end. `before` and `behind` are its buffers.

    Of its patient: `phone` and `other_phones` (E.164), `claimed_by` (the number or the call that
    claimed them, "" when they are verified) and `birthday` (YYYY-MM-DD, "" when it is not known).
    """

    id: str
    reference: str
    service: str
    practitioner: str
    start: datetime
    end: datetime
    before: timedelta
    behind: timedelta
    status: str
    patient: str
    phone: str
    room: str = ""
    other_phones: Sequence[str] = ()
    claimed_by: str = ""
    birthday: str = ""

    def is_theirs(self, who: str) -> bool:
        """Whether it is of a patient of `who`, a number (E.164) or, where it is withheld, a call: a
        verified one of that number, or one they claimed."""
        owners = {self.claimed_by} if self.claimed_by else {self.phone, *self.other_phones}
        return bool(who) and who in owners


@dataclass(frozen=True, slots=True)
class Stand:
    """A visit between two of its changes. It may have stood so in [earliest, latest], and did in
    [since, until]."""

    change: Change
    earliest: float
    since: float
    until: float
    latest: float

    def may_be(self, sent: float, received: float) -> bool:
        """Whether the visit may have been so at some moment of that time."""
        return self.earliest <= received and sent <= self.latest

    def is_all(self, sent: float, received: float) -> bool:
        """Whether the visit was certainly so throughout that time."""
        return self.since <= sent and received <= self.until


@dataclass(frozen=True, slots=True)
class Closed:
    """A period of no visits; with everybody, unless a practitioner is named."""

    start: datetime
    end: datetime
    practitioner: str
    after: float = BEGINNING
    seen: float = BEGINNING


@dataclass(frozen=True, slots=True)
class Note:
    """A callback or a place on the waitlist, as it is at the end; `by` is the call it is of."""

    kind: str
    by: str
    phone: str
    service: str = ""
    is_open: bool = True


@dataclass
class Clinic:
    """All that is known of one org. `services` are minutes, and minutes of buffer on either side.

    `practitioners` are those of a service; `roomed` the services that need the one room; `names`
    those of verified patients, by their number.
    """

    services: Mapping[str, tuple[int, int, int]]
    practitioners: Mapping[str, tuple[str, ...]]
    roomed: frozenset[str] = frozenset()
    visits: list[Visit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    overlapping: int = 0
    by_visit: dict[str, list[Stand]] = field(default_factory=dict)
    by_call: dict[str, list[Change]] = field(default_factory=dict)
    made_by: dict[str, str] = field(default_factory=dict)
    by_id: dict[str, Visit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id = {visit.id: visit for visit in self.visits}
        changes: dict[str, list[Change]] = defaultdict(list)
        by_call: dict[str, list[Change]] = defaultdict(list)
        for change in sorted(self.changes, key=lambda change: change.key):
            changes[change.visit].append(change)
            by_call[change.by].append(change)
            self.made_by.setdefault(change.visit, change.by)
        self.by_visit = {visit: stands(found) for visit, found in changes.items()}
        self.by_call = dict(by_call)

    def stands(self, visit: Visit) -> list[Stand]:
        return self.by_visit.get(visit.id, [])

    def of(self, change: Change) -> Visit:
        return self.by_id[change.visit]

    def last_change(self, visit: Visit) -> Change | None:
        found = self.stands(visit)
        return found[-1].change if found else None


def stands(changes: Sequence[Change]) -> list[Stand]:
    """How one visit stood after each of its changes. `changes` are in their order."""
    return [
        Stand(
            change,
            earliest=change.after,
            since=change.seen,
            until=following.after if following else END,
            latest=following.seen if following else END,
        )
        for change, following in zip_longest(changes, changes[1:])
    ]
