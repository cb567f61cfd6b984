"""Times, and the stretches of the day callers would like, heard on a Sunday in November 2026."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from assistants.hearing import NotUnderstood, Part, Reason, instant, is_repeated, when
from bookings.models import Practitioner, Schedule
from tests.conftest import Booked, Call

NOW = datetime(2026, 11, 22, 10, 30)
NEW_YORK = ZoneInfo("America/New_York")
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)  # when its clocks change


def clock(text: str, *, region: str = "US") -> str:
    """The time heard, and after a stroke its other half of the day, when that is open."""
    found = when(text, now=NOW, region=region)
    return "|".join(f"{at:%H:%M}" for at in (found.time, found.other_time) if at)


def wish(text: str) -> str:
    """The bounds heard, from and until."""
    found = when(text, now=NOW, region="US")
    assert found.time is None
    return "-".join(f"{at:%H:%M}" if at else "" for at in (found.earliest, found.latest))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3", "03:00|15:00"),
        ("August 26 at 11, no wait, the 27th", "11:00|23:00"),
        ("August 26 at 11, no wait, the 27th at 2:30", "02:30|14:30"),
        ("ten no eleven", "11:00|23:00"),
        ("Friday ten", "10:00|22:00"),
        ("Monday first thing, like nine", "09:00"),
        ("at three", "03:00|15:00"),
        ("3pm", "15:00"),
        ("3 p . m .", "15:00"),
        ("three in the afternoon", "15:00"),
        ("evening 6", "18:00"),
        ("four in the evening", "16:00"),
        ("8 at night", "20:00"),
        ("1 at night", "01:00"),
        ("eleven o'clock in the morning", "11:00"),
        ("3 oclock", "03:00|15:00"),
        ("half past three", "03:30|15:30"),
        ("half past 12 in the afternoon", "12:30"),
        ("quarter to one in the afternoon", "12:45"),
        ("quarter to 12 in the morning", "11:45"),
        ("a quarter of three", "02:45|14:45"),
        ("ten past nine", "09:10|21:10"),
        ("twenty to four", "03:40|15:40"),
        ("ten to three", "02:50|14:50"),
        ("at 10 to 3", "02:50|14:50"),
        ("twenty minutes to 2pm", "13:40"),
        ("quarter past noon", "12:15"),
        ("noon", "12:00"),
        ("12", "12:00|00:00"),
        ("12 am", "00:00"),
        ("midnight", "00:00"),
        ("two thirty", "02:30|14:30"),
        ("ten fifty five p.m.", "22:55"),
        ("nine oh five", "09:05|21:05"),
        ("340pm", "15:40"),
        ("9:00", "09:00|21:00"),
        ("09:00", "09:00"),
        ("21:15", "21:15"),
        ("15h30", "15:30"),
        ("8.30pm", "20:30"),
        ("fourteen hundred", "14:00"),
        ("oh nine hundred hours", "09:00"),
        ("1430", "14:30"),
        ("fourteen thirty", "14:30"),
        ("13:30 pm", "13:30"),
        ("around nineish", "09:00|21:00"),
        ("as close to 2 pm as possible", "14:00"),
        ("the closest you have to two thirty in the afternoon", "14:30"),
        ("nearest to noon", "12:00"),
        ("14:30:00Z", "14:30"),
        ("20:00 hrs", "20:00"),
        ("1300h", "13:00"),
        ("1:15 p", "13:15"),
        ("6 thirty pm", "18:30"),
        ("7pm-ish", "19:00"),
        ("3pm or so", "15:00"),
        ("12 o'clock noon", "12:00"),
        ("five to midnight", "23:55"),
        ("half after three", "03:30|15:30"),
        ("five after ten", "10:05|22:05"),
        ("1/4 past 3", "03:15|15:15"),
        ("10:45 in the morn", "10:45"),
        ("Oh, 11 in the morning", "11:00"),
        ("could we do 3", "03:00|15:00"),
        ("move it from 3pm to 4pm", "16:00"),
        ("the 2 o'clock one", "02:00|14:00"),
        ("3 pm, I mean 4 pm", "16:00"),
        ("at three, no, four", "04:00|16:00"),
        ("make it 4", "04:00|16:00"),
        ("four on the dot", "04:00|16:00"),
        ("three works for me", "03:00|15:00"),
        ("I'll take the 2", "02:00|14:00"),
        ("ten of three", "02:50|14:50"),
        ("10 thirty", "10:30|22:30"),
        ("tenAM", "10:00"),
        ("at to thirty", "02:30|14:30"),  # as it may be written down
        ("for o'clock", "04:00|16:00"),
    ],
)
def test_a_time_is_heard(said: str, meant: str) -> None:
    assert clock(said) == meant


@pytest.mark.parametrize(
    ("said", "day", "time"),
    [
        ("tomorrow at 9 in the morning", "2026-11-23", "09:00"),
        ("tomorrow morning at 9", "2026-11-23", "09:00"),
        ("Tuesday at half past two", "2026-11-24", "02:30|14:30"),
        ("next Tuesday at 3 pm", "2026-11-24", "15:00"),
        ("the second at four", "2026-12-02", "04:00|16:00"),
        ("4:15 pm on Wednesday, December 2nd", "2026-12-02", "16:15"),
        ("tonight at 7", "2026-11-22", "19:00"),
        ("tonight at 8, sorry, 7", "2026-11-22", "19:00"),
        ("Tuesday at 3, no, Wednesday at 4", "2026-11-25", "04:00|16:00"),
        ("Tuesday... no, Wednesday at... half past two", "2026-11-25", "02:30|14:30"),
        ("el martes… no, el miércoles a las dos y media", "2026-11-25", "02:30|14:30"),
        ("Tuesday morning, I mean at 10", "2026-11-24", "10:00|22:00"),
        ("in an hour's time", "2026-11-22", "11:30"),
        ("quarter past four on the second of December", "2026-12-02", "04:15|16:15"),
        ("december third twenty twenty six at ten thirty", "2026-12-03", "10:30|22:30"),
        ("uh maybe Thursday the third of December at like two thirty pm", "2026-12-03", "14:30"),
        ("I'm free Tuesday at 3", "2026-11-24", "03:00|15:00"),
        ("no, Tuesday at 3", "2026-11-24", "03:00|15:00"),
        ("a 30 minute appointment tomorrow at 3", "2026-11-23", "03:00|15:00"),
        ("in two hours", "2026-11-22", "12:30"),
        ("in half an hour", "2026-11-22", "11:00"),
        ("in a half hour", "2026-11-22", "11:00"),
        ("in 1 1/2 hours", "2026-11-22", "12:00"),
        ("in 45m", "2026-11-22", "11:15"),
        ("Fri eve at 7", "2026-11-27", "19:00"),
        ("a table for two on Friday at half past seven in the evening", "2026-11-27", "19:30"),
        ("a party of four, Friday at 7 pm", "2026-11-27", "19:00"),
        ("room 12 on Friday at 3 pm", "2026-11-27", "15:00"),
        ("March 5 10 AM", "2027-03-05", "10:00"),
        ("half past 3 March 5th", "2027-03-05", "03:30|15:30"),
    ],
)
def test_a_day_and_a_time_are_heard(said: str, day: str, time: str) -> None:
    assert (str(when(said, now=NOW, region="US").day), clock(said)) == (day, time)


def test_half_two_is_half_past_two_in_britain() -> None:
    assert clock("half two tomorrow", region="GB") == "02:30|14:30"
    with pytest.raises(NotUnderstood):
        clock("half two tomorrow", region="US")


def test_a_date_of_the_fifth_in_the_morning_is_no_time() -> None:
    found = when("Feb 5 AM", now=NOW, region="US")

    assert (str(found.day), found.time, found.part) == ("2027-02-05", None, Part.MORNING)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("early on Friday", "05:00-10:00"),
        ("Friday late", "15:00-"),
        ("after two no after three", "15:00-"),
        ("after 5", "17:00-"),
        ("any time after three", "15:00-"),
        ("not before ten", "10:00-"),
        ("no earlier than 10", "10:00-"),
        ("nothing before 10", "10:00-"),
        ("nothing after 4", "-16:00"),
        ("I work until 5", "17:00-"),
        ("I get off work at 3", "15:00-"),
        ("I finish school at 3", "15:00-"),
        ("between 2 & 4", "14:00-16:00"),
        ("5 or later", "17:00-"),
        ("before noon", "-12:00"),
        ("by 2", "-14:00"),
        ("4 at the latest", "-16:00"),
        ("between 2 and 4", "14:00-16:00"),
        ("between 2 and 4 on Thursday", "14:00-16:00"),
        ("Tuesday from 9 to 11", "09:00-11:00"),
        ("between 10 and 2", "10:00-14:00"),
        ("between nine and eleven in the morning", "09:00-11:00"),
        ("between 6 and 8 in the evening", "18:00-20:00"),
        ("11 to 2 pm", "11:00-14:00"),
        ("2-4pm", "14:00-16:00"),
        ("next Tuesday 2-4", "14:00-16:00"),
        ("later than 9:30 but before 11:00", "09:30-11:00"),
        ("from 2pm for two hours", "14:00-16:00"),
        ("tomorrow morning", "05:00-12:00"),
        ("one morning next week", "05:00-12:00"),
        ("late in the afternoon", "15:00-18:00"),
        ("first thing Monday morning", "05:00-10:00"),
        ("at lunchtime", "11:00-13:00"),
        ("after lunch", "13:00-"),
        ("end of the day", "15:00-"),
        ("later today", "10:30-"),
        ("within two hours", "10:30-12:30"),
        ("in the next few hours", "10:30-13:30"),
        ("within the next hour", "10:30-11:30"),
        ("2026-12-03 14:00-15:00", "14:00-15:00"),  # a stretch, and no offset
        ("around 9 to 10", "09:00-10:00"),
        ("from 9 in the morning until noon", "09:00-12:00"),
        ("10 in the morning to 1 in the afternoon", "10:00-13:00"),
        ("from now until noon", "10:30-12:00"),
        ("EOD Friday", "15:00-"),
        ("later this afternoon", "15:00-18:00"),
        ("I'm available from 2pm", "14:00-"),
        ("any time Thursday", "-"),
    ],
)
def test_a_wish_is_heard(said: str, meant: str) -> None:
    assert wish(said) == meant


def test_a_wish_without_its_half_of_the_day_has_two() -> None:
    found = when("between 7 and 9 on Thursday", now=NOW, region="US")

    assert (found.earliest, found.latest) == (time(7), time(9))
    assert (found.other_earliest, found.other_latest) == (time(19), time(21))


def test_a_part_of_the_day_is_kept() -> None:
    assert when("Friday afternoon", now=NOW, region="US").part is Part.AFTERNOON
    assert when("tonight", now=NOW, region="US").part is Part.NIGHT


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("3 or 4", Reason.AMBIGUOUS),
        ("3 pm, 4 pm", Reason.SEVERAL),
        ("before 9 or after 5", Reason.SEVERAL),
        ("I work from 9 to 5", Reason.EXCLUDED),
        ("ten of them", Reason.AMBIGUOUS),
        ("for thirty", Reason.AMBIGUOUS),
        ("five to seven", Reason.AMBIGUOUS),  # 6:55, or from five
        ("10 to 3", Reason.AMBIGUOUS),  # 2:50, or from ten
        ("around 10 to 3", Reason.AMBIGUOUS),
        ("at 9 to 10", Reason.AMBIGUOUS),  # no 9:51
        ("9-11", Reason.AMBIGUOUS),  # a date, or from nine
        ("25:00", Reason.AMBIGUOUS),
        ("12:60", Reason.AMBIGUOUS),
        ("14 pm", Reason.AMBIGUOUS),
        ("8 am in the evening", Reason.AMBIGUOUS),
        ("twelve in the morning", Reason.AMBIGUOUS),
        ("tomorrow at midnight", Reason.AMBIGUOUS),  # the one before, or after
        ("24:00", Reason.AMBIGUOUS),  # of which day
        ("tonight at 3", Reason.AMBIGUOUS),
        ("twenty", Reason.AMBIGUOUS),
        ("a table for 7 or 7:30", Reason.AMBIGUOUS),  # how many, or when
        ("3 pm is too late", Reason.EXCLUDED),
        ("eleven five", Reason.AMBIGUOUS),  # 11:05, or the fifth of November
        ("an hour later", Reason.AMBIGUOUS),
        ("at 101 points", Reason.AMBIGUOUS),
    ],
)
def test_a_time_is_asked_again(said: str, why: Reason) -> None:
    with pytest.raises(NotUnderstood) as unclear:
        when(said, now=NOW, region="US")

    assert unclear.value.reason == why


def test_an_earlier_one_is_no_hour() -> None:
    with pytest.raises(NotUnderstood) as unclear:
        when("the earlier one", now=NOW, region="US")

    assert unclear.value.reason == Reason.NOTHING_HEARD


def test_hours_that_pass_in_the_night_the_clocks_change_are_real_ones() -> None:
    evening_before = datetime(2027, 3, 13, 22, 0, tzinfo=NEW_YORK)

    found = when("in twelve hours", now=evening_before, region="US")

    assert (found.day, found.time) == (SPRING, time(11))


def test_a_wall_clock_time_is_an_instant() -> None:
    assert instant(date(2026, 12, 3), time(14, 30), zone=NEW_YORK) == datetime(
        2026, 12, 3, 19, 30, tzinfo=UTC
    )


def test_a_time_the_clocks_skip_is_none() -> None:
    with pytest.raises(NotUnderstood) as unclear:
        instant(SPRING, time(2, 30), zone=NEW_YORK)

    assert (unclear.value.part, unclear.value.reason) == ("time", Reason.NO_SUCH_TIME)
    assert not is_repeated(SPRING, time(2, 30), zone=NEW_YORK)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    assert instant(AUTUMN, time(1, 30), zone=NEW_YORK).hour == 5
    assert is_repeated(AUTUMN, time(1, 30), zone=NEW_YORK)
    assert not is_repeated(AUTUMN, time(2, 30), zone=NEW_YORK)


def test_half_past_two_is_in_the_afternoon_when_the_clocks_skip_it_at_night(
    call: Call, ada: Practitioner, booked: Booked
) -> None:
    Schedule.objects.create(practitioner=ada, weekday=6, starts="13:00", ends="17:00")

    with time_machine.travel(datetime(2027, 3, 8, 8, tzinfo=NEW_YORK), tick=False):
        call(
            "book_appointment",
            service="cleaning",
            patient_name="Ben Ode",
            date="Sunday",
            time="half past two",
        )

    assert [row.start.astimezone(NEW_YORK) for row in booked()] == [
        datetime(2027, 3, 14, 14, 30, tzinfo=NEW_YORK)
    ]
