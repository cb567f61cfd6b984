"""Check availability: the free times a caller is told of, which are held for the call."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from assistants import callers, hearing
from assistants.conversation import Caller
from assistants.hearing import Days, NotUnderstood, Part, Reason, When
from assistants.outcomes import Answer, DayPassed, NoOpenings, Openings
from assistants.tools import (
    availability,
    catalogue,
    follow_ups,
    others,
    preferences,
    times,
    weekdays,
)
from assistants.tools.availability import Search
from assistants.tools.catalogue import WHOM, Choice
from assistants.tools.fields import (
    LONGEST,
    DayField,
    PractitionerField,
    PreferenceField,
    ServiceField,
)
from assistants.tools.follow_ups import FollowUp
from assistants.tools.places import MOST_LOOKED_BACK_ON
from assistants.tools.serializers import (
    Arguments,
    ToolSerializer,
    Values,
    Written,
    coded,
    together,
)
from assistants.tools.tool import Tool
from bookings import appointments
from bookings.availability import holds, slots
from bookings.availability.reading import Requester
from bookings.models import BookingPolicy, Practitioner, ServiceType
from bookings.outcomes import NobodyOffers, TooFarAhead, Wanted
from bookings.preferences import Preference

# “I need to be out by eleven”: the visit ends by then.
DONE_BY = re.compile(
    r"\b(?:out(?: of (?:there|here))?|done|finished|through|over|home|gone|back(?: at \w+)?|leave"
    r"|end|finish) (?:by|before)\b",
    re.IGNORECASE,
)
# “Mornings are better”, “any time after two”: not only of the day that was told of.
OF_MANY_DAYS = re.compile(
    rf"{weekdays.OF_ANY_DAY.pattern}|\bany (?:morning|afternoon|evening)\b"
    r"|\b(?:morning|afternoon|evening)s\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAvailability(Arguments):
    """`when` is a day and hours; `days` those to search among, where several were named.
    `weekdays` (0 is Monday) and `parts` of a day are liked. `told` are the times it was told that
    do not suit; it asks for those `after` and `before`."""

    service: ServiceType
    practitioner: Choice
    when: When
    days: Days | None = None
    weekdays: frozenset[int] = frozenset()
    parts: tuple[Part, ...] = ()
    told: tuple[datetime, ...] = ()
    after: datetime | None = None
    before: datetime | None = None


class CheckAvailabilitySerializer(ToolSerializer[CheckAvailability]):
    arguments = CheckAvailability
    older_names = {
        "serviceType": "service",
        "appointmentDate": "date",
        "start": "date",
        "day": "date",
        **WHOM,
    }
    may_name_somebody = ("date", "time_preference", "service")

    service = ServiceField()
    date = DayField(default=When())
    time_preference = PreferenceField()
    practitioner = PractitionerField()

    follow_up: FollowUp | None = None

    def to_internal_value(self, data: Written) -> Values:
        """What is told by the times that the call heard last is taken out first."""
        name = "date" if self.was_said("date") else "time_preference"
        words = self.text(name)
        if words and len(words) <= LONGEST and follow_ups.may_be_in(words):
            self.follow_up = self.by_times_told(words)
        if self.follow_up:
            older = [old for old, new in self.older_names.items() if new == name]
            data = {**data, **dict.fromkeys([name, *older], "")}
        return super().to_internal_value(data)

    def by_times_told(self, words: str) -> FollowUp | None:
        """What the words ask for after the times that the call was told last, or after the visit
        that it has booked or moved since."""
        told = self.own_visits()[:1] if self.has_done_since() else self.offered_times(service="")
        hear = times.hearer(self.call.now)
        return follow_ups.meant(words, told, self.last_asked(), hear) if told else None

    def last_asked(self) -> When | Days | None:
        """The days and the hours that this call asked for last."""
        searches = callers.heard_by(self.call.caller).filter(tool=TOOL.name)
        for search in searches[:MOST_LOOKED_BACK_ON]:
            asked = preferences.days_asked_for(search.arguments, now=self.call.now)
            hours = preferences.first_wish(search.arguments, now=self.call.now)
            if isinstance(asked, When) and times.is_wish(hours):
                return hours
            if asked:
                return asked
        return None

    def validate(self, attrs: Values) -> Values:
        if self.follow_up is None:
            return self.by_itself(attrs)
        wish = replace(attrs["time_preference"], day=None, last_day=None)
        when = together(self.follow_up.when, wish)
        return {**attrs, "when": when, "after": self.follow_up.after}

    def by_itself(self, attrs: Values) -> Values:
        """“Any time Thursday” is about the Thursday that was asked about, whichever it is."""
        day, wish = attrs["date"], attrs["time_preference"]
        words = self.text("date")
        if isinstance(day, When):
            day = times.as_just_past(self.as_told(day, words), words, today=self.call.now.date())
        said = self.text("time_preference")
        said = said if len(said) <= LONGEST else ""  # that much is nothing a caller said
        others_asked = others.asked_in(words, said)
        said = others.without(said)
        if DONE_BY.search(said):
            wish = ending_by(wish, attrs["service"])
        liked = preferences.weekdays_in(said, now=self.call.now)
        beside = self.days_wished(said, is_understood=bool(wish != When() or liked))
        if as_one := self.read_together(day, said) if wish.day or beside or liked else None:
            day, wish, beside, liked = as_one, When(), None, frozenset()
        if beside and not self.was_said("date"):
            day, beside, liked = beside, None, frozenset()
        if beside:
            liked = preferences.of_days(beside).weekdays
        if day == When() and not (beside or liked):
            day = self.day_told_of(wish, said, others_asked)
        days = day if isinstance(day, Days) else None
        when = days.hours if days else day
        if days or beside:
            wish = beside.hours if beside else replace(wish, day=None, last_day=None)
        elif day_is_repeated(when, wish):
            wish = replace(wish, day=None, last_day=None)
        try:
            when = times.combined(when, wish)
            times.refuse_other_zone(when, now=self.call.now)
        except times.Unsettled as error:
            raise coded({"date": error.code}) from None
        parts = beside.parts if beside else ()
        attrs |= self.beside_told(others_asked, is_open=day == When())
        return {**attrs, "when": when, "days": days, "weekdays": liked, "parts": parts}

    def beside_told(self, asked: str, *, is_open: bool) -> Values:
        """Which of the times there are may be told, if others than before are `asked` for."""
        if asked == "others":
            return {"told": others.told(callers.heard_by(self.call.caller))}
        told = self.offered_times() if asked else []
        if not told:
            if asked and is_open:  # later than what?
                raise coded({"date": f"day.{Reason.NOTHING_HEARD}"})
            return {}
        return {"after": max(told)} if asked == "later" else {"before": min(told)}

    def read_together(self, day: When | Days, said: str) -> When | Days | None:
        """Both texts as one, where days were named and the preference is for some of them: “next
        week” and “Thursday afternoon”."""
        is_one_day = isinstance(day, When) and day.last_day in (None, day.day)
        if is_one_day or DONE_BY.search(said):
            return None
        with suppress(NotUnderstood):
            found = times.searcher(self.call.now)(f"{self.text('date')}, {said}")
            if isinstance(found, When) or found.named or found.weekdays:
                return found
        return None

    def day_told_of(self, wish: When, said: str, others_asked: str) -> When | Days:
        """For hours alone, or other times: the day or the days that this call asked for last, if
        all times it was told were of these."""
        is_of_hours = (wish.time or times.is_wish(wish)) and not wish.day
        names_day = self.was_said("date") and not others_asked
        if names_day or not (is_of_hours or others_asked) or OF_MANY_DAYS.search(said):
            return When()
        told = {at.date() for at in self.offered_times()}
        if not told or self.has_done_since():
            return When()
        searches = callers.heard_by(self.call.caller).filter(tool=TOOL.name)
        asked = (
            preferences.days_asked_for(search.arguments, now=self.call.now)
            for search in searches[:MOST_LOOKED_BACK_ON]
        )
        last = next(filter(None, asked), None)
        if isinstance(last, Days) and others_asked:
            return last
        if not isinstance(last, When) or last.day is None:
            return When()
        if last.last_day is None or last.one_day:
            return When(day=told.pop()) if len(told) == 1 else When()
        is_within = all(last.day <= day <= last.last_day for day in told)
        return When(day=last.day, last_day=last.last_day) if is_within else When()

    def days_wished(self, said: str, *, is_understood: bool) -> Days | None:
        """The days, weekdays or parts of a day that stand among the hours. If no date was said,
        words without a day do not mean "the soonest"; the caller is asked."""
        if not said:
            return None
        with suppress(NotUnderstood):
            found = times.searcher(self.call.now)(said)
            return found if isinstance(found, Days) else None
        is_anything = hearing.asks_soonest(said) or catalogue.is_anyone(said)
        if is_understood or is_anything or self.was_said("date"):
            return None
        raise coded({"date": f"day.{Reason.NOTHING_HEARD}"})


def ending_by(when: When, service: ServiceType) -> When:
    """For “I have to be out by eleven”: the start is early enough for the end."""
    if when.latest is None:
        return when
    minutes = when.latest.hour * 60 + when.latest.minute - service.minutes + 1
    return replace(when, latest=time(*divmod(max(minutes, 1), 60)))


def day_is_repeated(when: When, wish: When) -> bool:
    return bool(when.day and wish.day and when.day.weekday() == wish.day.weekday())


def check_availability(heard: CheckAvailability, *, caller: Caller, now: datetime) -> Answer:
    """Up to three free times: nearest to a time named, spread otherwise; held for this call."""
    return times_for(heard, caller=caller, now=now, after=heard.after, before=heard.before)


def times_for(
    heard: CheckAvailability,
    *,
    caller: Caller,
    now: datetime,
    requester: Requester | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> Answer:
    """The free times, which are then held for the call. `after` and `before` are instants, both
    excluded. `requester` names what may move, else the call that asks."""
    service, choice = heard.service, heard.practitioner
    able = appointments.able_to(service)
    people = choice.among(able)
    if not people:
        named = choice.named.name if choice.named else None
        return Answer(
            NobodyOffers(Wanted(service.name, now, named), tuple(who.name for who in able))
        )
    search = Search(
        service,
        people,
        heard.when,
        preference(heard),
        requester or Requester(conversation=caller.conversation, caller=caller.number),
        now,
        colleagues=colleagues(able, choice),
        after=after,
        before=before,
        told=heard.told,
    )
    if search.last_day and search.last_day < now.date():
        return Answer(DayPassed(search.last_day))
    if too_far := beyond_horizon(search):
        return Answer(too_far)
    outcome = offered(search, caller)
    corrected = corrected_day(search, heard.days)
    return Answer(outcome, day=corrected)


def corrected_day(search: Search, days: Days | None) -> date | None:
    """A day that was said with a year that is past, as it was taken."""
    said = days or search.when
    return (search.last_day or search.first_day) if said.year_corrected else None


def colleagues(able: Sequence[Practitioner], choice: Choice) -> list[Practitioner]:
    if choice.named is None:
        return []
    return [who for who in able if who != choice.named and who.pk not in choice.without]


def beyond_horizon(search: Search) -> TooFarAhead | None:
    end = slots.bookable(BookingPolicy.current(), search.now)[1]
    if search.start < end:
        return None
    return TooFarAhead(Wanted(search.service.name, search.start), end - slots.INSTANT)


def preference(heard: CheckAvailability) -> Preference:
    """Preferred weekdays count only if they are among the days that the caller asked for."""
    when = heard.when
    earliest, latest = preferences.between(when)
    if heard.days:
        found = preferences.of_days(heard.days, heard.weekdays)
    else:
        found = Preference(weekdays=frozenset() if when.one_day else heard.weekdays)
    named = found.parts or tuple(map(preferences.part_of_day, heard.parts))
    return replace(found, earliest=earliest, latest=latest, parts=named)


def offered(search: Search, caller: Caller) -> Openings | NoOpenings:
    everybody = [*search.people, *search.colleagues]
    kept = bool(caller.conversation) and holds.queue(search.service, everybody)
    outcome = availability.beside_colleague(availability.found(search), search)
    if kept:
        may_be_kept = holds.that_may_be_kept(
            outcome.offered, requester=search.requester, now=search.now, read=search.read
        )
        holds.keep(may_be_kept, conversation=caller.conversation, caller=caller.number)
    return outcome


TOOL = Tool(
    name="check_availability",
    place=10,
    serializer=CheckAvailabilitySerializer,
    function=check_availability,
    description=(
        "Look up free times for a service. Use it before any time is offered, and again whenever"
        " the caller names another day, time of day or practitioner. Offer only times it answers."
    ),
    waiting="Let me look.",
    prompt=(
        "before you offer any time, and whenever the caller changes the day, the service or the"
        " practitioner."
    ),
)
