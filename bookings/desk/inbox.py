"""The inbox: whom to call back, whom a freed time suits, and what callers changed meanwhile."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from bookings import callbacks
from bookings.availability import conflicts
from bookings.availability.slots import Slot, instant
from bookings.callbacks import Changed, DoneAlready, DoneAnew, TakenBy
from bookings.desk import answers, histories, live, own_diary
from bookings.desk.today import Dial, Notice, notices
from bookings.models import (
    Appointment,
    AppointmentChange,
    Callback,
    Look,
    Practitioner,
    WaitlistEntry,
    name_key,
)
from tenants import organizations, sight
from tenants.roles import Account
from tenants.sites import front_desk

SEES_CALLBACKS = "bookings.view_callback"
CHANGES_CALLBACKS = "bookings.change_callback"
SEES_WAITLIST = "bookings.view_waitlistentry"
SEES_VISITS = "bookings.view_appointment"
# To say that the news are seen is a note of one's own; who may change nothing makes none.
NOTES_LOOKS = "bookings.change_look"
MOST_SHOWN = 50
# What callers changed is shown for so long, unless the reader has seen it.
NEWS_DAYS = 7
# Without accents, in the languages callers speak to us: the beginnings of words, and whole words.
URGENT_BEGINNINGS = (
    "urgen", "emergenc", "bleed", "swell", "swollen", "infect", "severe", "sangr", "fiebre",
    "hinch", "saign", "fievre", "gonfl", "dringend", "schmerz", "blutet", "geschwoll", "inchad",
)  # fmt: skip
URGENT_WORDS = {
    "pain", "pains", "painful", "fever", "asap", "immediately", "dolor", "dolores", "duele",
    "douleur", "douleurs", "fieber", "dor", "dores", "sangue", "febre",
}  # fmt: skip

# What else makes a callback urgent, by its reason; and the pages of the calls with these ids. Other
# modules add their functions.
is_alarming: list[Callable[[str], bool]] = []
call_pages: list[Callable[[HttpRequest, Collection[str]], dict[str, str]]] = []


@dataclass(frozen=True, slots=True)
class Wish:
    """A callback as the inbox shows it."""

    row: Callback
    is_urgent: bool
    call: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of the waitlist, with the freed time that suits it."""

    row: WaitlistEntry
    slot: Slot | None

    @property
    def booking(self) -> str:
        """What the drawer begins with, as JSON."""
        known = {"service": self.row.service_id, "patient": str(self.row.patient_id)}
        asked: dict[str, object] = {**known, "waitlist": self.row.pk}
        if self.slot:
            asked |= {
                "start": timezone.localtime(self.slot.start).isoformat(),
                "practitioner": self.slot.practitioner.pk,
            }
        elif self.row.practitioner_id:
            asked["practitioner"] = self.row.practitioner_id
        return json.dumps(asked)


class Shown(list[Any]):
    """The first rows of a list that has `total`."""

    def __init__(self, rows: Sequence[Any], total: int | None = None) -> None:
        super().__init__(rows[:MOST_SHOWN])
        self.total = len(rows) if total is None else total

    @property
    def size(self) -> str:
        return str(self.total) if self.total == len(self) else f"{len(self)} of {self.total}"


def badge(request: HttpRequest) -> str:
    """How many callbacks wait. It is asked for with every page, so it counts nothing that takes
    longer."""
    may_see = request.user.has_perm(SEES_CALLBACKS)
    return str(Callback.objects.open().count() or "") if may_see else ""


@front_desk.page(
    "inbox/",
    name="inbox",
    title="Inbox",
    icon="inbox",
    position=3,
    permission=(SEES_CALLBACKS, SEES_VISITS),
    badge=badge,
    by_sight=True,
)
def inbox(request: HttpRequest) -> HttpResponse:
    """The page; its list alone if that is asked for, and nothing if it has not changed."""
    part = live.part(request, "bookings/desk/inbox_lists.html", contents(request))
    context: dict[str, object] = {"part": part}
    if live.is_asked_for(request):
        context["badge"] = badge(request)
        return live.answer(request, part, "bookings/desk/inbox_live.html", context)
    page = {**context, "title": "Inbox", "is_fullwidth": "1"}
    return front_desk.render(request, "bookings/desk/inbox.html", page)


def contents(request: HttpRequest) -> dict[str, object]:
    """What this user may see of it; one query a kind."""
    now, may = organizations.current().now(), request.user.has_perm
    found: dict[str, object] = {
        "may_call": may(CHANGES_CALLBACKS),
        "may_wait": may("bookings.change_waitlistentry"),
        "may_book": may("bookings.add_appointment"),
        "may_move": may("bookings.change_appointment"),
        "may_see_patients": may("bookings.view_patient"),
        "may_note": may(NOTES_LOOKS),
        "user_name": request.user.get_username(),
    }
    if may(SEES_CALLBACKS):
        found |= {"callbacks": wishes(request), "done": done_since(now)}
    if may(SEES_WAITLIST):
        found["waiting"] = waiting(request.user, now)
    if may(SEES_VISITS):
        found |= {"news": shown_news(request, now), "strays": strays(request.user, now)}
    return found


# --- callbacks


def wishes(request: HttpRequest) -> Shown:
    """The urgent first, then the oldest."""
    found = Shown(sorted(Callback.objects.open(), key=lambda row: not is_urgent(row.reason)))
    pages = calls_of(request, {row.conversation for row in found} - {""})
    shown = [Wish(row, is_urgent(row.reason), pages.get(row.conversation, "")) for row in found]
    return Shown(shown, found.total)


def is_urgent(reason: str) -> bool:
    words = {word.strip(".,;:!?") for word in name_key(reason).split()}
    said = any(word.startswith(URGENT_BEGINNINGS) for word in words) or words & URGENT_WORDS
    return bool(said) or any(alarming(reason) for alarming in is_alarming)


def calls_of(request: HttpRequest, conversations: Collection[str]) -> dict[str, str]:
    """The addresses of the pages of these calls, by their ids."""
    found: dict[str, str] = {}
    for pages in call_pages if conversations else ():
        found |= pages(request, conversations)
    return found


def done_since(now: datetime) -> QuerySet[Callback]:
    """Those that were done today."""
    today = instant(now.date(), organizations.current().zone)
    return Callback.objects.filter(done_at__gte=today).order_by("-done_at")


@front_desk.page(
    "inbox/callback/<int:key>/<slug:name>/",
    name="inbox_callback",
    permission=CHANGES_CALLBACKS,
)
def change_callback(request: HttpRequest, key: int, name: str) -> HttpResponse:
    if request.method != "POST":
        raise Http404
    now, by = organizations.current().now(), request.user.get_username()
    try:
        match name:
            case "take":
                return told(request, callbacks.take(key, by=by), "Yours")
            case "release":
                return told(request, callbacks.release(key), "Given back")
            case "done":
                note = request.POST.get("note", "").replace("\0", "").strip()
                return told(request, callbacks.finish(key, by=by, note=note, now=now), "Done")
            case "reopen":
                done_at = parse_datetime(request.GET.get("done", ""))
                return told(request, callbacks.reopen(key, done_at=done_at), "Open again")
            case _:
                return answers.bad_input("There is no such step.")
    except Callback.DoesNotExist:
        return answers.refused("It is gone: erased, or deleted by a colleague.")


def told(
    request: HttpRequest, outcome: Changed | DoneAlready | DoneAnew | TakenBy, did: str
) -> JsonResponse:
    row = outcome.callback
    match outcome:
        case Changed():
            front_desk.log_change(request, row, f"{did}.")
            return answers.done(f"{did}: {row.name}.", undo=reopening(row))
        case DoneAlready():
            return answers.refused(f"{row.done_by or 'A colleague'} has called {row.name} already.")
        case DoneAnew():
            return answers.refused(f"{row.done_by or 'A colleague'} has called again since.")
        case TakenBy():
            return answers.refused(f"{row.owner} has taken {row.name} on.")


def reopening(row: Callback) -> str | None:
    """The address that takes back that it is done."""
    if row.done_at is None:
        return None
    address = reverse("admin:inbox_callback", args=[row.pk, "reopen"])
    return f"{address}?{urlencode({'done': row.done_at.isoformat()})}"


# --- the waitlist


def waiting(user: Account, now: datetime) -> Shown:
    """Those whom a freed time suits first, then in the order in which they wait."""
    rows = sight.visible(WaitlistEntry.objects.open(), user)
    freed = own_diary.given_back(user, now=now)
    found = [
        Waiting(row, freed.get(row.pk))
        for row in rows.select_related("patient", "service", "practitioner")
    ]
    return Shown(sorted(found, key=lambda entry: entry.slot is None))


@front_desk.page(
    "inbox/waiting/<int:key>/<slug:name>/",
    name="inbox_waiting",
    permission="bookings.change_waitlistentry",
)
def change_waiting(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """Done, or waiting again. Doing it twice changes nothing."""
    steps = {"done": WaitlistEntry.Status.DONE, "reopen": WaitlistEntry.Status.WAITING}
    if request.method != "POST":
        raise Http404
    if name not in steps:
        return answers.bad_input("There is no such step.")
    row = WaitlistEntry.objects.select_related("patient", "service").filter(pk=key).first()
    if row is None:
        return answers.refused("It is gone: erased, or deleted by a colleague.")
    return set_waiting(request, row, steps[name])


def set_waiting(
    request: HttpRequest, row: WaitlistEntry, status: WaitlistEntry.Status
) -> JsonResponse:
    is_done = status == WaitlistEntry.Status.DONE
    rows = WaitlistEntry.objects.filter(pk=row.pk).exclude(status=status)
    try:
        with transaction.atomic():
            changed = rows.update(status=status, appointment=None)
    except IntegrityError:  # waitlist_entry_waits_once
        return answers.refused(f"{row.patient.name} waits for {row.service} already.")
    if changed:
        front_desk.log_change(request, row, "Marked as done." if is_done else "Waits again.")
    undo = reverse("admin:inbox_waiting", args=[row.pk, "reopen"]) if changed and is_done else None
    did = "Waits no longer" if is_done else "Waits again"
    return answers.done(f"{did}: {row.patient.name}.", undo=undo)


# --- what callers changed


def news(request: HttpRequest, now: datetime) -> QuerySet[AppointmentChange]:
    """What callers did to visits since this user said that they have seen it; of a week at most."""
    looked = Look.objects.filter(reader=request.user.get_username(), at__gte=OuterRef("at"))
    week = now - timedelta(days=NEWS_DAYS)
    changes = AppointmentChange.objects.filter(source=Appointment.Source.VOICE, at__gt=week)
    rows = sight.visible(changes, request.user)
    return rows.exclude(Exists(looked))


def shown_news(request: HttpRequest, now: datetime) -> Shown:
    """The newest first, each with `did`, in words. Of too many, the oldest: *Seen* is of all before
    the newest that is shown."""
    rows: Any = news(request, now).select_related(
        "appointment__patient", "appointment__service", "practitioner"
    )
    found = list(rows.order_by("at", "pk")[:MOST_SHOWN])
    for change in found:
        change.did = histories.in_words(change)
    return Shown(found[::-1], rows.count() if len(found) == MOST_SHOWN else None)


@front_desk.page("inbox/seen/", name="inbox_seen", permission=NOTES_LOOKS, by_sight=True)
def mark_seen(request: HttpRequest) -> HttpResponse:
    """Everything up to `until`, the newest that the page showed, is seen. Undo posts the `until`
    that was there before."""
    until = parse_datetime(request.POST.get("until") or request.GET.get("until", ""))
    if request.method != "POST" or until is None or until.tzinfo is None:
        return answers.bad_input("Until when?")
    reader = request.user.get_username()
    before = Look.objects.filter(reader=reader).first()
    Look.objects.update_or_create(reader=reader, defaults={"at": until})
    earlier = before.at if before else until - timedelta(days=NEWS_DAYS)
    undo = f"{reverse('admin:inbox_seen')}?{urlencode({'until': earlier.isoformat()})}"
    return answers.done("Seen.", undo=undo if "until" in request.POST else None)


# --- visits that hours or a closure leave outside


def strays(user: Account, now: datetime) -> Shown:
    people = sight.visible(Practitioner.objects.all(), user)
    rows = Shown(conflicts.outside_hours(people, now=now))
    found = Appointment.objects.filter(pk__in=[row.pk for row in rows])
    shown = found.select_related("patient", "service", "practitioner").order_by("start")
    return Shown(list(shown), rows.total)


# --- the strip of the start page


def callbacks_waiting(request: HttpRequest, now: datetime) -> Notice | None:
    if not request.user.has_perm(SEES_CALLBACKS):
        return None
    rows = list(Callback.objects.open())
    urgent = [row for row in rows if is_urgent(row.reason)]
    if not rows:
        return None
    text = f"{counted(len(rows), 'callback')}{f', {len(urgent)} urgent' if urgent else ''}"
    free = [row for row in [*urgent, *rows] if row.owner in ("", request.user.get_username())]
    may_call = free and request.user.has_perm(CHANGES_CALLBACKS)
    return Notice(text, place("callbacks"), bool(urgent), dial=dial(free[0]) if may_call else None)


def dial(row: Callback) -> Dial:
    take = reverse("admin:inbox_callback", args=[row.pk, "take"])
    return Dial(row.name, row.phone, take, place(f"note-{row.pk}"))


def freed_times(request: HttpRequest, now: datetime) -> Notice | None:
    if not request.user.has_perm(SEES_WAITLIST):
        return None
    freed = len(own_diary.given_back(request.user, now=now))
    text = f"{counted(freed, 'patient')} on the waitlist could have a freed time"
    return Notice(text, place("waitlist")) if freed else None


def outside_hours(request: HttpRequest, now: datetime) -> Notice | None:
    people = sight.visible(Practitioner.objects.all(), request.user)
    outside = len(conflicts.outside_hours(people, now=now))
    text = f"{counted(outside, 'visit')} outside hours"
    return Notice(text, place("strays")) if outside else None


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def place(anchor: str) -> str:
    return f"{reverse('admin:inbox')}#{anchor}"


notices.extend([callbacks_waiting, freed_times, outside_hours])
