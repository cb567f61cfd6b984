"""Speech: the one place where an outcome becomes the sentence a caller hears.

A sentence is one line, at most 350 characters, with weekday, date and a 12-hour time, and ends in
the next step. It holds nothing a caller said: read aloud, that could be taken for an instruction.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from assistants.outcomes import (
    AskedAgain,
    AskedElsewhere,
    CallbackRequested,
    CallbacksCapped,
    CalledBack,
    ChangedSince,
    ClinicAnswers,
    ClinicDays,
    ClinicHours,
    ClinicNote,
    ClinicOffers,
    ClinicPeople,
    DayPassed,
    Fault,
    Forgotten,
    Found,
    Garbled,
    NeverDone,
    NoOpenings,
    NothingDone,
    NothingFound,
    NotLookedUp,
    NotOnRecord,
    NotProven,
    Openings,
    StillWorking,
    TakenAgain,
    ToldAgain,
    ToolOutcome,
    TooMuch,
    Transfer,
    Uncertain,
    Unclear,
    Understood,
    UnknownTool,
    VisitsCapped,
    Waiting,
    WaitingNoLonger,
    WaitlistCapped,
    WhichAppointment,
    WhichDay,
    Whose,
    WhoseAppointment,
    WithEmail,
)
from assistants.speech import asking
from assistants.speech.wording import (
    LONGEST,
    article,
    by_day,
    clip,
    clock,
    counted,
    full_day,
    is_sayable,
    listed,
    moment,
    names,
    near_day,
    on_day,
    on_moment,
    one_line,
    sentence_case,
    spelled,
    wish_words,
)
from assistants.tools import addresses
from bookings.availability import slots
from bookings.availability.hours import Period
from bookings.availability.slots import Slot
from bookings.models import Appointment, Patient
from bookings.outcomes import (
    MOST_BESIDE,
    AlikePatient,
    AlreadyBooked,
    Booked,
    Busy,
    Cancelled,
    NobodyOffers,
    NotChangeable,
    OutsideHours,
    Rescheduled,
    SlotPassed,
    SlotTaken,
    Stale,
    TooFarAhead,
    Wanted,
    WhichPatient,
)

FAULT = (
    "I'm so sorry, I'm having trouble with our booking system right now, so nothing has been"
    " booked or changed. Could you try again in a moment, or shall the clinic call you back?"
)
# Where it is under way, or nothing can be looked up: an earlier copy may be done all the same.
UNCERTAIN = (
    "I'm so sorry, I'm having trouble with our booking system right now and I can't tell yet"
    " whether that went through. Please ask me again in a moment and I'll check, or shall the"
    " clinic call you back?"
)
NOT_LOOKED_UP = (
    "I'm so sorry, I'm having trouble with our booking system right now and can't look that up."
    " Could you try again in a moment, or shall the clinic call you back?"
)
NOT_ON_THIS_LINE = (
    "I'm sorry, I can't connect you at the moment. Please call the clinic again later."
)
WRONG_LINE = "I'm sorry, I can't help you on this line. Please call the clinic on another one."
PUTTING_THROUGH = "One moment, I'm putting you through."


Visits = (
    Booked
    | Rescheduled
    | Cancelled
    | NotChangeable
    | ChangedSince
    | Stale
    | Found
    | WhichAppointment
)
Refusals = (
    AlreadyBooked
    | SlotTaken
    | TakenAgain
    | OutsideHours
    | SlotPassed
    | TooFarAhead
    | NobodyOffers
    | Busy
)
Times = Openings | NoOpenings | DayPassed | WhichDay
People = WhichPatient | AlikePatient | WhoseAppointment | NothingFound | NotProven
Requests = (
    ToldAgain
    | NothingDone
    | NeverDone
    | NotOnRecord
    | CallbackRequested
    | CalledBack
    | Waiting
    | WaitingNoLonger
)
Caps = VisitsCapped | WaitlistCapped | CallbacksCapped
Facts = ClinicHours | ClinicDays | ClinicOffers | ClinicPeople | ClinicNote
Clinic = Facts | ClinicAnswers | AskedElsewhere | Transfer
Faults = (
    Unclear
    | UnknownTool
    | Garbled
    | TooMuch
    | StillWorking
    | Forgotten
    | Fault
    | Uncertain
    | NotLookedUp
)


def say(outcome: ToolOutcome, *, now: datetime) -> str:
    """The sentence for `outcome`, in the time and manner of the org that is current."""
    return one_line(words_for(outcome, now=now))


def first(urgent: str, sentence: str, *, brief: str = "") -> str:
    """`urgent` and as much of `sentence` as there is room for, in whole sentences.

    What was done is never left out: `brief` is said in place of an `urgent` that leaves no room for
    it, and what was done then stands before all the rest.
    """
    parts = ENDS_OF_SENTENCES.split(sentence)
    done = [part for part in parts if TELLS_WHAT_WAS_DONE.match(part)]
    rest = [part for part in parts if part not in done]
    brief = brief or urgent
    for opening, said in ((urgent, parts), (brief, parts), (brief, [*done, *rest])):
        told = one_line(opening)
        for part in said:
            if len(told) + 1 + len(part) > LONGEST:
                break
            told = f"{told} {part}"
        if all(part in told for part in done):
            break
    return told


# Where the next sentence begins: not behind “Dr.” and its like, nor behind “a.m.”.
ENDS_OF_SENTENCES = re.compile(r"(?:(?<=[a-z\d]{3}[.?!])|(?<=[AP]M\.)) (?=[A-Z])")
TELLS_WHAT_WAS_DONE = re.compile(
    r"(?:You're booked|Your reference is|I've (?:moved|cancelled) it"
    r"|It (?:is there already|was already cancelled)|I've asked the clinic to call you back"
    r"|You're on the waitlist)\b"
)


def words_for(outcome: ToolOutcome, *, now: datetime) -> str:
    match outcome:
        case Understood() | AskedAgain() | WithEmail():
            return about_words(outcome, now)
        case (
            Booked()
            | Rescheduled()
            | Cancelled()
            | NotChangeable()
            | ChangedSince()
            | Stale()
            | Found()
            | WhichAppointment()
        ):
            return about_visits(outcome, now)
        case (
            AlreadyBooked()
            | SlotTaken()
            | TakenAgain()
            | OutsideHours()
            | SlotPassed()
            | TooFarAhead()
            | NobodyOffers()
            | Busy()
        ):
            return about_refusals(outcome, now)
        case Openings() | NoOpenings() | DayPassed() | WhichDay():
            return about_openings(outcome, now)
        case WhichPatient() | AlikePatient() | WhoseAppointment() | NothingFound() | NotProven():
            return about_people(outcome)
        case (
            ToldAgain()
            | NothingDone()
            | NeverDone()
            | NotOnRecord()
            | CallbackRequested()
            | CalledBack()
            | Waiting()
            | WaitingNoLonger()
        ):
            return about_requests(outcome, now)
        case VisitsCapped() | WaitlistCapped() | CallbacksCapped():
            return about_caps(outcome)
        case (
            ClinicHours()
            | ClinicDays()
            | ClinicOffers()
            | ClinicPeople()
            | ClinicNote()
            | ClinicAnswers()
            | AskedElsewhere()
            | Transfer()
        ):
            return about_clinic(outcome, now)
        case (
            Unclear()
            | UnknownTool()
            | Garbled()
            | TooMuch()
            | StillWorking()
            | Forgotten()
            | Fault()
            | Uncertain()
            | NotLookedUp()
        ):
            return about_faults(outcome)
        case _:
            assert_never(outcome)


def about_words(outcome: Understood | AskedAgain | WithEmail, now: datetime) -> str:
    """How the caller's words were understood, or that they were not again."""
    match outcome:
        case Understood(day=day, outcome=inner):
            return f"I took the day to be {full_day(day)}. {words_for(inner, now=now)}"
        case AskedAgain():
            return asked_once_more(outcome, now)
        case WithEmail(outcome=booked):
            return with_email(words_for(booked, now=now), outcome)
        case _:
            assert_never(outcome)


def with_email(booked: str, outcome: WithEmail) -> str:
    """Behind the booking, which is made, what becomes of the e-mail address."""
    if outcome.is_noted:
        return f"{booked} I've noted the e-mail address."
    if not outcome.address:
        return f"{booked} {asking.for_email(outcome.before)}"
    said = addresses.spoken(outcome.address)
    whole = f"{booked} I heard the e-mail address {said}, is that right?"
    fits = addresses.is_sayable(outcome.address) and len(whole) <= LONGEST_READ_BACK
    return whole if fits else f"{booked} {asking.EMAIL_UNSAID}"


# With room before it for “I took the day to be …” or “Yes, that went through.”
LONGEST_READ_BACK = 290


def reads_back(outcome: ToolOutcome, sentence: str) -> bool:
    """Whether `sentence` reads an e-mail address back."""
    while isinstance(outcome, Understood):
        outcome = outcome.outcome
    if not isinstance(outcome, WithEmail) or not outcome.address:
        return False
    return f"{addresses.spoken(outcome.address)}, is that right?" in sentence


def asked_once_more(outcome: AskedAgain, now: datetime) -> str:
    """How to say it, and the next time something else to do: by turns."""
    if outcome.openings:
        told = about_openings(outcome.openings, now)
        whole = f"Let me tell you what is free. {told}"
        return whole if len(whole) <= LONGEST else told
    known = asking.statement(words_for(outcome.outcome, now=now))
    match outcome.outcome:
        case Unclear(services=services) if outcome.subject == "service" and OFFERED not in known:
            known = f"{known} {OFFERED} {names(services)}."
    if outcome.before % 2:
        return f"{known} {asking.how_to_say(outcome.subject)}"
    if isinstance(outcome.outcome, Unclear | WhoseAppointment | AlikePatient):
        known = asking.still_without(outcome.subject)
    return f"{known} {asking.way_out(outcome.subject, outcome.way_out)}"


OFFERED = "We offer"


def about_visits(outcome: Visits, now: datetime) -> str:
    """What the caller has, or has no longer."""
    match outcome:
        case Booked(appointment=appointment, corrected=corrected):
            put_right = " I've corrected the details; it is still one visit." if corrected else ""
            return (
                f"You're booked: {visit(appointment, now, whole=True)}."
                f" Your reference is {appointment.reference}.{put_right}"
            )
        case Rescheduled(appointment=appointment, moved=moved):
            now_is = "I've moved it" if moved else "It is there already"
            return (
                f"{now_is}: {visit(appointment, now, whole=True)}."
                f" Your reference is {appointment.reference}."
            )
        case Cancelled(appointment=appointment, again=again):
            done = "It was already cancelled" if again else "I've cancelled it"
            return f"{done}: {visit(appointment, now)}. Is there anything else I can do for you?"
        case NotChangeable(appointment=appointment):
            return (
                f"I can't change that one any more: {visit(appointment, now)}."
                " Would you like a new appointment, or a call back from the clinic?"
            )
        case ChangedSince():
            return changed_since(outcome, now)
        case Stale(appointment=appointment):
            return (
                "That one has been changed meanwhile, so I left it as it is:"
                f" {visit(appointment, now)}. What would you like to do?"
            )
        case Found():
            return found_ahead(outcome, now)
        case WhichAppointment():
            return which_visit(outcome, now)
        case _:
            assert_never(outcome)


def found_ahead(outcome: Found, now: datetime) -> str:
    visits = [f"{visit(row, now)}, reference {row.reference}" for row in outcome.appointments]
    told, left = counted(visits, word="and")
    also = "also " if outcome.is_rest else ""
    return f"You {also}have {told}. {TELL_THE_REST if left else 'Is it about that?'}"


TELL_THE_REST = "Shall I tell you the rest?"


def which_visit(outcome: WhichAppointment, now: datetime) -> str:
    visits = [visit(row, now) for row in outcome.appointments]
    told, _ = counted(visits)
    if not outcome.is_another:
        return f"I see more than one: {told}. Which one do you mean?"
    which = "Do you mean that one?" if len(visits) == 1 else "Which one do you mean?"
    return f"I don't see that one. You have {told}. {which}"


def changed_since(outcome: ChangedSince, now: datetime) -> str:
    row = outcome.appointment
    if row.status == Appointment.Status.CANCELLED:
        return f"That visit was cancelled since: {visit(row, now)}. Shall I book it again?"
    if not row.occupies:
        return about_visits(NotChangeable(row), now)
    stands = f"{visit(row, now)}, reference {row.reference}"
    if outcome.was_cancelled:
        return f"That visit is booked again since: {stands}. Shall I cancel it?"
    return f"That visit has been moved since. It is {stands}. Does that suit you?"


def about_refusals(outcome: Refusals, now: datetime) -> str:
    """Why a time was not booked, and what is open instead."""
    match outcome:
        case AlreadyBooked(appointment=appointment):
            return (
                f"You already have {visit(appointment, now)}. Would you like to move it,"
                " or another time for this one?"
            )
        case SlotTaken():
            return taken(outcome, now)
        case TakenAgain(outcome=latest):
            return taken_again(latest, now)
        case OutsideHours(wanted=wanted, alternatives=alternatives):
            why = (
                day_off(wanted, now)
                if outcome.is_day_off
                else f"{moment(wanted.start, now)} isn't a time I can book"
            )
            told = offer(alternatives, wanted.start, now, colleague=outcome.colleague)
            return f"I'm sorry, {why}. {told}"
        case SlotPassed(wanted=wanted):
            return (
                f"{sentence_case(moment(wanted.start, now))} has already passed; today is"
                f" {full_day(now.date())}. Which day and time would you like instead?"
            )
        case TooFarAhead(wanted=wanted, last=last):
            day = wanted.start.astimezone(now.tzinfo).date()
            return (
                f"I'm sorry, {full_day(day)} is further ahead than I can book."
                f" The last day is {full_day(last.astimezone(now.tzinfo).date())}."
                " Which day would you like?"
            )
        case NobodyOffers(wanted=wanted, practitioners=practitioners):
            return nobody_offers(wanted.service, wanted.practitioner, practitioners)
        case Busy():
            return (
                "I'm so sorry, the diary is very busy this very moment and nothing has been"
                " booked or changed yet. Shall I try that again?"
            )
        case _:
            assert_never(outcome)


def taken(outcome: SlotTaken, now: datetime) -> str:
    why = (
        "another caller is just being offered that specific time slot"
        if outcome.on_offer
        else "it looks like that specific time slot was just taken"
    )
    told = offer(outcome.alternatives, outcome.wanted.start, now, colleague=outcome.colleague)
    return f"I'm so sorry, {why}. {told}"


def taken_again(latest: SlotTaken, now: datetime) -> str:
    """With a way out of asking on; where there is nothing to offer, that is one already."""
    otherwise = ", or shall the clinic call you back" if latest.alternatives else ""
    told = offer(
        latest.alternatives,
        latest.wanted.start,
        now,
        otherwise=otherwise,
        colleague=latest.colleague,
    )
    return f"I'm so sorry, that one was just taken as well. {told}"


def day_off(wanted: Wanted, now: datetime) -> str:
    """“nobody is here for a cleaning on Saturday, December 5”; of one practitioner, by name."""
    day = on_day(wanted.start.astimezone(slots.zone_of(now)).date(), now)
    if wanted.practitioner:
        return f"{clip(wanted.practitioner)} isn't in {day}"
    return f"nobody is here for {article(wanted.service)} {day}"


def about_openings(outcome: Times, now: datetime) -> str:
    """What is open."""
    match outcome:
        case Openings():
            return openings(outcome, now)
        case NoOpenings():
            return no_openings(outcome, now)
        case DayPassed(day=day):
            return (
                f"{full_day(day)} has already passed; today is {full_day(now.date())}."
                " Which day would you like?"
            )
        case WhichDay(days=days, is_choice=True):
            told = listed([near_day(day, now) for day in days], separator="; ")
            return f"Which day would you like: {told}?"
        case WhichDay(days=days):
            return f"Is that {listed([near_day(day, now) for day in days])}?"
        case _:
            assert_never(outcome)


def about_people(outcome: People) -> str:
    """Whom it is about, when that is not clear."""
    match outcome:
        case WhichPatient():
            return (
                "I have more than one patient with that name and number."
                " What is the patient's date of birth?"
            )
        case AlikePatient(patient=patient):
            return alike(patient)
        case WhoseAppointment():
            return "Whose appointment is it? Please tell me the patient's name."
        case NothingFound() | NotProven():
            return (
                "I can't find an upcoming appointment with those details. Could you tell me the"
                " reference and the patient's date of birth, or shall the clinic call you back?"
            )
        case _:
            assert_never(outcome)


def alike(patient: Patient) -> str:
    """The name on record is told to its own number alone, and only what is plainly a name."""
    if patient.is_verified and is_sayable(patient.name):
        return f"I have {patient.name} at this number. Is the visit for them, or for somebody else?"
    return (
        "I have somebody of nearly that name already. Is the visit for somebody else? If it is for"
        " them, please say the name as it was given before."
    )


def about_requests(outcome: Requests, now: datetime) -> str:
    """What was asked of the clinic, and what came of it."""
    match outcome:
        case ToldAgain(sentence=sentence):
            return f"Yes, that went through. {sentence}"
        case NothingDone(tried=tried):
            if tried:
                return "No, that did not go through: nothing has been changed. Shall I try again?"
            return (
                "I haven't booked or changed anything on this call yet. What would you like to do?"
            )
        case NeverDone(before=before):
            lost = "I have no record of your last request, so it has not been done."
            stands = f" Before that this went through: {QUESTION.sub('', before)}" if before else ""
            return f"{lost}{stands} Shall I try the last one again?"
        case NotOnRecord():
            return "I can't check that from here. Shall I look up your appointments instead?"
        case CallbackRequested(phone=phone):
            ending = spelled(phone[-4:])
            return (
                f"I've asked the clinic to call you back at the number ending in {ending}."
                " Is there anything else?"
            )
        case CalledBack():
            return (
                "The clinic has already seen to that call back. Shall I ask them to call you again?"
            )
        case WaitingNoLonger():
            return "You're no longer on the waitlist for that. Shall I put you on it again?"
        case Waiting(service=service, wish=wish):
            what = " ".join(filter(None, [article(service), wish_words(wish, now)]))
            return (
                f"You're on the waitlist for {what}. The clinic will call when a time"
                " becomes free. Is there anything else?"
            )
        case _:
            assert_never(outcome)


QUESTION = re.compile(r" [^.?!]*\?$")


def about_caps(outcome: Caps) -> str:
    """What people at the clinic have to decide on."""
    match outcome:
        case VisitsCapped(whose=whose):
            return (
                f"I'm sorry, I can't book {CAPPED_VISIT[whose]}, so this one is not booked."
                f" {ABOUT_IT}"
            )
        case WaitlistCapped(whose=whose):
            return f"I'm sorry, I can't put {CAPPED_PLACE[whose]}. {ABOUT_IT}"
        case CallbacksCapped(is_known=True):
            return f"{WILL_CALL} Is there anything else?"
        case CallbacksCapped():
            return (
                "I'm sorry, I can't note another call back from a caller without a number right"
                f" now. {other_way(outcome)}"
            )
        case _:
            assert_never(outcome)


CAPPED_VISIT = {
    Whose.CALLER: "another visit for you myself",
    Whose.NUMBER_SAID: "another visit for that number myself",
    Whose.WITHHELD: "visits for callers whose own number I can't see just now",
}
CAPPED_PLACE = {
    Whose.CALLER: "another visit on the waitlist for you myself",
    Whose.NUMBER_SAID: "another visit on the waitlist for that number myself",
    Whose.WITHHELD: "callers on the waitlist whose own number I can't see just now",
}
ABOUT_IT = "Shall the clinic call you back about it?"
WILL_CALL = "The clinic has several requests for a call back already, and will call."
# A call back that is offered by itself, and one that is the other choice of a question.
ALONE = re.compile(
    r"(?:Shall (?:the clinic|they|I ask them to)|Would you like the clinic to)"
    r" call you (?:back(?: about it)?|again)\?$"
)
BESIDES = re.compile(r", or (?:shall the clinic call you back|a call back from the clinic)(?=\?$)")


def offers_a_call_back(sentence: str) -> bool:
    return bool(ALONE.search(sentence) or BESIDES.search(sentence))


def without_a_call_back(sentence: str, refused: CallbacksCapped) -> str:
    """`sentence` without the offer of a call back that would be refused, with another way."""
    if ALONE.search(sentence):
        return one_line(ALONE.sub(other_way(refused), sentence))
    return BESIDES.sub("", sentence)


def other_way(refused: CallbacksCapped) -> str:
    """What a caller can do who cannot have a call back."""
    if refused.is_known:
        return f"{WILL_CALL} Is there anything else?"
    if refused.can_put_through:
        return "Shall I put you through to the clinic instead?"
    return "Could you call again from a phone that shows its number?"


def about_clinic(outcome: Clinic, now: datetime) -> str:
    """What the clinic is like, and whom to talk to."""
    match outcome:
        case ClinicHours() | ClinicDays():
            return fact(outcome, now)
        case ClinicOffers() if known(outcome):
            return f"{fact(outcome, now)} Would you like to book one?"
        case ClinicOffers() | ClinicPeople() | ClinicNote():
            return f"{fact(outcome, now)} Is there anything else?" if known(outcome) else NOT_KNOWN
        case ClinicAnswers(answers=answers, is_whole=is_whole):
            told = [fact(answer, now) for answer in answers]
            return fitted(told, "Is there anything else?" if is_whole else REST_NOT_KNOWN)
        case AskedElsewhere(is_own_visit=True):
            return "I can look up your appointments for that. Shall I?"
        case AskedElsewhere():
            return "I can look for free times. What is the visit for?"
        case Transfer():
            return transfer(outcome, now)
        case _:
            assert_never(outcome)


def known(outcome: ClinicOffers | ClinicPeople | ClinicNote) -> bool:
    match outcome:
        case ClinicOffers(services=told) | ClinicPeople(names=told):
            return bool(told)
        case ClinicNote(text=text):
            return bool(text)


def fact(outcome: Facts, now: datetime) -> str:
    """What is so, in a sentence that asks nothing."""
    match outcome:
        case ClinicHours():
            return hours(outcome, now)
        case ClinicDays():
            return hours_by_day(outcome, now)
        case ClinicOffers(services=services, practitioner=who):
            offers = listed(
                [f"{clip(name)}, {minutes} minutes" for name, minutes in services],
                word="and",
                separator="; ",
            )
            return f"{clip(who)} does {offers}." if who else f"We offer {offers}."
        case ClinicPeople(names=people, service=service):
            if service:
                return f"For {article(service)} you can see {names(people)}."
            return f"{', '.join(map(clip, people))}."
        case ClinicNote(text=text):
            return f"{text.rstrip('.')}."
        case _:
            assert_never(outcome)


def fitted(told: Sequence[str], ending: str) -> str:
    """As many of the answers as there is room for, and at least one."""
    answers = list(told)
    while len(answers) > 1 and len(" ".join([*answers, ending])) > LONGEST:
        answers, ending = answers[:-1], "Shall I tell you the rest?"
    return " ".join([*answers, ending])


def about_faults(outcome: Faults) -> str:
    """What we did not understand, or could not do."""
    match outcome:
        case Unclear(problems=problems, services=services, practitioners=practitioners):
            return question(problems, services, practitioners)
        case UnknownTool():
            return (
                "There is no such tool at this clinic. Tell the caller you can find, book, move"
                " and cancel appointments, and ask which they would like."
            )
        case Garbled():
            return "I'm sorry, the details didn't come through. Could you tell me them once more?"
        case TooMuch():
            return (
                "I'm sorry, that was more than I can take in at once."
                " Could you tell me what you need in a few words?"
            )
        case StillWorking():
            return (
                "I'm still working on what you asked before."
                " Please give me a moment, then ask me again."
            )
        case Forgotten():
            return "I no longer have that on record. What would you like to do?"
        case Fault():
            return FAULT
        case Uncertain():
            return UNCERTAIN
        case NotLookedUp():
            return NOT_LOOKED_UP
        case _:
            assert_never(outcome)


NOT_KNOWN = "I don't know that, I'm afraid. Shall the clinic call you back about it?"
REST_NOT_KNOWN = "The rest I don't know, I'm afraid. Shall the clinic call you back about it?"


def visit(appointment: Appointment, now: datetime, *, whole: bool = False) -> str:
    """“a cleaning on Thursday, December 3 at 2:30 PM with Dr. Moss”; the `whole` date of what was
    just agreed on, for a year is what models get wrong."""
    what, who = article(str(appointment.service)), clip(str(appointment.practitioner))
    day = on_day(appointment.start.astimezone(slots.zone_of(now)).date(), now, whole=whole)
    return f"{what} {day} at {clock(appointment.start, now)} with {who}"


def transfer(outcome: Transfer, now: datetime) -> str:
    """Whom the caller can be put through to, or what there is instead."""
    if not outcome.has_numbers:
        return "I'm sorry, I can't put calls through from here. Shall the clinic call you back?"
    if outcome.topics and outcome.phone:
        return (
            f"The one line I can put you through to is for {names(outcome.topics)}."
            " Shall I do that, or shall the clinic call you back?"
        )
    if outcome.topics:
        return (
            f"I can put you through about {names(outcome.topics)}."
            " Which is it, or shall the clinic call you back?"
        )
    if outcome.phone:
        return f"The number for that is {spelled(outcome.phone)}. Shall I put you through?"
    closed = f"Nobody can take the call right now. {hours(outcome.hours, now)}"
    return f"{closed} Shall they call you back?"


def hours(outcome: ClinicHours, now: datetime) -> str:
    who = clip(outcome.practitioner)
    if not outcome.periods:
        what = f"{who} has no hours" if who else "There are no opening hours"
        return f"{what} in the two weeks from {near_day(outcome.asked, now)}."
    opened = f"{on_day(outcome.day, now)} {stretches(outcome.periods, now)}."
    is_open, is_closed = attendance(who)
    if outcome.asked in (outcome.day, now.date()):
        return f"{is_open} {opened}"
    again = "They are here" if who else "It is open"
    return f"{is_closed} {on_day(outcome.asked, now)}. {again} {opened}"


def attendance(who: str) -> tuple[str, str]:
    """How being there and not being there are said, of a practitioner or of the clinic."""
    if who:
        return f"{who} is here", f"{who} is away"
    return "The clinic is open", "The clinic is closed"


def stretches(periods: Sequence[Period], now: datetime) -> str:
    told = [f"from {clock(start, now)} to {clock(end, now)}" for start, end in periods]
    return listed(told, word="and")


def hours_by_day(outcome: ClinicDays, now: datetime) -> str:
    """Days in a row with the same hours are told together, closed ones last."""
    is_open, is_closed = attendance(clip(outcome.practitioner))
    runs: list[tuple[str, list[date]]] = []
    for day, periods in outcome.days:
        told = stretches(periods, now)
        if runs and runs[-1][0] == told and runs[-1][1][-1] + timedelta(days=1) == day:
            runs[-1][1].append(day)
        else:
            runs.append((told, [day]))
    opened = [f"{run_of(days, now)} {told}" for told, days in runs if told]
    closed = [run_of(days, now) for told, days in runs if not told]
    parts = [f"{is_open} {told}." for told in opened]
    parts += [f"{is_closed} {listed(closed, word='and')}."] if closed else []
    return fitted(parts, "").strip()


def run_of(days: Sequence[date], now: datetime) -> str:
    """“on Monday, November 30”, or “from … to …”."""
    if len(days) == 1:
        return on_day(days[0], now)
    return f"{on_day(days[0], now)} to {near_day(days[-1], now)}"


def offer(
    alternatives: Sequence[Slot],
    wanted: datetime,
    now: datetime,
    *,
    otherwise: str = "",
    colleague: Slot | None = None,
) -> str:
    """Times alone on the day that was asked for; with their day on another.

    `otherwise` is what may be done with none of them, as the question goes on. With a `colleague`
    beside them there are two times at most, so that both are heard.
    """
    if colleague:
        other = with_colleague(colleague, now)
        if not alternatives:
            return f"{other}. Would that work for you{otherwise}?"
        times = listed(by_day(alternatives[:MOST_BESIDE], now), separator="; ")
        return f"Their next is {times}. {other}. Would any of those work for you{otherwise}?"
    if not alternatives:
        return (
            "I have nothing else open that I can book. Would you like the clinic to call you back?"
        )
    zone = slots.zone_of(now)
    day = wanted.astimezone(zone).date()
    if all(slot.start.astimezone(zone).date() == day for slot in alternatives):
        times = listed([clock(slot.start, now) for slot in alternatives])
    else:
        times = listed(by_day(alternatives, now), separator="; ")
    which = "that" if len(alternatives) == 1 else "any of those"
    return f"I have {times} available. Would {which} work for you{otherwise}?"


def with_colleague(slot: Slot, now: datetime) -> str:
    return f"{clip(slot.practitioner.name)} could see you {on_moment(slot.start, now)}"


def openings(outcome: Openings, now: datetime) -> str:
    service, found = outcome.service, outcome.slots
    which = "Would that suit you?" if len(outcome.told) == 1 else "Which would you like?"
    if outcome.colleague:
        sooner = "Sooner, " if outcome.colleague.start < found[0].start else ""
        which = f"{sooner}{with_colleague(outcome.colleague, now)}. {which}"
    if wish := wish_words(outcome.wish, now):
        return within_wish(outcome, wish, which, now)
    zone = slots.zone_of(now)
    days = {slot.start.astimezone(zone).date() for slot in found}
    if len(days) == 1:
        times = listed([clock(slot.start, now) for slot in found])
        return f"For {article(service)} {on_day(days.pop(), now)} I have {times}. {which}"
    return f"For {article(service)} I have {listed(by_day(found, now), separator='; ')}. {which}"


def within_wish(outcome: Openings, wish: str, which: str, now: datetime) -> str:
    """“For a cleaning by Friday, December 4 I have …”; without the wish, where it is too long."""
    times = listed(by_day(outcome.slots, now), separator="; ")
    what = article(outcome.service)
    told = f"For {what} {wish} I have {times}. {which}"
    return told if len(told) <= LONGEST else f"For {what} I have {times}. {which}"


def no_openings(outcome: NoOpenings, now: datetime) -> str:
    if outcome.day is None and (wish := wish_words(outcome.wish, now)):
        return nothing_within(outcome, wish, now)
    what = f"{article(outcome.service)}{' then' if outcome.part and not outcome.day else ''}"
    who = f" with {clip(outcome.practitioner)}" if outcome.practitioner else ""
    nothing = nothing_open(f"{what}{who}{asked_days(outcome, now)}", outcome)
    if outcome.colleague:
        other = f"{with_colleague(outcome.colleague, now)}. Would that work for you?"
        times = listed(by_day(outcome.next, now), separator="; ")
        return f"{nothing} The next I have is {times}. {other}" if times else f"{nothing} {other}"
    if not outcome.following:
        return f"{nothing} Would you like the clinic to call you back?"
    times = listed(by_day(outcome.following, now), separator="; ")
    nearest = "The nearest I have is" if outcome.part else "The next I have is"
    return f"{nothing} {nearest} {times}. Would that work for you?"


def nothing_open(asked: str, outcome: NoOpenings) -> str:
    if outcome.on_offer:
        return f"I'm sorry, all I have for {asked} is just being offered to other callers."
    return f"I'm sorry, I have nothing open for {asked}."


def nothing_within(outcome: NoOpenings, wish: str, now: datetime) -> str:
    """With the nearest that is outside of what was asked for; as many as there is room for."""
    who = f" with {clip(outcome.practitioner)}" if outcome.practitioner else ""
    at = " at that time" if outcome.part and not outcome.wish.has_hours else ""
    nothing = nothing_open(f"{article(outcome.service)}{who} {wish}{at}", outcome)
    if not outcome.told:
        return f"{nothing} Would you like the clinic to call you back?"
    other = f"{with_colleague(outcome.colleague, now)}. " if outcome.colleague else ""
    for count in range(len(outcome.following), 0, -1):
        times = listed(by_day(outcome.following[:count], now), separator="; ")
        told = f"{nothing} The nearest I have is {times}. {other}Would that work for you?"
        if len(told) <= LONGEST:
            return told
    return f"{nothing} {other}Would that work for you?"


def asked_days(outcome: NoOpenings, now: datetime) -> str:
    """“ at that time on Thursday, December 3”, or the days of the stretch asked about."""
    at = " at that time" if outcome.part and outcome.day else ""
    if outcome.day is None:
        return at
    if outcome.last_day in (None, outcome.day):
        return f"{at} {on_day(outcome.day, now)}"
    return f"{at} between {near_day(outcome.day, now)} and {near_day(outcome.last_day, now)}"


def nobody_offers(service: str, practitioner: str | None, able: Sequence[str]) -> str:
    if not able:
        return (
            f"I'm sorry, nobody here is taking appointments for {article(service)} at the moment."
            " Is there something else I can book for you?"
        )
    if practitioner is None:
        return f"For {article(service)} there is only {names(able)}. Who would you like to see?"
    return (
        f"{clip(practitioner)} isn't taking appointments for {article(service)}. {names(able)} is."
        " Who would you like to see?"
    )


ASKED_FOR = {
    "service": "what the visit is for",
    "date": "the day",
    "time": "the time",
    "patient_name": "the patient's name",
    "name": "your name",
    "patient_phone": "a phone number",
    "phone": "a phone number",
    "date_of_birth": "the date of birth",
    "start": "the day and time",
}

# What to ask when something was said and could not be understood: by reason, else by subject.
QUESTIONS = {
    "weekday_disagrees": "That weekday and that date don't go together. Which day did you mean?",
    "no_such_day": "That date isn't in the calendar. Which day did you mean?",
    "no_such_time": "The clocks skip that time on that day. What other time would suit you?",
    "year_too_far": "That date is too far away. Which day would you like?",
    "several": "I heard more than one. Which one would you like?",
    "other_zone": "Our times are the clinic's own. What time would that be at the clinic?",
    "half_of_day": "Is that in the morning or in the afternoon?",
    "recurring": "I can book one visit at a time. Which day would you like first?",
    "excluded": "Which day would suit you instead?",
    "birth_date.year_missing": "I still need the year of birth. Could you say day, month and year?",
    "birth_date.in_the_future": "That day hasn't come yet. Could you say day, month and year?",
    "day": "I didn't catch the day. Which day would you like?",
    "time": "I didn't catch the time. What time would you like?",
    "days": "I didn't catch which days suit. Which days or parts of the day, or is it any?",
    "name.several": "I can see to one person at a time. What is the first one's full name?",
    "name": "I didn't catch the name. Could you spell the patient's full name for me?",
    "unseen": "I can't see a number for this call. Which number can we reach you at?",
    "the_clinics": "That is the clinic's own number. Which number can we reach you at?",
    "costly": "The clinic can't call numbers of that kind. Which other number can we reach you at?",
    "phone": "I didn't get a full phone number. Could you say it with the area code?",
    "birth_date": "I didn't catch the date of birth. Could you say day, month and year?",
    "reference": "I didn't catch the reference. Could you say it once more, letter by letter?",
    "current": "I didn't catch when that appointment is. Which day and time is it?",
}
# What an argument is about, where nothing of it could be read.
SUBJECTS = {
    "date": "day",
    "time": "time",
    "patient_name": "name",
    "name": "name",
    "patient_phone": "phone",
    "phone": "phone",
    "date_of_birth": "birth_date",
    "reference": "reference",
    "current": "current",
}


UNSURE_OF_NAME = {
    "ambiguous": "More than one has that name",
    "quality": "I can't choose a practitioner by that",
}


def question(
    problems: dict[str, str], services: Sequence[str], practitioners: Sequence[str]
) -> str:
    """One question: what was misunderstood comes first, then all that was not said."""
    for argument, reason in problems.items():
        if reason == "required":
            continue
        several = reason == "ambiguous"
        if argument == "service":
            unsure = "That fits more than one" if several else "I'm not sure which visit that is"
            return f"{unsure}. We offer {names(services)}. Which is it?"
        if argument == "practitioner":
            unsure = UNSURE_OF_NAME.get(reason, "I don't know that name")
            return f"{unsure}. You can see {names(practitioners)}. Who will it be?"
        return f"I'm sorry. {asked_again(argument, reason)}"
    if list(problems) == ["service"] and services:
        return f"What is the visit for? We offer {names(services)}."
    needed = listed([ASKED_FOR.get(argument, argument) for argument in problems], word="and")
    return f"I still need {needed}. Could you tell me?"


def asked_again(argument: str, reason: str) -> str:
    """By the reason for a day or a time, by the subject for a name, a number or a birthday."""
    part, _, why = reason.partition(".")
    if argument == "days" and reason != "other_zone":
        return QUESTIONS["days"]
    is_about = argument in ("date", "time") or reason == "unclear"
    subject = SUBJECTS.get(argument, part) if is_about else part
    by_reason = QUESTIONS.get(why or reason) if subject in ("day", "time", reason) else None
    return by_reason or QUESTIONS.get(reason) or QUESTIONS.get(subject, REPEAT)


REPEAT = "I didn't quite catch that. Could you say it once more?"
