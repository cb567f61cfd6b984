"""Relative: a new time as it is told by the visit that moves: “an hour later”, “same day at four”.

Minutes and hours are real ones, counted in UTC; days and weeks keep the clock on the clinic's wall.
What could be two things is asked.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from assistants import hearing
from assistants.hearing import NotUnderstood, Reason, When
from assistants.tools import denials, leftovers, relative_abroad, shifts, times
from assistants.tools.shifts import DAY, IT, PLEASE, VERB, WEEK

Hear = Callable[[str], When]

# How far apart a visit's time and the one that was said of it may be.
NEAR = timedelta(minutes=30)
NOTHING = When()


@dataclass(frozen=True, slots=True)
class Window:
    """A period in which to look for times, not a time. `after` and `before` are instants, both
    excluded."""

    day: date | None = None
    after: datetime | None = None
    before: datetime | None = None
    wish: When = NOTHING


@dataclass(frozen=True, slots=True)
class TwoDays:
    """A weekday, which could be of this week or of the visit's."""

    days: tuple[date, date]


NewTime = datetime | When | Window | TwoDays

SAME_TIME = re.compile(
    r"\b(?:at )?(?:the |that |around the )?(?:very )?same (?:time|hour)(?: of day)?\b"
    r"|\bkeep(?:ing)? the (?:same )?(?:time|hour)\b"
)
SAME_DAY = re.compile(
    r"\b(?:on )?(?:the |that )?(?:very )?same (?:day|date)\b|\b(?:on )?that day\b"
    r"|\bkeep(?:ing)? the (?:same )?(?:day|date)\b|\bthat (?=(?:morning|afternoon|evening)\b)"
)
THAT_DAY = re.compile(
    r"\b(?P<side>earlier|sooner|later)\b,? ?(?:on |in )?"
    r"(?:that|the same|the|same) ?(?:same )?(?P<span>day|morning|afternoon|evening|week)\b"
)
AFTER_THAT = re.compile(
    r"\bnext (?:one|available(?: one| time)?|slot|time|opening|free one)? ?"
    r"(?:right )?(?:after|behind) (?:that|it|this|mine)\b"
    r"|\bthe (?:one|slot|time) (?:right )?after(?: that| it)?$"
    r"|^(?:the )?(?:one |slot |time |earliest |soonest |first )?(?:right |just |straight )?after"
    r"(?: (?:that|this|it|mine)(?: one)?)?$"
    r"|\bthe following (?:one|slot|time)$"
)
SOME_SIDE = re.compile(
    r"^(?:(?:something|anything|sometime|slightly|tad|any time|an?|is there|the|for|maybe|to"
    r"|time|one|slot|bit|little|possible|date|appointment|please|much|if"
    r"|can|could|would|it|be|i|we|you|have|do|make|need|any)\b ?)*"
    r"(?P<side>earlier|sooner|later)"
    r"(?: (?:times?|ones?|slots?|date|if possible|please|appointment))*$"
)
# “Push it back to eleven”: another time of the same day.
TO_A_TIME = re.compile(
    rf"^{PLEASE}{VERB} {IT}(?:back|forwards?|up|out|later|earlier)"
    rf"(?: a (?:bit|little))? (?:to|until|till) (?P<new>{denials.A_CLOCK}.*)$"
)
# “Make it eleven”, “move it to 2 pm”: the same, where the call was told no other times.
MADE = re.compile(
    rf"^{PLEASE}(?:just )?"
    r"(?:(?:make|change|switch) (?:it|that|this|my appointment|the appointment)(?: to| for| at)?"
    r"|(?:move|put|push|shift) (?:it|that|this|my appointment|the appointment) (?:to|for))"
    rf" (?P<new>(?:at )?(?:half past |(?:a )?quarter (?:past|to) )?(?:{times.HOUR}|noon)"
    r"(?: oclock)?(?: in the (?:morning|afternoon))?|(?:in )?the (?:morning|afternoon))"
    r"(?: please| thanks)*$"
)
# “Later, at two.”
LATER_AT = re.compile(
    rf"^(?:a (?:bit|little) )?(?P<side>later|earlier|sooner),? (?:at |around |like |say )*"
    rf"(?P<new>{denials.A_CLOCK}.*)$"
)
INSTEAD = re.compile(
    r"^(?P<new>.+?),? (?:instead of|rather than|and not|in place of) (?P<old>.+)$"
    r"|^(?:instead of|rather than|not) (?P<old2>[^,]+?)(?:, ?(?:but )?| but )(?P<new2>.+)$"
    r"|^(?:move|change|switch|swap) (?:it |that |this )?from (?P<old3>.+?) to (?P<new3>.+)$"
)
# “I can't do ten, can we do eleven?”, “ten doesn't work, eleven would”: eleven instead of ten.
CANNOT = re.compile(
    r"^(?:(?:sorry |so |well )*(?:i|we) (?:cant|cannot|can not|wont)(?: be able to)?"
    r" (?:do|make(?: it)?|come(?: in)?)(?: at)?"
    rf" (?P<old>{denials.A_CLOCK}[^,]*?)|(?:at )?(?P<old2>{denials.A_CLOCK}[^,]*?)"
    r" (?:(?:doesnt|wont|does not|will not) (?:work|suit)|is (?:too (?:early|late)|no good))"
    r"(?: (?:for )?me)?),? (?:so |but |and )?"
    r"(?:(?:can|could) (?:i|we|you|it) (?:do|make it|come(?: in)?(?: at)?|be(?: at)?|say) "
    r"|(?:how|what) about |is |make it |i (?:can|could) (?:do|make) |at )*"
    rf"(?P<new>{denials.A_CLOCK}[^,]*?)"
    r"(?:(?: would)?(?: (?:be|is))?(?: (?:better|fine|good|great|possible|works?|suits?|instead"
    r"|please|for me))*| would)$"
)
INSTEAD_ALONE = re.compile(
    r"^(?:(?:move|change|switch|make) (?:it|that|this|my appointment)(?: to)? )?"
    r"(?P<new>.+?),? instead$"
)
A_LITTLE = re.compile(r"\b(?:bit|little|slightly|tad)\b")
WEEKDAY = r"\b(?:mon|tue|tues|wed|weds|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b"
NAMES_WEEKDAY = re.compile(rf"(?:\bon )?{WEEKDAY}")
A_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
NAMES_DATE = re.compile(rf"\b{A_MONTH}\.? \d|\d(?:st|nd|rd|th)? (?:of )?{A_MONTH}\b|\d{{4}}-\d\d")
TELLS_WHICH = re.compile(r"\b(?:next|this|coming|following|week|tomorrow|after)\b")
STAYS = (
    r"(?:keep|keeping|leave|leaving|stick|sticking|stay|staying|remain)"
    r"(?: (?:it|that|this|with|to|on|the|for))*"
)
# In "make that Friday" it is the visit.
THAT = r"(?<!make )(?<!do )(?<!move )(?<!change )(?<!switch )(?<!put )(?<!have )(?<!is )that"
THAT_WEEKDAY = re.compile(
    rf"\b(?:(?P<stays>{STAYS}|still|(?:that |the |this )?same)|{THAT}) (?:on )?"
    rf"(?P<weekday>{WEEKDAY})"
)
OF_THAT_WEEK = re.compile(
    rf"\b(?:on )?(?P<weekday>{WEEKDAY}),? (?:of |in )?(?:that|the same) (?:same )?week\b"
)
SAME_WEEKDAY_AND_TIME = re.compile(r"\bsame (?:day|weekday) and (?:the )?(?:same )?time\b")
BUT_AT = re.compile(r",? but (?=at )")
# “The following Monday”, “the Monday after that at ten”, “the Thursday before”.
FOLLOWING = re.compile(
    rf"\bthe (?P<next>following )?(?P<weekday>{WEEKDAY})"
    r"(?(next)|,? (?:after|(?P<before>before))(?: that| it| this| then)?(?=$|,| at\b))"
)


def is_by_reference(words: str) -> bool:
    """Whether the words speak of a time by the visit that is to move."""
    text = normal(words)
    return any(
        pattern.search(text)
        for pattern in (
            *(SAME_TIME, SAME_DAY, THAT_DAY, AFTER_THAT, SOME_SIDE, INSTEAD_ALONE),
            *(THAT_WEEKDAY, FOLLOWING, OF_THAT_WEEK, TO_A_TIME, LATER_AT, shifts.MONTHS),
        )
    ) or bool(
        shifts.shift_in(text)
        or shifts.side_in(text)
        or shifts.neighbour_in(text)
        or INSTEAD.search(text)
    )


def is_made(words: str) -> bool:
    """Whether the words say only that the visit is to be at another time: “make it eleven”."""
    return bool(MADE.search(normal(words)))


def new_time(words: str, start: datetime, *, hear: Hear) -> NewTime:
    """What is meant, for a visit at `start`, which is the clinic's time; `hear` understands what
    the words say beside it. Raises NotUnderstood."""
    text = SAME_WEEKDAY_AND_TIME.sub("same time", normal(words))
    rules = (to_a_time, later_at, window, in_months, shifted, exchanged, same_day, of_its_week)
    for rule in (*rules, same_time):
        found = rule(text, start, hear)
        if found is None:
            continue
        if isinstance(found, datetime | When) and is_left_over(THAT_WEEKDAY.sub(" ", text)):
            break
        return found
    raise NotUnderstood("time", Reason.AMBIGUOUS)


# “The same day and time”, “keep the time”.
UNCHANGED = re.compile(
    rf"(?:{SAME_DAY.pattern})?(?:(?:,| and)? ?(?:{SAME_TIME.pattern}|(?:the )?(?:same )?time))"
    r"|\b(?:the )?same (?:time and (?:day|date)|slot)\b"
)


def is_unchanged(words: str, start: datetime, *, hear: Hear) -> bool:
    """Whether the visit keeps its day and its time, as for another practitioner."""
    text = normal(words)
    rest = UNCHANGED.sub(" ", text, count=1)
    is_another = shifts.shift_in(text) or shifts.neighbour_in(text) or window(text, start, hear)
    if is_another or not UNCHANGED.search(text):
        return False
    return heard(rest, hear) == NOTHING and not is_left_over(rest)


# What is said of a move, with the words that tell how far and which way.
OF_A_MOVE = {
    *" ".join([*shifts.NUMBERS, *shifts.HALVES]).replace("-", " ").split(),
    "push", "put", "move", "bring", "pull", "shift", "bump", "slide", "delay", "postpone", "back",
    "forward", "forwards", "out", "up", "ahead", "in", "later", "earlier", "sooner", "after",
    "before", "further", "by", "same", "very", "time", "hour", "date", "keep", "keeping", "stay",
    "following", "next", "previous", "instead", "rather", "than", "from", "not", "place", "switch",
    "swap", "change", "make", "appointment", "visit", "things", "them", "mine", "but", "only",
    "also", "if", "possible", "how", "what", "about", "lets", "say", "around", "reschedule",
    "rescheduled", "moved", "pushed", "prefer", "works", "best", "as", "at", "perfect", "of", "so",
    "bit", "little",
}  # fmt: skip


def is_left_over(text: str) -> bool:
    """Whether there is an unknown word beside the new time: it may negate it."""
    return leftovers.are_in(text, known=OF_A_MOVE)


def normal(words: str) -> str:
    plain = unicodedata.normalize("NFKC", words).casefold().replace("\u2019", "").replace("'", "")
    text = relative_abroad.in_english(" ".join(plain.strip(" .!?\xbf\xa1").split()))
    return CANNOT.sub(r"\g<new> instead of \g<old>\g<old2>", text)


def to_a_time(text: str, start: datetime, hear: Hear) -> When | Window | None:
    found = TO_A_TIME.search(text) or MADE.search(text)
    new = heard(found["new"], hear) if found else NOTHING
    if new.time and not new.day:
        return at_day(start.date(), new, start)
    return Window(start.date(), wish=new) if new.part else None


def later_at(text: str, start: datetime, hear: Hear) -> When | None:
    found = LATER_AT.search(text)
    new = heard(found["new"], hear) if found else NOTHING
    if found is None or new.day or not new.time:
        return None
    is_later = found["side"] == "later"
    readings = [at for at in (new.time, new.other_time) if at and at.hour >= 6]
    fitting = [at for at in readings if at != start.time() and (at > start.time()) == is_later]
    if not fitting:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return at_day(start.date(), replace(new, time=fitting[0], other_time=None), start)


def in_months(text: str, start: datetime, hear: Hear) -> Window | None:
    """“A month later”: where to look, since that day may be one on which nobody works."""
    found = shifts.months_in(text)
    if found is None:
        return None
    count, left = found
    years, month = divmod(start.month - 1 + count, 12)
    first = date(start.year + years, month + 1, 1)
    last = calendar.monthrange(first.year, first.month)[1]
    rest = heard(SAME_TIME.sub(" ", left), hear)
    if rest.day:
        raise NotUnderstood("day", Reason.SEVERAL)
    is_open = rest.time or rest.earliest or rest.latest
    wish = rest if is_open else replace(rest, time=time(start.hour, start.minute))
    return Window(first.replace(day=min(start.day, last)), wish=wish)


def window(text: str, start: datetime, hear: Hear) -> Window | None:
    """“Earlier that day”, “the next one after that”: where to look, and no time."""
    if AFTER_THAT.search(text):
        return Window(after=start)
    alone, found = SOME_SIDE.search(text), THAT_DAY.search(text)
    side = shifts.SIDES[alone["side"]] if alone else shifts.side_in(text)
    if side:
        day = start.date() if A_LITTLE.search(text) else None
        return Window(day, after=start) if side > 0 else Window(day, before=start)
    if found is None:
        return None
    rest = heard(THAT_DAY.sub(" ", text, count=1), hear)
    if rest.time:
        return None
    is_later = found["side"] == "later"
    day = None if found["span"] == "week" else start.date()
    after, before = (start, None) if is_later else (None, start)
    if day is None:
        midnight = start.replace(hour=0, minute=0)
        monday = midnight - start.weekday() * DAY
        after, before = (midnight + DAY, monday + WEEK) if is_later else (monday, midnight)
    return Window(day, after, before, wish=rest)


def shifted(text: str, start: datetime, hear: Hear) -> NewTime | None:
    found = shifts.shift_in(text) or shifts.neighbour_in(text)
    if found is None:
        return None
    if re.search(r"\bor (?!so\b|thereabouts|later|earlier|sooner|more|if )", text):
        raise NotUnderstood("time", Reason.SEVERAL)  # “an hour later or the next day”
    if denials.are_in(BUT_AT.sub(" ", text)):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    by, left = found
    beside = shifts.neighbour_in(left) if by % DAY else None  # “an hour earlier the next day”
    if beside:
        days, left = beside
        start = datetime.combine(start.date() + days, start.time(), start.tzinfo)
    rest = heard(SAME_DAY.sub(" ", SAME_TIME.sub(" ", left)), hear)
    if by % DAY:
        then = (start.astimezone(UTC) + by).astimezone(start.tzinfo)
        is_said_so = rest.time is None or then.time() in (rest.time, rest.other_time)
        if rest.day or not is_said_so:
            raise NotUnderstood("time", Reason.SEVERAL)
        return then
    day = start.date() + by
    if rest.day and rest.day != day and abs(by) == WEEK and is_open(left, hear):
        day += (rest.day.weekday() - day.weekday()) * DAY
        is_timed = rest.time or SAME_TIME.search(left)
        return at_day(day, rest, start) if is_timed else Window(day, wish=rest)
    if rest.day not in (None, day):
        raise NotUnderstood("day", Reason.SEVERAL)
    if rest.time is None and (rest.earliest or rest.latest):
        return Window(day, wish=rest)
    return at_day(day, rest, start)


def exchanged(text: str, start: datetime, hear: Hear) -> NewTime | None:
    """“Four instead of two”: the new for the old, which has to be the visit's."""
    found = INSTEAD.search(text)
    if found is None:
        alone = INSTEAD_ALONE.search(text)
        return instead(alone["new"], start, hear) if alone else None
    new_words = found["new"] or found["new2"] or found["new3"]
    old = heard(found["old"] or found["old2"] or found["old3"], hear)
    new = heard(new_words, hear)
    if not is_of(old, start) or not (new.time or new.day):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    if new.day is None:
        return at_day(start.date(), new, start)
    # Whoever names the old day, or the visit's own with another time, speaks of the visit's week.
    is_its_week = old.day or new.day.weekday() == start.weekday()
    if is_its_week and is_open(new_words, hear):
        return at_day(in_week_of(start, new.day), new, start)
    return (new.time and instead(new_words, start, hear)) or on_day(new, new_words, start, hear)


def instead(words: str, start: datetime, hear: Hear) -> NewTime | None:
    """“Four instead” is of the same day; “Friday instead” leaves the time open."""
    new = heard(words, hear)
    if new.time and new.day and is_open(words, hear):
        later = later_one(new.day, words, start, hear)
        return TwoDays((new.day, later)) if new.day < later else at_day(new.day, new, start)
    if new.time:
        return at_day(new.day or start.date(), new, start)
    if new.day or new.earliest or new.latest:
        return Window(new.day or start.date(), wish=new)
    return None


def replaces(words: str, start: datetime, *, hear: Hear) -> bool:
    """Whether they name a visit at `start` as what the new time is for: “three instead of two”."""
    found = INSTEAD.search(normal(words))
    if found is None:
        return False
    with suppress(NotUnderstood):
        return is_of(heard(found["old"] or found["old2"] or found["old3"], hear), start)
    return False


def in_week_of(start: datetime, day: date) -> date:
    """The weekday of `day`, which is the coming one, in the week of the visit; the coming one where
    that is over, or is today."""
    found = start.date() + (day.weekday() - start.weekday()) * DAY
    return day if found < day and found != start.date() else found


def later_one(day: date, words: str, start: datetime, hear: Hear) -> date:
    """The same weekday as `day` in the week of the visit; or in the next one, where `day` is today
    and the visit is not."""
    own, named = in_week_of(start, day), NAMES_WEEKDAY.search(in_english(words.casefold()))
    coming = heard(named[0], hear).day if named else None
    return coming if coming and day == own < min(coming, start.date()) else own


def is_of(old: When, start: datetime) -> bool:
    """Whether what was said of the visit is so, as callers remember it."""
    is_day = old.day is None or old.day == start.date() or old.day.weekday() == start.weekday()
    return bool(old.day or old.time) and is_day and is_near(old, start)


def is_near(when: When, start: datetime) -> bool:
    """Whether the time said, if one was, is the visit's or near to it, in either half of a day."""
    named = [at for at in (when.time, when.other_time) if at]
    return not named or any(
        abs(datetime.combine(start.date(), at) - start.replace(tzinfo=None)) <= NEAR for at in named
    )


def same_day(text: str, start: datetime, hear: Hear) -> NewTime | None:
    if not SAME_DAY.search(text) or SAME_TIME.search(text):
        return None
    rest = heard(SAME_DAY.sub(" ", text), hear)
    if rest.day not in (None, start.date()):
        raise NotUnderstood("day", Reason.SEVERAL)
    if rest.time is None:
        return Window(start.date(), wish=rest)
    return at_day(start.date(), rest, start)


def same_time(text: str, start: datetime, hear: Hear) -> NewTime | None:
    if not SAME_TIME.search(text):
        return None
    rest_words = SAME_TIME.sub(" ", text)
    rest = heard(rest_words, hear)
    if rest.time or rest.day is None:
        raise NotUnderstood("day" if rest.day is None else "time", Reason.AMBIGUOUS)
    return on_day(rest, rest_words, start, hear)


def of_its_week(text: str, start: datetime, hear: Hear) -> NewTime | None:
    """“That Friday at ten”, “still Thursday but at three”, “the following Monday, same time”,
    “Friday of that week at two”."""
    patterns = (OF_THAT_WEEK, THAT_WEEKDAY, FOLLOWING)
    found = next(filter(None, (pattern.search(text) for pattern in patterns)), None)
    if found is None:
        return None
    named = hear(found["weekday"]).day
    rest = heard(SAME_TIME.sub(" ", f"{text[: found.start()]} {text[found.end() :]}"), hear)
    if named is None or rest.day:
        raise NotUnderstood("day", Reason.SEVERAL)
    day, stays = in_week_of(start, named), found.groupdict().get("stays")
    if found.re is OF_THAT_WEEK:
        return at_day(day, rest, start) if rest.time else Window(day, wish=rest)
    if found.groupdict().get("before"):
        day -= WEEK * (day >= start.date())
        is_timed = rest.time or SAME_TIME.search(text)
        return at_day(day, rest, start) if is_timed else Window(day, wish=rest)
    if stays and day != start.date():
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    if not stays and day <= start.date():
        if found.re is THAT_WEEKDAY:
            return TwoDays((day, day + WEEK)) if day < start.date() else at_day(day, rest, start)
        day += WEEK
    if rest.time is None and not (stays or SAME_TIME.search(text)):
        return Window(day, wish=rest)
    return at_day(day, rest, start)


def is_open(words: str, hear: Hear) -> bool:
    """Whether they tell a day by its weekday alone, so that it may be in more than one week."""
    lower = words.casefold()
    if NAMES_DATE.search(lower):  # quicker than to hear it
        return False
    said = in_english(lower)
    if not NAMES_WEEKDAY.search(said) or TELLS_WHICH.search(said):
        return False
    with suppress(NotUnderstood):
        return heard(NAMES_WEEKDAY.sub(" ", said), hear).day is None
    return False


def in_english(text: str) -> str:
    """What other languages say of days, in English words; the text where it says none."""
    with suppress(NotUnderstood):
        return hearing.in_english(text) or text
    return text


def on_day(rest: When, words: str, start: datetime, hear: Hear) -> NewTime:
    """The visit's time on the day that was named. If a week was named, on the visit's weekday in
    it."""
    if rest.day is None:
        raise ValueError("a day has to be named")
    last = rest.last_day or rest.day
    if last != rest.day:
        ahead = (start.weekday() - rest.day.weekday()) % 7
        day = rest.day + ahead * DAY
        if last - rest.day >= WEEK or day > last:
            raise NotUnderstood("day", Reason.SEVERAL)
        # It is in that week already: who wants another one means the next.
        return at_day(day + WEEK if day == start.date() else day, When(), start)
    of_the_visits = in_week_of(start, rest.day)
    if is_open(words, hear) and rest.day < of_the_visits:
        return TwoDays((rest.day, of_the_visits))
    return at_day(rest.day, When(), start)


def at_day(day: date, rest: When, start: datetime) -> When:
    """The time that was said, else the visit's."""
    if rest.time is None:
        return When(day=day, time=time(start.hour, start.minute))
    return When(day=day, time=rest.time, other_time=rest.other_time, zone=rest.zone)


def heard(text: str, hear: Hear) -> When:
    """What the rest says; nothing where it has no word on days and times."""
    try:
        return hear(text)
    except NotUnderstood as error:
        if error.reason is Reason.NOTHING_HEARD:
            return When()
        raise
