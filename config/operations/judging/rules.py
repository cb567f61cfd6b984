"""Rules: how each claim is checked. A rule returns what is wrong, or "".

A caller hears the truth when it was so at some moment between the request and the answer.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from config.operations.judging import claims
from config.operations.judging.claims import Claim, SaidVisit
from config.operations.judging.history import END, Change, Clinic, Stand, Visit
from config.operations.judging.world import DONE, SAID_OF, WRITES, Exchange, World, is_of, names_fit

# A list longer than this (characters) is told from its beginning only.
LONGEST_LIST = 190
# After so many visits that were not theirs, a call is told of none.
MOST_GUESSES = 5


def booked(claim: Claim, heard: Exchange, world: World) -> str:
    wrong = stands_so(claim, heard, world)
    asked = heard.start if heard.tool == "book_appointment" else None
    if not wrong and asked and claim.visits[0].start != asked:
        return "it is booked at another time than was asked for"
    name = heard.arguments.get("patient_name", "")
    if not wrong and heard.tool == "book_appointment":
        visit = world.visits_told(claim.visits[0])[0]
        if not names_fit(visit.patient, name) and not names_fit(name, visit.patient):
            return "it is booked for somebody else"
    return wrong


def stands_so(claim: Claim, heard: Exchange, world: World) -> str:
    """Each visit named belongs to the caller and was so at some moment between request and
    answer."""
    for said in claim.visits:
        visits = world.visits_told(said)
        if not visits:
            return f"no visit has the reference {said.reference}"
        if not any(stood(visit, said, heard, world) for visit in visits):
            return f"{said.reference or 'the visit'} did not stand so while this was asked"
        if not any(world.is_theirs(visit, heard) for visit in visits):
            return "the visit is a stranger's"
    return "" if claim.visits else "it names no visit"


def stood(
    visit: Visit,
    said: SaidVisit,
    heard: Exchange,
    world: World,
    is_wanted: Callable[[Stand], bool] = lambda stand: stand.change.occupies,
) -> bool:
    return any(
        is_wanted(stand)
        and (stand.change.start, stand.change.practitioner) == (said.start, said.practitioner)
        and stand.may_be(heard.sent, heard.received)
        for stand in world.clinic.stands(visit)
    )


def moved(claim: Claim, heard: Exchange, world: World) -> str:
    return stands_so(claim, heard, world) or was_done(claim, heard, world)


def was_done(claim: Claim, heard: Exchange, world: World) -> str:
    """This call did it, before the answer came."""
    visits = {visit.id for said in claim.visits for visit in world.visits_told(said)}
    starts = {said.start for said in claim.visits}
    kind = WRITES[DONE[claim.kind]]
    for change in world.changes(heard.call):
        if (
            change.visit in visits
            and change.kind == kind
            and change.start in starts
            and change.after <= heard.received
        ):
            return ""
    return f"this call has {kind} no such visit"


def cancelled(claim: Claim, heard: Exchange, world: World) -> str:
    return is_cancelled(claim, heard, world) or was_done(claim, heard, world)


def is_cancelled(claim: Claim, heard: Exchange, world: World) -> str:
    return ended(claim, heard, world, lambda stand: stand.change.status == "cancelled")


def unchangeable(claim: Claim, heard: Exchange, world: World) -> str:
    return ended(
        claim, heard, world, lambda stand: stand.change.status not in ("pending", "booked")
    )


def ended(claim: Claim, heard: Exchange, world: World, is_wanted: Callable[[Stand], bool]) -> str:
    said = claim.visits[0]
    visits = [
        visit for visit in world.visits_told(said) if stood(visit, said, heard, world, is_wanted)
    ]
    if not visits:
        return "no such visit stood so while this was asked"
    if not any(world.is_theirs(visit, heard) for visit in visits):
        return "the visit is a stranger's"
    return ""


def found(claim: Claim, heard: Exchange, world: World) -> str:
    if wrong := stands_so(claim, heard, world):
        return wrong
    told = {said.reference for said in claim.visits}
    missing = [visit for visit in sure_visits(heard, world) if visit.reference not in told]
    if missing and not is_cut_short(claim):
        return f"{missing[0].reference} is left out"
    return ""


def is_cut_short(claim: Claim) -> bool:
    """Whether the list was too long for one answer: the caller hears the rest when they ask."""
    if claim.text.endswith(" more.") or claim.text.startswith("You also have"):
        return True
    parts = [len(match.group()) for match in claims.VISIT_PARTS.finditer(claim.text)]
    return len(parts) > 1 and sum(parts) + min(parts) > LONGEST_LIST


def sure_visits(heard: Exchange, world: World) -> list[Visit]:
    """Visits that the caller certainly had during the whole request and that match what was
    said. Not those of a patient whose name differs by a slip from that of another of the caller's:
    the one meant is the one whose name was said exactly, and both names may have been corrected.
    """
    said = heard.arguments
    if "date_of_birth" in said or "current" in said:
        return []
    return [
        visit
        for visit in world.clinic.visits
        if visit.is_theirs(heard.who)
        and said.get("reference", visit.reference) == visit.reference
        and names_fit(visit.patient, said.get("patient_name", ""))
        and not ("patient_name" in said and world.has_namesake(visit, heard.who))
        and any(
            stand.change.occupies
            and stand.change.start > heard.now
            and stand.is_all(heard.sent, heard.received)
            for stand in world.clinic.stands(visit)
        )
    ]


def not_found(claim: Claim, heard: Exchange, world: World) -> str:
    before = [one for one in world.calls[heard.call] if one.sent < heard.sent]
    guesses = sum("not_found" in world.heard[id(one)].kinds for one in before if one.sentence)
    missing = sure_visits(heard, world)
    if missing and guesses < MOST_GUESSES:
        return f"{missing[0].reference} is theirs"
    return ""


def offered(claim: Claim, heard: Exchange, world: World) -> str:
    return offered_with(list(asked_for(heard, world)), claim, heard, world)


def colleague(claim: Claim, heard: Exchange, world: World) -> str:
    """A time with somebody else than was asked for: it is judged by the one who is named in it."""
    named = claims.COLLEAGUE.match(claim.text)
    return offered_with([named["who"]] if named else [], claim, heard, world)


def offered_with(people: list[str], claim: Claim, heard: Exchange, world: World) -> str:
    if not people or not claim.times:
        return "nobody, or no time, is named"
    for start in claim.times:
        if start <= heard.now:
            return "a time that is past is offered"
        if all(is_surely_full(who, start, heard, world) for who in people):
            return f"{start:%Y-%m-%d %H:%M} UTC was taken all the while"
    return ""


def asked_for(heard: Exchange, world: World) -> Iterable[str]:
    if named := heard.arguments.get("practitioner"):
        return [named]
    service = service_of(heard, world)
    return world.clinic.practitioners[service]


def service_of(heard: Exchange, world: World) -> str:
    """The one said, or that of the visit to be moved; else the shortest: it fits where any does."""
    services = world.clinic.services
    said = heard.arguments.get("service", "").casefold()
    named = [name for name in services if name.casefold() == said]
    moved = [visit.service for visit in world.clinic.visits if is_the_moved(visit, heard)]
    return next(iter([*named, *moved]), min(services, key=lambda name: sum(services[name])))


def is_the_moved(visit: Visit, heard: Exchange) -> bool:
    said = heard.arguments.get("reference")
    return heard.tool == "reschedule_appointment" and visit.reference == said


def is_surely_full(who: str, start: datetime, heard: Exchange, world: World) -> bool:
    period = blocked(service_of(heard, world), start, world.clinic)
    visit_itself = minutes(world.clinic.services[service_of(heard, world)][0])
    is_closed = any(
        closed.seen <= heard.sent
        and closed.practitioner in ("", who)
        and closed.start < start + visit_itself
        and start < closed.end
        for closed in world.clinic.closed
    )
    return is_closed or any(
        stand.is_all(heard.sent, heard.received) for stand in in_the_way(who, period, heard, world)
    )


def in_the_way(
    who: str, period: tuple[datetime, datetime], heard: Exchange, world: World
) -> Iterator[Stand]:
    """Visits in the diary of `who`, or in the room; not the one that is to be moved."""
    clinic = world.clinic
    needs_room = service_of(heard, world) in clinic.roomed
    for visit in clinic.visits:
        if is_the_moved(visit, heard):
            continue
        in_room = needs_room and visit.service in clinic.roomed
        for stand in clinic.stands(visit):
            change = stand.change
            begins = change.start - visit.before
            ends = change.start + (visit.end - visit.start) + visit.behind
            if (
                change.occupies
                and (change.practitioner == who or in_room)
                and begins < period[1]
                and period[0] < ends
            ):
                yield stand


def blocked(service: str, start: datetime, clinic: Clinic) -> tuple[datetime, datetime]:
    length, before, behind = clinic.services[service]
    return start - minutes(before), start + minutes(length + behind)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def taken(claim: Claim, heard: Exchange, world: World) -> str:
    if heard.start is None:
        return ""
    period = blocked(service_of(heard, world), heard.start, world.clinic)
    might_be = any(
        stand.may_be(heard.sent, heard.received)
        for who in asked_for(heard, world)
        for stand in in_the_way(who, period, heard, world)
    )
    return "" if might_be else "no visit stood in the way of it"


def day_off(claim: Claim, heard: Exchange, world: World) -> str:
    if claim.day is None:
        return ""
    begin = datetime(claim.day.year, claim.day.month, claim.day.day, tzinfo=heard.now.tzinfo)
    return "" if might_be_closed(begin, timedelta(days=1), heard, world) else "nothing is closed"


def no_time(claim: Claim, heard: Exchange, world: World) -> str:
    if not heard.start:
        return ""
    length = minutes(sum(world.clinic.services[service_of(heard, world)]))
    return "" if might_be_closed(heard.start, length, heard, world) else "the clinic is open then"


def might_be_closed(start: datetime, length: timedelta, heard: Exchange, world: World) -> bool:
    return any(
        closed.after <= heard.received and closed.start < start + length and start < closed.end
        for closed in world.clinic.closed
    )


def is_ahead(claim: Claim, heard: Exchange, world: World) -> str:
    """The callers ask for times of the next two weeks."""
    return "the time asked for is ahead" if heard.start and heard.start > heard.now else ""


def moved_since(claim: Claim, heard: Exchange, world: World) -> str:
    if wrong := stands_so(claim, heard, world):
        return wrong
    return "" if was_changed(claim, heard, world, "rescheduled") else "it was not moved"


def booked_since(claim: Claim, heard: Exchange, world: World) -> str:
    if wrong := stands_so(claim, heard, world):
        return wrong
    return "" if was_changed(claim, heard, world, "booked") else "it was not booked"


def was_changed(claim: Claim, heard: Exchange, world: World, kind: str) -> bool:
    visits = {visit.id for said in claim.visits for visit in world.visits_told(said)}
    return any(
        change.visit in visits and change.kind == kind and change.after <= heard.received
        for change in world.clinic.changes
    )


def corrected(claim: Claim, heard: Exchange, world: World) -> str:
    """It is one visit: the patient has no other one for the same at the same time."""
    told = [said for one in world.claims(heard) if one.kind == "booked" for said in one.visits]
    visits = [visit for said in told for visit in world.visits_told(said)]
    others = [
        visit
        for visit in world.clinic.visits
        for first in visits
        if visit.id != first.id
        and (visit.patient, visit.service) == (first.patient, first.service)
        and visit.is_theirs(heard.who)
        and any(
            stand.change.occupies
            and stand.change.start == first.start
            and stand.is_all(heard.sent, heard.received)
            for stand in world.clinic.stands(visit)
        )
    ]
    return f"{others[0].reference} is another one" if others else ""


def known_as(claim: Claim, heard: Exchange, world: World) -> str:
    names = world.clinic.names.get(heard.caller, frozenset())
    is_known = any(match["name"] in names for match in claims.KNOWN_AS.finditer(claim.text))
    return "" if is_known else "the name is a stranger's"


def noted(claim: Claim, heard: Exchange, world: World) -> str:
    digits = "".join(ch for ch in claim.text if ch.isdigit())
    phone = heard.arguments.get("phone") or heard.arguments.get("patient_phone") or heard.caller
    for note in world.clinic.notes:
        if claim.kind == "called_back" and note.kind == "callback":
            if note.by == heard.call and note.phone.endswith(digits):
                return ""
        elif claim.kind == note.kind and phone in ("", note.phone):
            return ""
    return "no row says so"


def called_already(claim: Claim, heard: Exchange, world: World) -> str:
    calls = {one.call for one in world.exchanges if one.who == heard.who}
    notes = [note for note in world.clinic.notes if note.kind == "callback" and note.by in calls]
    return "" if notes else "no call back was noted for them"


def is_done(claim: Claim, heard: Exchange, world: World) -> str:
    """A note of this call or number is done."""
    kind = "callback" if claim.kind == "seen_to" else "waiting"
    calls = {one.call for one in world.exchanges if one.who == heard.who}
    done = [note for note in world.clinic.notes if note.kind == kind and not note.is_open]
    return "" if any(note.by in calls for note in done) else "it is open"


def nothing_done(claim: Claim, heard: Exchange, world: World) -> str:
    if heard.tool in WRITES:
        return done_all_the_same(heard, world)
    if heard.tool == "did_that_go_through":
        return did_not(claim, heard, world)
    return ""


def done_all_the_same(heard: Exchange, world: World) -> str:
    """The request was carried out, and no earlier answer had told the call so."""
    limit = world.was_done_by(heard, same_asked(heard, world))
    for change in world.changes(heard.call):
        is_untold = world.told.get(change.key, END) > heard.sent
        if is_untold and is_of(change, heard, world.clinic) and world.known_by(change) <= limit:
            return by_this_call(change, world)
    return ""


def same_asked(asked: Exchange, world: World) -> Iterator[Exchange]:
    return (one for one in world.calls[asked.call] if one.asks_the_same(asked))


def by_this_call(change: Change, world: World) -> str:
    return f"{world.clinic.of(change).reference} was {change.kind} by this call"


def did_not(claim: Claim, heard: Exchange, world: World) -> str:
    """“No” is said of the last thing the call asked for, not of what it had asked before."""
    wrongs = [done_of(asked, heard, world) for asked in world.last_writes(heard)]
    return wrongs[0] if wrongs and all(wrongs) else ""


def done_of(asked: Exchange, heard: Exchange, world: World) -> str:
    limit = world.was_done_by(heard, same_asked(asked, world))
    for change in world.changes(heard.call):
        if (
            is_of(change, asked, world.clinic)
            and world.run_of(asked) < world.known_by(change) <= limit
        ):
            return by_this_call(change, world)
    return ""


def untouched(claim: Claim, heard: Exchange, world: World) -> str:
    """This call had changed nothing, and nothing it had asked for by then was done later."""
    limit = world.was_done_by(heard, (one for one in world.calls[heard.call] if one.writes))
    for change in world.changes(heard.call):
        if world.known_by(change) <= limit:
            return by_this_call(change, world)
    return ""


def went_through(claim: Claim, heard: Exchange, world: World) -> str:
    """That the “yes” is about the last request. What is told after it has a rule of its own."""
    last = world.last_writes(heard)
    kinds = {kind for one in last for kind in SAID_OF[one.tool]}
    told = {claim.kind for claim in world.claims(heard)} & set(DONE)
    if not last:
        return "this call had asked for nothing"
    return "" if not told or told & kinds else "it tells of another request than the last"


Rule = Callable[[Claim, Exchange, World], str]
RULES: dict[str, Rule] = {
    "booked": booked,
    "moved": moved,
    "is_there": stands_so,
    "cancelled": cancelled,
    "was_cancelled": is_cancelled,
    "unchangeable": unchangeable,
    "cancelled_since": is_cancelled,
    "moved_since": moved_since,
    "booked_since": booked_since,
    "corrected": corrected,
    "known_as": known_as,
    "called_already": called_already,
    "seen_to": is_done,
    "no_longer": is_done,
    "capped": nothing_done,
    "found": found,
    "which_visit": stands_so,
    "already": stands_so,
    "not_found": not_found,
    "offered": offered,
    "colleague": colleague,
    "taken": taken,
    "day_off": day_off,
    "no_time": no_time,
    "passed": is_ahead,
    "too_far": is_ahead,
    "called_back": noted,
    "waiting": noted,
    "nothing_done": nothing_done,
    "did_not": did_not,
    "untouched": untouched,
    "went_through": went_through,
}
