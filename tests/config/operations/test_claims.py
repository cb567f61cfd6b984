"""Every sentence an assistant may say is understood by the checker's own parser."""

from collections.abc import Callable
from copy import copy
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from assistants import outcomes, speech
from assistants.speech import asking
from bookings import outcomes as booking
from bookings.availability.slots import Slot
from bookings.models import Appointment, AppointmentChange, Patient, Practitioner, ServiceType
from bookings.preferences import ANY, PartOfDay, Preference
from config.operations.judging import claims
from config.operations.judging.claims import SaidVisit
from tests.conftest import MONDAY, NEW_YORK, at

NOON = datetime(2026, 12, 3, 12, 0, tzinfo=NEW_YORK)
VISIT = SaidVisit(
    "cleaning", datetime(2026, 12, 3, 19, 30, tzinfo=UTC), "Dr. Amara Okafor", "7Q2MK"
)


WISHES = (
    ANY,
    Preference(last_day=date(2026, 12, 4)),
    Preference(first_day=date(2026, 12, 4), parts=(PartOfDay("morning"), PartOfDay("night"))),
    Preference(time(15), time(17), frozenset({1, 3}), days=frozenset({date(2026, 12, 4)})),
    Preference(latest=time(17), weekdays=frozenset(range(5))),
    Preference(time(9), weekdays=frozenset(range(1, 7)), excluded=frozenset({date(2026, 12, 4)})),
    Preference(
        first_day=date(2026, 12, 1),
        last_day=date(2026, 12, 31),
        excluded=frozenset(date(2026, 12, day) for day in range(4, 9)),
    ),
)


@pytest.mark.parametrize(
    ("sentence", "kinds", "visits"),
    [
        (
            "You're booked: a cleaning on Thursday, December 3, 2026 at 2:30 PM with Dr. Amara"
            " Okafor. Your reference is 7Q2MK.",
            ["booked"],
            [VISIT],
        ),
        (
            "I took the day to be Thursday, December 3, 2026. You're booked: a cleaning today,"
            " Thursday, December 3, 2026 at 2:30 PM with Dr. Amara Okafor. Your reference is"
            " 7Q2MK.",
            ["understood", "booked"],
            [VISIT],
        ),
        (
            "Yes, that went through. I've moved it: a cleaning tomorrow, Thursday 3 December 2026"
            " at 2:30 PM with Dr. Amara Okafor. Your reference is 7Q2MK.",
            ["went_through", "moved"],
            [VISIT],
        ),
        (
            "You have a cleaning on Thursday, December 3 at 2:30 PM with Dr. Amara Okafor,"
            " reference 7Q2MK; and a cleaning on Thursday, December 3 at 2:30 PM with Dr. Amara"
            " Okafor, reference 7Q2MK. Is it about that?",
            ["found", ""],
            [VISIT, VISIT],
        ),
        (
            "I'm so sorry, I'm having trouble with our booking system right now, so nothing has"
            " been booked or changed. Could you try again in a moment, or shall the clinic call you"
            " back?",
            ["nothing_done", ""],
            [],
        ),
        (
            "If this is an emergency, please hang up and call 911 now. I'm sorry, I still don't"
            " have the name.",
            ["", ""],
            [],
        ),
        (
            "I'm so sorry, the connection dropped and I can't tell yet whether that went through."
            " Please ask me again in a moment and I'll check.",
            ["unknown_end", ""],
            [],
        ),
    ],
)
def test_a_sentence_is_read_piece_by_piece(
    sentence: str, kinds: list[str], visits: list[SaidVisit]
) -> None:
    heard = claims.read(sentence, now=datetime(2026, 12, 2, 9, 0, tzinfo=NEW_YORK))

    assert heard.unknown == ""
    assert [claim.kind for claim in heard.claims] == kinds
    assert [visit for claim in heard.claims for visit in claim.visits] == visits


@pytest.mark.parametrize(
    ("sentence", "times"),
    [
        ("I have 9:00 AM available.", ["2026-12-03 09:00"]),
        (
            "I have 9:00 AM, 12:00 PM, or 3:15 PM available.",
            ["2026-12-03 09:00", "2026-12-03 12:00", "2026-12-03 15:15"],
        ),
        (
            "For a cleaning on Friday, December 4 I have 9:00 AM or 12:30 AM.",
            ["2026-12-04 09:00", "2026-12-04 00:30"],
        ),
        (
            "For a cleaning by Friday, December 11 from 3:00 PM on I have Friday, December 4 at"
            " 3:15 PM; or tomorrow, Saturday, December 5 at 4:00 PM.",
            ["2026-12-04 15:15", "2026-12-05 16:00"],
        ),
        (
            "The next I have is Friday 1 January at 9:00 AM or 9:30 AM; or Saturday 2 January 2027"
            " at 1:00 PM.",
            ["2027-01-01 09:00", "2027-01-01 09:30", "2027-01-02 13:00"],
        ),
    ],
)
def test_a_time_is_on_the_day_named_before_it_or_asked_about(
    sentence: str, times: list[str]
) -> None:
    [claim] = claims.read(sentence, now=NOON, day=date(2026, 12, 3)).claims

    assert claim.kind == "offered"
    assert list(claim.times) == [at(one) for one in times]


def test_what_no_row_fits_is_unknown() -> None:
    heard = claims.read("I'm sorry. The moon is full. Shall I book it?", now=NOON)

    assert heard.unknown == "The moon is full. Shall I book it?"


def test_every_outcome_has_a_sentence_that_is_understood(
    elm: Any, ada: Practitioner, cleaning: ServiceType, ben: Patient, country: Callable[[str], None]
) -> None:
    found = examples(ada, cleaning, ben)

    said_of = [outcomes.Answer.of(one) for one in found]
    assert {type(one.outcome) for one in said_of} == set(get_args(outcomes.ToolOutcome))
    for aside in (field.name for field in fields(outcomes.Answer)):
        assert any(getattr(one, aside) for one in said_of), aside
    for region in ("US", "GB"):
        country(region)
        said = [speech.say(outcome, now=MONDAY) for outcome in found]
        left = [one for one in said if claims.read(one, now=MONDAY).unknown]
        assert left == []


def examples(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> list[Any]:
    """One of each outcome at least; several where the words differ."""
    start = MONDAY + timedelta(days=10)
    visit = Appointment(practitioner=ada, service=cleaning, patient=ben, start=start)
    visit.reference = "7Q2MK"
    gone, done = (replaced(visit, status=status) for status in ("cancelled", "fulfilled"))
    mother = Patient(name="Ben Oda", phone="+12025550177")
    claimed = replaced(mother, claimed_by="+12025550188")
    wanted = booking.Wanted("Cleaning", start, None)
    by_name = booking.Wanted("Cleaning", start, "Dr. Ada Moss")
    day = start.date()
    near = tuple(Slot(ada, cleaning, start + timedelta(hours=hour)) for hour in range(3))
    far = tuple(Slot(ada, cleaning, start + timedelta(days=days)) for days in range(1, 4))
    open_hours = outcomes.ClinicHours(day, day, ((start, start + timedelta(hours=4)),))
    closed = outcomes.ClinicHours(MONDAY.date() + timedelta(days=1), day, open_hours.periods)
    return [
        booking.Booked(visit),
        booking.Booked(visit, again=True, corrected=True),
        booking.Rescheduled(visit),
        booking.Rescheduled(visit, moved=False),
        booking.Cancelled(visit),
        booking.Cancelled(visit, again=True),
        booking.NotChangeable(visit),
        outcomes.WhichDay((day, day + timedelta(days=1))),
        outcomes.WhichDay((day, day + timedelta(days=1)), is_choice=True),
        booking.Stale(visit, AppointmentChange(appointment=visit)),
        outcomes.ChangedSince(visit),
        outcomes.ChangedSince(visit, was_cancelled=True),
        *(outcomes.ChangedSince(row) for row in (gone, done)),
        booking.AlreadyBooked(wanted, visit, near),
        *(booking.SlotTaken(wanted, slots) for slots in (near, far, near[:1], ())),
        booking.SlotTaken(wanted, near, on_offer=True),
        *(
            outcomes.Answer(booking.SlotTaken(wanted, slots), is_lost_again=True)
            for slots in (near, ())
        ),
        booking.OutsideHours(wanted, near),
        *(booking.OutsideHours(one, far, is_day_off=True) for one in (wanted, by_name)),
        booking.SlotPassed(wanted),
        booking.TooFarAhead(wanted, start + timedelta(days=30)),
        booking.NobodyOffers(wanted, ()),
        booking.NobodyOffers(by_name, ("Dr. Bo Lind", "Dr. Ada Moss")),
        booking.Busy(),
        booking.WhichPatient("Ben Ode"),
        booking.AlikePatient(mother),
        booking.AlikePatient(claimed),
        outcomes.Found((visit,)),
        outcomes.Found((visit, visit)),
        outcomes.Found((visit,) * 6),
        outcomes.Found((visit,), is_rest=True),
        outcomes.NothingFound(),
        outcomes.NotProven(),
        outcomes.WhichAppointment((visit, visit, visit)),
        outcomes.WhichAppointment((visit,) * 6),
        *(outcomes.WhichAppointment((visit,) * many, is_another=True) for many in (1, 2, 6)),
        outcomes.OtherService(visit, "Root canal"),
        *(outcomes.StillBooked(visit, is_again=again) for again in (False, True)),
        *(outcomes.LeftAsItIs(is_no_visit=other) for other in (False, True)),
        outcomes.WhoseAppointment(),
        outcomes.ToldAgain(speech.say(booking.Booked(visit), now=MONDAY)),
        outcomes.NothingDone(),
        outcomes.NothingDone(tried=True),
        outcomes.NeverDone(""),
        outcomes.NeverDone(speech.say(booking.Booked(visit), now=MONDAY)),
        outcomes.NotOnRecord(),
        outcomes.CallbackRequested("+12025550177"),
        outcomes.CalledBack(),
        *(outcomes.Waiting("Cleaning", wish=wish) for wish in WISHES),
        outcomes.WaitingNoLonger(),
        *(outcomes.VisitsCapped(whose) for whose in outcomes.Whose),
        *(outcomes.WaitlistCapped(whose) for whose in outcomes.Whose),
        *(outcomes.CallbacksCapped(is_known=known) for known in (True, False)),
        outcomes.CallbacksCapped(is_known=False, can_put_through=True),
        open_hours,
        closed,
        outcomes.ClinicHours(day, day, ()),
        outcomes.ClinicOffers((("Cleaning", 30), ("Root canal", 90))),
        outcomes.ClinicOffers(()),
        outcomes.ClinicNote(""),
        outcomes.ClinicHours(day, day, open_hours.periods, "Dr. Ada Moss"),
        outcomes.ClinicHours(MONDAY.date(), day, (), "Dr. Ada Moss"),
        outcomes.ClinicDays(((MONDAY.date(), ()), (day, open_hours.periods))),
        outcomes.ClinicDays(((day, open_hours.periods),), "Dr. Ada Moss"),
        outcomes.ClinicOffers((("Cleaning", 30),), "Dr. Ada Moss"),
        outcomes.ClinicPeople(("Dr. Ada Moss", "Dr. Bo Lind")),
        outcomes.ClinicPeople(("Dr. Ada Moss",), "Cleaning"),
        outcomes.ClinicPeople(()),
        outcomes.ClinicAnswers(
            (open_hours, outcomes.ClinicPeople(("Dr. Bo Lind",))), is_whole=False
        ),
        *(outcomes.AskedElsewhere(is_own_visit=own) for own in (True, False)),
        outcomes.Transfer("+12025550177", open_hours),
        outcomes.Transfer("", closed),
        outcomes.Transfer("", closed, has_numbers=False),
        outcomes.Transfer("+12025550177", open_hours, topics=("billing",)),
        outcomes.Transfer("", open_hours, topics=("billing", "lost glasses")),
        *(outcomes.Openings("Cleaning", day, slots) for slots in (near, far, near[:1])),
        outcomes.Openings("Cleaning", day, near[:2], colleague=near[2]),
        *(outcomes.Openings("Cleaning", None, far, wish=wish) for wish in WISHES),
        *(outcomes.NoOpenings("Cleaning", None, far, wish=wish, part=True) for wish in WISHES),
        outcomes.NoOpenings("Cleaning", day, far),
        *(
            outcomes.NoOpenings("Cleaning", day, slots, practitioner="Dr. Bo Lind", colleague=one)
            for slots, one in ((far, None), (far, near[0]), ((), near[0]))
        ),
        *(
            refused(by_name, slots, colleague=near[0])
            for refused in (booking.SlotTaken, booking.OutsideHours)
            for slots in (far, ())
        ),
        outcomes.NoOpenings("Cleaning", None, (), part=True),
        outcomes.NoOpenings("Cleaning", day, near, last_day=day + timedelta(days=3), part=True),
        outcomes.DayPassed(day),
        outcomes.Answer(booking.Booked(visit), day=day),
        outcomes.Answer(booking.Booked(visit), is_one_of_several=True),
        *(outcomes.Unclear({name: "required"}) for name in ("date", "time", "patient_name")),
        *(outcomes.Unclear({"date": f"day.{reason}"}) for reason in speech.QUESTIONS),
        *(outcomes.Unclear({"patient_name": subject}) for subject in speech.QUESTIONS),
        outcomes.Unclear({"service": "unknown"}, services=("Cleaning", "Root canal")),
        outcomes.Unclear({"service": "ambiguous"}, services=("Cleaning", "Root canal")),
        outcomes.Unclear({"service": "required"}, services=("Cleaning", "Root canal")),
        outcomes.Unclear({"practitioner": "unknown"}, practitioners=("Dr. Bo Lind",)),
        *asked_again(visit, near),
        *(
            outcomes.Answer(booking.Booked(visit), email=email)
            for email in (
                *(outcomes.EmailSaid(before=before) for before in range(3)),
                outcomes.EmailSaid("grace.hopper@example.com"),
                outcomes.EmailSaid(f"a{'b' * 200}@example.com"),
                outcomes.EmailSaid(is_noted=True),
            )
        ),
        outcomes.UnknownTool(),
        outcomes.Garbled(),
        outcomes.TooMuch(),
        outcomes.StillWorking(),
        outcomes.Forgotten(),
        outcomes.Fault(),
        outcomes.Uncertain(),
        outcomes.NotLookedUp(),
    ]


def asked_again(visit: Any, near: tuple[Slot, ...]) -> list[outcomes.Answer]:
    """About each thing there is, for the second and the third time."""
    nowhere = outcomes.WayOut()
    ways = (
        outcomes.WayOut(callback=True),
        outcomes.WayOut(transfer=True),
        outcomes.WayOut(own_number=True),
        outcomes.WayOut(number="+12025550177"),
        nowhere,
    )
    unclear = outcomes.Unclear({"date": "required"})
    of_others = (
        (outcomes.Unclear({"service": "required", "date": "required"}, ("Cleaning",)), "service"),
        (outcomes.WhichAppointment((visit,) * 6), "visit"),
        (outcomes.WhoseAppointment(), "whose"),
        (outcomes.NotProven(), "proof"),
        (booking.AlikePatient(visit.patient), "alike"),
        (booking.WhichPatient("Ben Ode"), "birth_date"),
        (outcomes.WhichDay((MONDAY.date(), MONDAY.date())), "day"),
        (booking.NobodyOffers(booking.Wanted("Cleaning", MONDAY), ()), "another"),
    )
    openings = outcomes.Openings("Cleaning", MONDAY.date(), near)
    return [
        *(
            again(unclear, subject, before, None, way)
            for subject in (*asking.HOW_TO_SAY, "birth_date", "email")
            for before in (1, 2)
            for way in ways
        ),
        *(
            again(outcome, subject, before, None, nowhere)
            for outcome, subject in of_others
            for before in (1, 2)
        ),
        again(unclear, "day", 2, openings, nowhere),
    ]


def again(outcome: outcomes.ToolOutcome, *asked: Any) -> outcomes.Answer:
    return outcomes.Answer(outcome, question=outcomes.AskedBefore(*asked))


def replaced(row: Any, **fields: Any) -> Any:
    """Another like `row`, but for some of its fields."""
    other = copy(row)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def test_a_day_without_its_year_is_the_next_one() -> None:
    zone = ZoneInfo("Pacific/Auckland")
    heard = claims.read(
        "I've cancelled it: a cleaning on Friday 1 January at 9:00 AM with Dr. Bo Lind.",
        now=datetime(2026, 12, 3, 9, 0, tzinfo=zone),
    )

    [visit] = heard.claims[0].visits
    assert visit.start == datetime(2027, 1, 1, 9, 0, tzinfo=zone)
