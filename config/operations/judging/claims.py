"""Claims: the statements in a sentence that a caller heard, found by a separate parser.

It shares no code with `assistants.speech`: a fault there must not hide itself here. A sentence is
read piece by piece; each piece is a row of `PIECES`. A new wording is a new row.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = rf"(?:{'|'.join(MONTHS)})"
DATE = rf"{WEEKDAY},? (?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH})(?:,? \d{{4}})?"
DAY = rf"(?:on |today, |tomorrow, )*{DATE}"
CLOCK = r"\d{1,2}:\d\d [AP]M(?: (?:[A-Z]{2,5}|UTC[+-][\d:]+))?"
NAME = r"(?:Dr\. )?[^\W\d_][\w'-]*(?: [A-Z][\w'-]*)*"
SERVICE = r"an? [^,;.?]+?"
# What days and hours were searched, or are waited for: none of it claims that a time is free.
WISH = r"(?:(?:on|by|from|between|before|in|at) |today, |tomorrow, )[^.?!]+?"
REFERENCE = r"[A-Z0-9]{4,8}"
VISIT = rf"{SERVICE} {DAY} at {CLOCK} with {NAME}"
# The number of visits that did not fit into the sentence.
MORE = r"(?:; and [a-z-]+ more)?"
FOUND = rf"{VISIT}, reference {REFERENCE}"
TIMES = rf"(?:(?:{DAY} at )?{CLOCK}|, or |, | or |; or |; )+"
DIGITS = r"(?:\d ?)+"

WITH_ITS_DAY = re.compile(rf"{DAY} at {CLOCK}")

# The order matters: a specific pattern comes before a general one that would match as well.
PIECES = (
    # What was done.
    ("understood", rf"I took the day to be {DAY}\."),
    ("booked", rf"You're booked: {VISIT}\. Your reference is {REFERENCE}\."),
    ("corrected", r"I've corrected the details; it is still one visit\."),
    ("", r"That is one visit, for one person\."),
    ("moved", rf"I've moved it: {VISIT}\. Your reference is {REFERENCE}\."),
    ("is_there", rf"It is there already: {VISIT}\. Your reference is {REFERENCE}\."),
    ("cancelled", rf"I've cancelled it: {VISIT}\."),
    ("was_cancelled", rf"It was already cancelled: {VISIT}\."),
    ("cancelled_since", rf"That visit was cancelled since: {VISIT}\."),
    ("moved_since", rf"That visit has been moved since\. It is {FOUND}\."),
    ("booked_since", rf"That visit is booked again since: {FOUND}\."),
    ("called_back", rf"I've asked the clinic to call you back at the number ending in {DIGITS}\."),
    ("seen_to", r"The clinic has already seen to that call back\."),
    ("called_already", r"The clinic has several requests for a call back already, and will call\."),
    ("waiting", rf"You're on the waitlist for {SERVICE}(?: {WISH})?\."),
    ("no_longer", r"You're no longer on the waitlist for that\."),
    ("", r"The clinic will call when a time becomes free\."),
    # What the caller has.
    ("found", rf"You (?:also )?have {FOUND}(?:; (?:and )?{FOUND})*{MORE}\."),
    ("which_visit", rf"I see more than one: {VISIT}(?:; (?:or )?{VISIT})*{MORE}\."),
    ("", r"I don't see that one\."),
    ("", r"One at a time, please\."),
    ("which_visit", rf"You have {VISIT}(?:; (?:or |and )?{VISIT})*{MORE}\."),
    ("which_visit", rf"What you have is {VISIT}\."),
    ("which_visit", rf"You still have {VISIT}\."),
    ("", r"Please say “cancel it” if you no longer want it\."),
    ("", r"All right, I've changed nothing\."),
    ("", r"I can't take back a place on the waitlist or a call back, but the clinic can\."),
    ("", r"Your appointments stay as they are\."),
    ("", rf"I can move it as it is, or cancel it and book {SERVICE} instead\."),
    ("already", rf"You already have {VISIT}\."),
    ("unchangeable", rf"I can't change that one any more: {VISIT}\."),
    ("", rf"That one has been changed meanwhile, so I left it as it is: {VISIT}\."),
    ("not_found", r"I can't find an upcoming appointment with those details\."),
    ("known_as", rf"I have {NAME} at this number\."),
    ("", r"I have somebody of nearly that name already\."),
    ("", r"I have more than one patient with that name and number\."),
    # What is free, and what is not.
    ("taken", r"I'm so sorry, it looks like that specific time slot was just taken\."),
    ("taken", r"I'm so sorry, that one was just taken as well\."),
    ("on_offer", r"I'm so sorry, another caller is just being offered that specific time slot\."),
    ("offered", rf"I have {TIMES} available\."),
    ("offered", rf"For {SERVICE}(?: {DAY}| {WISH})? I have {TIMES}\."),
    ("offered", rf"The (?:next|nearest) I have is {TIMES}\."),
    ("offered", rf"Their next is {TIMES}\."),
    ("colleague", rf"(?:Sooner, )?{NAME} could see you {DAY} at {CLOCK}\."),
    ("none_open", r"I'm sorry, I have nothing open for (?:Dr\.|[^.?!])*\."),
    (
        "on_offer",
        r"I'm sorry, all I have for (?:Dr\.|[^.?!])* is just being offered to other callers\.",
    ),
    ("none_open", r"I have nothing else open that I can book\."),
    ("day_off", rf"I'm sorry, (?:nobody is here for {SERVICE}|{NAME} isn't in) {DAY}\."),
    ("no_time", rf"I'm sorry, {DAY} at {CLOCK} isn't a time I can book\."),
    ("passed", rf"(?i:{DAY})(?: at {CLOCK})? has already passed; today is {DATE}\."),
    ("too_far", rf"I'm sorry, {DAY} is further ahead than I can book\. The last day is {DAY}\."),
    ("", rf"I'm sorry, nobody here is taking appointments for {SERVICE} at the moment\."),
    ("", rf"{NAME} isn't taking appointments for {SERVICE}\. (?:{NAME}(?:, or |, | or )?)+ is\."),
    # Whether it was done.
    ("went_through", r"Yes, that went through\."),
    (
        "capped",
        r"I'm sorry, I can't book (?:another visit|visits for callers)[^.?!]*,"
        r" so this one is not booked\.",
    ),
    ("did_not", r"No, that did not go through: nothing has been changed\."),
    ("did_not", r"I have no record of your last request, so it has not been done\."),
    ("", r"Before that this went through:"),
    ("untouched", r"I haven't booked or changed anything on this call yet\."),
    ("forgotten", r"I no longer have that on record\."),
    ("unknown_end", r"[^.?!]*\bI can't tell yet\b[^.?!]*\."),
    ("unknown_end", r"I'm still working on what you asked before\."),
    ("nothing_done", r"[^.?!]*\bnothing has been (?:booked or )?changed\b[^.?!]*\."),
    ("nothing_done", r"[^.?!]*\bnothing has been booked\b[^.?!]*\."),
    # What is asked of the caller, or told of the clinic. None of it speaks of a visit.
    (
        "",
        r"Please (?:give me a moment, then )?ask me again(?: in a moment and I'll check)?"
        r"(?:, or shall the clinic call you back\?|\.)",
    ),
    ("", r"Please tell me the patient's name\."),
    ("", r"If it is for them, please say the name as it was given before\."),
    ("", r"I can't check that from here\."),
    (
        "",
        r"I'm so sorry, I'm having trouble[^.?!]* right now and can't look that up\.",
    ),
    ("", r"I'm sorry, that was more than I can take in at once\."),
    ("", r"I'm sorry, I can't put (?:another visit|callers) on the waitlist [^.?!]*\."),
    ("", r"I'm sorry, I can't note another call back from a caller without a number right now\."),
    ("", r"I still need [^.?!]*\."),
    ("", r"I'm sorry, I still don't have [^.?!]*\."),
    ("", r"(?:If it is for somebody else, p|P)lease (?:say|spell|tell me one) [^.?!]*\."),
    ("", r"Let me tell you what is free\."),
    ("", r"I heard the e-mail address [^?]*, is that right\?"),
    ("", r"I've noted the e-mail address\."),
    ("", r"I still don't have the e-mail address, and we can do without it\."),
    ("", r"Please tell the clinic your e-mail address at the visit\."),
    ("", r"Please call the clinic (?:at [plus\d ]+|again during its opening hours)\."),
    ("", r"If this is an emergency, please hang up and call [^.?!]+ now\."),
    ("", r"I'm sorry\."),
    ("", r"I'm sorry, the details didn't come through\."),
    ("", r"That weekday and that date don't go together\."),
    ("", r"I can see to one person at a time\."),
    ("", r"I can't see a number for this call\."),
    ("", r"I didn't catch which days suit\."),
    ("", r"(?:That date isn't in the calendar|That date is too far away)\."),
    ("", r"The clocks skip that time on that day\."),
    ("", r"(?:I heard more than one|That day hasn't come yet)\."),
    ("", r"Our times are the clinic's own\."),
    ("", r"I can book one visit at a time\."),
    ("", r"I (?:didn't catch|didn't get|didn't quite catch) [^.?!]*\."),
    ("", r"(?:That fits more than one|I'm not sure which visit that is)\."),
    ("", r"(?:More than one has that name|I don't know that name)\."),
    ("", r"I can't choose a practitioner by that\."),
    ("", rf"For {SERVICE} there is only (?:{NAME}(?:, or |, | or )?)+\."),
    ("", r"(?:We offer|You can see) [^?!]*?(?<!Dr)\.(?= [A-Z]|$)"),
    ("", r"The clinic is (?:open|closed) [^?!]*?\.(?= |$)"),
    ("", r"(?:It is open|They are here) [^?!]*?\.(?= |$)"),
    ("", rf"{NAME} is (?:here|away) (?:on|today|tomorrow)[^?!]*?\.(?= |$)"),
    ("", rf"{NAME} has no hours in the two weeks from [^.?!]*\."),
    ("", rf"{NAME} does [^?!]*? minutes\.(?= |$)"),
    ("", rf"For {SERVICE} you can see (?:{NAME}(?:, or |, | or )?)+\."),
    ("", rf"{NAME}(?:, {NAME})*\."),
    ("", r"The rest I don't know, I'm afraid\."),
    ("", r"I can look (?:for free times|up your appointments for that)\."),
    ("", r"There are no opening hours in the two weeks from [^.?!]*\."),
    ("", r"I don't know that, I'm afraid\."),
    ("", r"Nobody can take the call right now\."),
    ("", r"I'm sorry, I can't put calls through from here\."),
    ("", r"(?:The one line I can put you through to is for|I can put you through about) [^.?!]*\."),
    ("", r"That is the clinic's own number\."),
    ("", r"The clinic can't call numbers of that kind\."),
    ("", r"The number for that is [plus\d ]+\."),
    ("", r"There is no such tool at this clinic\. Tell the caller [^?!]*?\.(?= |$)"),
    # A question claims nothing.
    ("", r"(?:Could|Do|Does|Is|Shall|What|When|Which|Who|Whose|Will|Would) [^.?!]*\?"),
)
COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in PIECES)

KNOWN_AS = re.compile(rf"I have (?P<name>{NAME}) at this number\.")
# Whose times are read as well.
TIMED = {"offered", "colleague", "no_time"}
COLLEAGUE = re.compile(rf"(?:Sooner, )?(?P<who>{NAME}) could see you")
VISIT_PARTS = re.compile(
    rf"\ban? (?P<service>[^,;.?]+?) (?P<day>{DAY}) at (?P<clock>{CLOCK}) with (?P<who>{NAME})"
    rf"(?:, reference (?P<reference>{REFERENCE})|\. Your reference is (?P<told>{REFERENCE}))?"
)
DATE_PARTS = re.compile(
    rf"{WEEKDAY},? (?:(?P<month>{MONTH}) (?P<day>\d+)|(?P<day_first>\d+) (?P<month_second>{MONTH}))"
    r"(?:,? (?P<year>\d{4}))?"
)
CLOCK_PARTS = re.compile(r"(\d{1,2}):(\d\d) ([AP])M")
TOKENS = re.compile(rf"(?P<date>{DATE})|(?P<clock>{CLOCK})")


@dataclass(frozen=True, slots=True)
class SaidVisit:
    """A visit as it was told. `start` is UTC; `reference` is empty where none was told."""

    service: str
    start: datetime
    practitioner: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of a sentence. `kind` is a row's of `PIECES`, `text` the words themselves.

    `times` are those of an offer (UTC); `day` the first day named.
    """

    kind: str
    text: str
    visits: tuple[SaidVisit, ...] = ()
    times: tuple[datetime, ...] = ()
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence, read. `unknown` is what no row of `PIECES` fits, from there to the end."""

    claims: tuple[Claim, ...]
    unknown: str = ""

    @property
    def kinds(self) -> set[str]:
        return {claim.kind for claim in self.claims if claim.kind}


def read(sentence: str, *, now: datetime, day: date | None = None) -> Heard:
    """The claims of `sentence`, heard at `now` (the org's time).

    `day` is the day that was asked about: a time told without a day is on it.
    """
    claims: list[Claim] = []
    rest = " ".join(sentence.split())
    while rest:
        claim = first_piece(rest, now=now, day=day)
        if claim is None:
            return Heard(tuple(claims), unknown=rest)
        claims.append(claim)
        rest = rest[len(claim.text) :].lstrip()
    return Heard(tuple(claims))


def first_piece(text: str, *, now: datetime, day: date | None) -> Claim | None:
    for kind, pattern in COMPILED:
        if (match := pattern.match(text)) and match.group():
            return claim_of(kind, match.group(), now=now, day=day)
    return None


def claim_of(kind: str, text: str, *, now: datetime, day: date | None) -> Claim:
    named = DATE_PARTS.search(text)
    return Claim(
        kind,
        text,
        visits=tuple(visit_of(match, now) for match in VISIT_PARTS.finditer(text)),
        times=tuple(times_in(text, now=now, day=day)) if kind in TIMED else (),
        day=date_of(named, now) if named else None,
    )


def visit_of(match: re.Match[str], now: datetime) -> SaidVisit:
    day = DATE_PARTS.search(match["day"])
    if day is None:
        raise ValueError("a visit is told with its day")
    return SaidVisit(
        service=match["service"],
        start=instant(date_of(day, now), match["clock"], now),
        practitioner=match["who"],
        reference=match["reference"] or match["told"] or "",
    )


def times_in(text: str, *, now: datetime, day: date | None) -> list[datetime]:
    """Each time with the day named before it, or with the day that was asked about. What was
    searched for, “by Friday, December 4 from 3:00 PM on”, is not offered."""
    found = []
    _, searched, offered = text.partition(" I have ")
    if searched and WITH_ITS_DAY.match(offered):
        text = offered
    for token in TOKENS.finditer(text):
        if token["date"] and (named := DATE_PARTS.match(token["date"])):
            day = date_of(named, now)
        elif token["clock"] and day:
            found.append(instant(day, token["clock"], now))
    return found


def date_of(match: re.Match[str], now: datetime) -> date:
    """A day told without its year is the next one, today included."""
    month = MONTHS.index(match["month"] or match["month_second"]) + 1
    number = int(match["day"] or match["day_first"])
    if match["year"]:
        return date(int(match["year"]), month, number)
    today = now.date() - timedelta(days=1)  # it may have been told just before midnight
    this_year = date(today.year, month, number)
    return this_year if this_year >= today else date(today.year + 1, month, number)


def instant(day: date, clock: str, now: datetime) -> datetime:
    match = CLOCK_PARTS.match(clock)
    if match is None:
        raise ValueError("a time is told by the clock")
    hour = int(match[1]) % 12 + (12 if match[3] == "P" else 0)
    local = datetime(day.year, day.month, day.day, hour, int(match[2]), tzinfo=now.tzinfo)
    return local.astimezone(UTC)
