"""Moves told by the visit that moves: an hour later, same day at four, the next one after that."""

from datetime import datetime, timedelta

import pytest

from assistants import hearing
from assistants.hearing import NotUnderstood
from assistants.tools import relative
from bookings.models import Appointment, Closure, Offer, Patient, Practitioner, ServiceType
from tests.conftest import MONDAY, NEW_YORK, Call, at

pytestmark = pytest.mark.usefixtures("monday")

THURSDAY = "2026-12-03 14:00"


@pytest.fixture
def row(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> Appointment:
    """Ben's cleaning on Thursday, December 3 at two."""
    return Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at(THURSDAY), source="voice"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"start": "same time", "practitioner": "Dr. Lind"},
        {"start": "the same day and time", "practitioner": "Dr. Lind"},
        {"date": "same day", "time": "same time", "practitioner": "Dr. Lind"},
        {"start": "the same time with Dr. Lind"},
        {"start": "keep the time but with Dr. Lind"},
    ],
)
def test_a_visit_goes_to_another_practitioner_at_its_own_time(
    said: dict[str, str], call: Call, row: Appointment, bo: Practitioner, cleaning: ServiceType
) -> None:
    bo.services.add(cleaning)

    heard = call("reschedule_appointment", **said)

    assert heard.startswith("I've moved it"), heard
    row.refresh_from_db()
    assert (row.start, row.practitioner) == (at(THURSDAY), bo)


@pytest.mark.parametrize(
    ("said", "moved_to"),
    [
        ("same time on Friday December 4 with Dr. Lind", "2026-12-04 14:00"),
        ("an hour later, with Bo Lind", "2026-12-03 15:00"),
        ("same time a week later with Dr. Lind", "2026-12-10 14:00"),
        ("same time the next day with Dr. Lind", "2026-12-04 14:00"),
    ],
)
def test_a_practitioner_is_named_beside_a_time_by_the_visit(
    said: str,
    moved_to: str,
    call: Call,
    row: Appointment,
    bo: Practitioner,
    cleaning: ServiceType,
) -> None:
    bo.services.add(cleaning)

    call("reschedule_appointment", start=said)

    row.refresh_from_db()
    assert (row.start, row.practitioner) == (at(moved_to), bo)


@pytest.mark.parametrize(
    "said",
    [
        "move it from Friday to Monday",
        "Monday instead of Friday",
        "not Friday, Monday",
    ],
)
def test_a_weekday_that_is_today_is_the_coming_one(
    said: str, call: Call, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    """It is Monday: the week of the visit has none to come."""
    Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at("2026-11-27 14:00")
    )

    heard = call("reschedule_appointment", start=said)

    assert heard.startswith("I've moved it: a cleaning on Monday, November 30, 2026 at 2:00 PM")


def test_the_same_time_alone_moves_nothing(call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", start="the same time")

    assert heard == "I'm sorry. I didn't catch the day. Which day would you like?"


@pytest.mark.parametrize(
    ("said", "moved_to"),
    [
        ({"time": "an hour later"}, "2026-12-03 15:00"),
        ({"start": "push it back 30 minutes"}, "2026-12-03 14:30"),
        ({"start": "half an hour earlier please"}, "2026-12-03 13:30"),
        ({"start": "can you move it up by an hour"}, "2026-12-03 13:00"),
        ({"start": "an hour and a half later"}, "2026-12-03 15:30"),
        ({"start": "two hours later"}, "2026-12-03 16:00"),
        ({"start": "a week later"}, "2026-12-10 14:00"),
        ({"start": "a week later at 10 am"}, "2026-12-10 10:00"),
        ({"date": "the next day"}, "2026-12-04 14:00"),
        ({"date": "a day earlier", "time": "same time"}, "2026-12-02 14:00"),
        ({"date": "the day before", "time": "3 pm"}, "2026-12-02 15:00"),
        ({"start": "same day at 4"}, "2026-12-03 16:00"),
        ({"date": "same day", "time": "at 4"}, "2026-12-03 16:00"),
        ({"start": "that day at 10 in the morning"}, "2026-12-03 10:00"),
        ({"start": "same time on Friday December 4th"}, "2026-12-04 14:00"),
        ({"date": "Tuesday the 8th", "time": "the same time"}, "2026-12-08 14:00"),
        ({"start": "same time next week"}, "2026-12-10 14:00"),
        ({"start": "4 instead of 2"}, "2026-12-03 16:00"),
        ({"time": "4 pm instead"}, "2026-12-03 16:00"),
        ({"start": "Friday instead of Thursday"}, "2026-12-04 14:00"),
        ({"start": "move it from 2 to 3"}, "2026-12-03 15:00"),
        ({"start": "move it to 4 instead"}, "2026-12-03 16:00"),
        ({"start": "keep the day, but at 4"}, "2026-12-03 16:00"),
        ({"start": "keep the time, but Friday December 4"}, "2026-12-04 14:00"),
        ({"start": "same day one hour later"}, "2026-12-03 15:00"),
        ({"start": "an hour after that"}, "2026-12-03 15:00"),
        ({"start": "push it an hour"}, "2026-12-03 15:00"),
        ({"start": "una hora más tarde"}, "2026-12-03 15:00"),
        ({"start": "media hora antes"}, "2026-12-03 13:30"),
        ({"start": "una semana después"}, "2026-12-10 14:00"),
        ({"start": "a la misma hora el viernes 4 de diciembre"}, "2026-12-04 14:00"),
        ({"start": "el mismo día a las 4 de la tarde"}, "2026-12-03 16:00"),
        ({"start": "eine Stunde später"}, "2026-12-03 15:00"),
        ({"start": "am selben Tag um 16 Uhr"}, "2026-12-03 16:00"),
        ({"start": "une heure plus tard"}, "2026-12-03 15:00"),
        ({"start": "le même jour à 16h"}, "2026-12-03 16:00"),
        ({"start": "uma hora mais tarde"}, "2026-12-03 15:00"),
        ({"start": "no mesmo dia às 16h"}, "2026-12-03 16:00"),
        ({"start": "Thursday at 3 instead of 2"}, "2026-12-03 15:00"),
        ({"start": "still Thursday but 3pm"}, "2026-12-03 15:00"),
        ({"start": "that same Thursday at 3"}, "2026-12-03 15:00"),
        ({"date": "keep it on Thursday", "time": "at 3"}, "2026-12-03 15:00"),
        ({"start": "I'll stick with Thursday, at 3"}, "2026-12-03 15:00"),
        ({"start": "that Friday at 10"}, "2026-12-04 10:00"),
        ({"start": "push it back to 4:30"}, "2026-12-03 16:30"),
        ({"start": "can we bring it forward to 9"}, "2026-12-03 09:00"),
        ({"start": "make that this Friday at 10"}, "2026-11-27 10:00"),
        ({"start": "the following Thursday at 3"}, "2026-12-10 15:00"),
        ({"start": "the following Friday at 10"}, "2026-12-04 10:00"),
        ({"start": "Friday at 10 instead of Thursday at 2"}, "2026-12-04 10:00"),
        ({"start": "the following Monday, same time"}, "2026-12-07 14:00"),
        ({"start": "same time on the following Thursday"}, "2026-12-10 14:00"),
        ({"date": "the following Monday", "time": "same time"}, "2026-12-07 14:00"),
        ({"start": "Friday of that week at 2"}, "2026-12-04 14:00"),
        ({"start": "Tuesday that week at 10"}, "2026-12-01 10:00"),
        ({"start": "an hour earlier the next day"}, "2026-12-04 13:00"),
        ({"start": "the day before, an hour later"}, "2026-12-02 15:00"),
        ({"start": "half an hour later, so 2:30"}, "2026-12-03 14:30"),
        ({"start": "push it to next week, same day and time"}, "2026-12-10 14:00"),
        ({"start": "a week later, but at 3"}, "2026-12-10 15:00"),
        ({"start": "the Monday after at ten"}, "2026-12-07 10:00"),
        ({"start": "make it three"}, "2026-12-03 15:00"),
        ({"start": "the Tuesday before at ten"}, "2026-12-01 10:00"),
        ({"start": "the Tuesday before, same time"}, "2026-12-01 14:00"),
        ({"start": "the Tuesday of the following week at ten"}, "2026-12-08 10:00"),
        ({"start": "not Thursday but Friday at ten"}, "2026-12-04 10:00"),
        ({"start": "that morning at nine"}, "2026-12-03 09:00"),
        ({"start": "el lunes siguiente a las diez"}, "2026-12-07 10:00"),
        ({"start": "a las tres en vez de a las dos"}, "2026-12-03 15:00"),
        ({"start": "could you move it to half past nine please"}, "2026-12-03 09:30"),
        ({"start": "a bit later, at four"}, "2026-12-03 16:00"),
        ({"start": "earlier, at 10"}, "2026-12-03 10:00"),
        ({"start": "I can't do 2, can we do 3?"}, "2026-12-03 15:00"),
        ({"start": "2 is too late for me, 11 would be better"}, "2026-12-03 11:00"),
    ],
)
def test_a_visit_is_moved_by_when_it_is(
    said: dict[str, str], moved_to: str, call: Call, row: Appointment
) -> None:
    heard = call("reschedule_appointment", **said)

    row.refresh_from_db()
    assert heard.startswith("I've moved it"), heard
    assert row.start == at(moved_to)


def test_same_time_on_friday_of_this_week_is_that_friday(call: Call, row: Appointment) -> None:
    Appointment.objects.all().delete()
    near = Appointment.objects.create(
        practitioner=row.practitioner, service=row.service, patient=row.patient,
        start=at("2026-11-24 14:00"), source="voice",
    )  # fmt: skip

    assert call("reschedule_appointment", start="same time on Friday").startswith("I've moved it")

    near.refresh_from_db()
    assert near.start == at("2026-11-27 14:00")


def test_a_weekday_of_either_week_is_asked(call: Call, row: Appointment) -> None:
    asked = call("reschedule_appointment", start="same time on Friday")
    row.refresh_from_db()
    assert asked == "Is that Friday, November 27 or Friday, December 4?"
    assert row.start == at(THURSDAY)

    call("reschedule_appointment", start="same time on Friday, December 4")
    row.refresh_from_db()
    assert row.start == at("2026-12-04 14:00")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Thursday at 3", "Is that Thursday, November 26 or Thursday, December 3?"),
        ("3 on Thursday", "Is that Thursday, November 26 or Thursday, December 3?"),
        ("3 on Monday instead of 2", "Is that today, Monday, November 23 or Monday, November 30?"),
        ("Thursday at 2, no change", "Is that Thursday, November 26 or Thursday, December 3?"),
        ("jueves a las 3 de la tarde", "Is that Thursday, November 26 or Thursday, December 3?"),
        ("that Wednesday at 10", "Is that Wednesday, December 2 or Wednesday, December 9?"),
        ("same time Fri", "Is that Friday, November 27 or Friday, December 4?"),
        ("a la misma hora el viernes", "Is that Friday, November 27 or Friday, December 4?"),
        ("vendredi à la même heure", "Is that Friday, November 27 or Friday, December 4?"),
        ("Freitag zur gleichen Zeit", "Is that Friday, November 27 or Friday, December 4?"),
        ("na sexta-feira no mesmo horário", "Is that Friday, November 27 or Friday, December 4?"),
    ],
)
def test_a_weekday_of_two_weeks_is_asked(
    said: str, asked: str, call: Call, row: Appointment
) -> None:
    assert call("reschedule_appointment", start=said) == asked

    row.refresh_from_db()
    assert row.start == at(THURSDAY)


@pytest.mark.parametrize(
    "said",
    [
        {"start": "move it forward an hour"},
        {"start": "the same Monday at 10"},
        {"start": "5 instead of 11"},
        {"start": "Monday instead of Friday"},
        {"start": "same time"},
        {"start": "an hour later at 4"},
    ],
)
def test_what_is_not_clear_is_asked(said: dict[str, str], call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", **said)

    row.refresh_from_db()
    assert heard.endswith("?")
    assert row.start == at(THURSDAY)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "earlier that day",
            "For a cleaning on Thursday, December 3 I have 9:00 AM, 10:45 AM, or 1:45 PM.",
        ),
        ("later that day", "For a cleaning on Thursday, December 3 I have 2:15 PM, 3:30 PM, or"),
        ("the next one after that", "For a cleaning I have Thursday, December 3 at 2:15 PM; or"),
        ("right after that one", "For a cleaning I have Thursday, December 3 at 2:15 PM; or"),
        ("the slot after mine", "For a cleaning I have Thursday, December 3 at 2:15 PM; or"),
        ("later that week", "For a cleaning on Friday, December 4 I have 9:00 AM"),
        ("earlier in the week", "For a cleaning on Monday, November 30 I have 9:00 AM"),
        ("a bit earlier", "For a cleaning on Thursday, December 3 I have 9:00 AM, 10:45"),
        ("something earlier", "For a cleaning today, Monday, November 23 I have 9:00 AM"),
        ("same day in the morning", "For a cleaning on Thursday, December 3 I have 9:00 AM, 10:15"),
        ("más temprano ese día", "For a cleaning on Thursday, December 3 I have 9:00 AM"),
        ("the morning instead", "For a cleaning on Thursday, December 3 I have 9:00 AM, 10:15"),
        ("two months later", "For a cleaning on Wednesday, February 3 I have 1:45 PM, 2:00 PM, or"),
        ("push it back two months", "For a cleaning on Wednesday, February 3 I have 1:45 PM"),
        ("push it back a bit", "For a cleaning on Thursday, December 3 I have 2:15 PM, 3:30 PM"),
        ("bring it forward", "For a cleaning today, Monday, November 23 I have 9:00 AM"),
        ("4 pm", "For a cleaning on Thursday, December 3 I have 3:45 PM, 4:00 PM, or 4:15 PM."),
        ("in the morning", "For a cleaning on Thursday, December 3 I have 9:00 AM, 10:15"),
        ("as late as possible that day", "For a cleaning on Thursday, December 3 I have 3:00 PM"),
    ],
)
def test_a_search_beside_the_visit_is_answered_with_times(
    said: str, told: str, call: Call, row: Appointment
) -> None:
    heard = call("reschedule_appointment", start=said)

    row.refresh_from_db()
    assert heard.startswith(told), heard
    assert row.start == at(THURSDAY)
    assert Offer.objects.count() == 3


def test_another_time_is_not_the_visits_day_where_times_were_told(
    call: Call, row: Appointment
) -> None:
    call("check_availability", service="cleaning", date="Friday")

    assert call("reschedule_appointment", start="make it three").endswith("Could you tell me?")
    row.refresh_from_db()
    assert row.start == at(THURSDAY)


@pytest.mark.parametrize(
    ("said", "moved_to"),
    [
        (["3 instead of 2"], "2026-12-03 15:00"),
        (["Thursday at 3 instead of 2"], "2026-12-03 15:00"),
        (["December 8 at 11", {"current": "the cleaning"}], "2026-12-08 11:00"),
    ],
)
def test_of_two_visits_one_is_told_and_the_new_time_kept(
    said: list[str | dict[str, str]], moved_to: str, call: Call, row: Appointment
) -> None:
    """The other one is a consultation on the next day at eleven."""
    call("book_appointment", service="consultation", patient_name="Ben Ode", start="Dec 4 at 11")

    for words in said:
        told = words if isinstance(words, dict) else {"start": words}
        call("reschedule_appointment", **told)

    row.refresh_from_db()
    assert row.start == at(moved_to)
    assert Appointment.objects.exclude(pk=row.pk).get().start == at("2026-12-04 11:00")


def test_one_of_the_times_told_is_taken_by_its_place(call: Call, row: Appointment) -> None:
    call("reschedule_appointment", start="earlier that day")

    heard = call("reschedule_appointment", start="the second one")

    row.refresh_from_db()
    assert heard.startswith("I've moved it")
    assert row.start == at("2026-12-03 10:45")


def test_nothing_earlier_that_day_is_said(call: Call, row: Appointment, ada: Practitioner) -> None:
    Closure.objects.create(start=at("2026-12-03 08:00"), end=at(THURSDAY), practitioner=ada)

    heard = call("reschedule_appointment", start="earlier that day")

    assert heard.startswith(
        "I'm sorry, I have nothing open for a cleaning at that time on Thursday, December 3."
        " The nearest I have is Thursday, December 3 at 2:00 PM"
    ), heard


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"date": "next Monday"}, "For a cleaning on Monday, November 30 I have 9:00 AM"),
        ({"start": "Friday instead"}, "For a cleaning on Friday, November 27 I have 9:00 AM"),
        ({"start": "the first opening"}, "For a cleaning today, Monday, November 23 I have"),
    ],
)
def test_a_move_without_a_time_is_answered_with_times(
    said: dict[str, str], told: str, call: Call, row: Appointment
) -> None:
    heard = call("reschedule_appointment", **said)

    row.refresh_from_db()
    assert heard.startswith(told), heard
    assert row.start == at(THURSDAY)


def test_hours_are_real_ones_and_days_keep_the_clock_on_the_wall() -> None:
    """T02: the clocks go back on November 1, 2026 at two."""
    hear = hearer()
    before = datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK)

    later = relative.new_time("two hours later", before, hear=hear)
    assert isinstance(later, datetime)
    assert later.timestamp() - before.timestamp() == timedelta(hours=2).total_seconds()
    assert (later.hour, later.minute) == (1, 30)
    next_day = relative.new_time("a day later", before, hear=hear)
    assert isinstance(next_day, hearing.When)
    assert f"{next_day.day} {next_day.time}" == "2026-11-02 00:30:00"


@pytest.mark.parametrize(
    "said",
    ["next Thursday at 3", "at 4", "after 5", "in an hour", "two weeks from Friday",
     "2026-12-03T14:30", "December 8 at 10", "from 2 to 4", "tomorrow afternoon"],
)  # fmt: skip
def test_other_words_are_not_by_the_visit(said: str) -> None:
    assert not relative.is_by_reference(said)


def test_long_words_take_no_time() -> None:
    for text in ("push it back " * 150, "a " * 1000, "same time instead of " * 90):
        if relative.is_by_reference(text):
            with pytest.raises((NotUnderstood, ValueError)):
                relative.new_time(text, MONDAY, hear=hearer())


def hearer() -> relative.Hear:
    return lambda text: hearing.when(text, now=MONDAY, region="US")


@pytest.mark.parametrize(
    "said",
    [
        "don't move it an hour later", "anything but an hour later", "an hour later won't work",
        "the next day is no good", "is an hour later too late?",
        "half an hour later, sorry, earlier",
        "no more than an hour later", "at least an hour later", "not the next day",
        "I can't come an hour later", "never an hour earlier",
    ],
)  # fmt: skip
def test_what_is_refused_is_not_done(said: str, call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", start=said)

    row.refresh_from_db()
    assert row.start == at(THURSDAY)
    assert heard.endswith("?"), heard
