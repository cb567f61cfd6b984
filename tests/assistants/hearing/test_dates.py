"""Days as callers and models say them, heard on Sunday 22 November 2026 at half past ten."""

import subprocess
import sys
from datetime import date, datetime

import pytest

from assistants.hearing import NotUnderstood, Reason, When, birth_date, date_and_time, when

NOW = datetime(2026, 11, 22, 10, 30)


def day(text: str, *, region: str = "US", now: datetime = NOW) -> str:
    found = when(text, now=now, region=region)
    assert found.day is not None
    last = f" to {found.last_day:%Y-%m-%d}" if found.last_day else ""
    return f"{found.day:%a %Y-%m-%d}{last}"


def reason(text: str, *, region: str = "US", now: datetime = NOW) -> Reason:
    with pytest.raises(NotUnderstood) as unclear:
        when(text, now=now, region=region)
    return unclear.value.reason


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        # near days
        ("today", "Sun 2026-11-22"),
        ("tomorrow", "Mon 2026-11-23"),
        ("the day after tomorrow", "Tue 2026-11-24"),
        ("uh, tomorrow, I guess?", "Mon 2026-11-23"),
        ("yesterday", "Sat 2026-11-21"),
        # weekdays: the coming one; "next" is of next week, Monday to Sunday
        ("Tuesday", "Tue 2026-11-24"),
        ("on Thursday please", "Thu 2026-11-26"),
        ("this Friday", "Fri 2026-11-27"),
        ("Sunday", "Sun 2026-11-29"),
        ("next Monday", "Mon 2026-11-23"),
        ("next Sunday", "Sun 2026-11-29"),
        ("Wednesday next week", "Wed 2026-11-25"),
        ("next week, say on Thursday", "Thu 2026-11-26"),
        ("Friday of next week", "Fri 2026-11-27"),
        ("Monday week", "Mon 2026-11-30"),
        ("a week from Tuesday", "Tue 2026-12-01"),
        ("two weeks from Monday", "Mon 2026-12-07"),
        ("a fortnight on Tuesday", "Tue 2026-12-08"),
        ("the Friday after next", "Fri 2026-12-04"),
        ("three Fridays from now", "Fri 2026-12-11"),
        # a number alone is the coming one; with a weekday, the day that is both
        ("the third", "Thu 2026-12-03"),
        ("next month, the 15th", "Tue 2026-12-15"),
        ("this past Friday", "Fri 2026-11-20"),
        ("last Sunday", "Sun 2026-11-15"),
        ("on Friday coming", "Fri 2026-11-27"),
        ("May 5 next year", "Wed 2027-05-05"),
        ("next year on May 5", "Wed 2027-05-05"),
        ("three Fridays from today", "Fri 2026-12-11"),
        ("on the 22nd", "Sun 2026-11-22"),
        ("the 21st", "Mon 2026-12-21"),
        ("Monday the thirtieth", "Mon 2026-11-30"),
        ("Thursday the 3rd", "Thu 2026-12-03"),
        ("Tuesday the 12th", "Tue 2027-01-12"),
        # day and month, in words and figures, in any order
        ("December third", "Thu 2026-12-03"),
        ("the third of December", "Thu 2026-12-03"),
        ("december the 3rd", "Thu 2026-12-03"),
        ("Thursday, Dec. 3", "Thu 2026-12-03"),
        ("3 dec", "Thu 2026-12-03"),
        ("dec-3", "Thu 2026-12-03"),
        ("December twenty-fourth", "Thu 2026-12-24"),
        ("the twenty second of January", "Fri 2027-01-22"),
        ("December third, two thousand twenty six", "Thu 2026-12-03"),
        ("december third twenty twenty six", "Thu 2026-12-03"),
        ("March 3rd next year", "Wed 2027-03-03"),
        ("14 April 27", "Wed 2027-04-14"),
        ("the fifth of the third", "Fri 2027-03-05"),
        ("November 21", "Sun 2027-11-21"),
        # inside a month or a week
        ("the 5th of next month", "Sat 2026-12-05"),
        ("the 30th of this month", "Mon 2026-11-30"),
        ("the first Monday in December", "Mon 2026-12-07"),
        ("the last Friday of the month", "Fri 2026-11-27"),
        ("the second Tuesday of next month", "Tue 2026-12-08"),
        ("the last day of the month", "Mon 2026-11-30"),
        # from another day
        ("in three days", "Wed 2026-11-25"),
        ("in a couple of weeks", "Sun 2026-12-06"),
        ("ten days from now", "Wed 2026-12-02"),
        ("in six months", "Sat 2027-05-22"),
        ("two days before Christmas", "Wed 2026-12-23"),
        ("the Monday after Thanksgiving", "Mon 2026-11-30"),
        ("the Friday before Christmas", "Fri 2026-12-18"),
        ("the first Tuesday after December 5th", "Tue 2026-12-08"),
        ("one week from December 1st", "Tue 2026-12-08"),
        ("a week tomorrow", "Mon 2026-11-30"),
        ("the next business day", "Mon 2026-11-23"),
        # named days
        ("Christmas Eve", "Thu 2026-12-24"),
        ("new years day", "Fri 2027-01-01"),
        ("Thanksgiving", "Thu 2026-11-26"),
        ("MLK day", "Mon 2027-01-18"),
        ("presidents' day", "Mon 2027-02-15"),
        ("Easter Monday", "Mon 2027-03-29"),
        ("Mother's Day", "Sun 2027-05-09"),
        ("Fourth of July", "Sun 2027-07-04"),
        ("NYE", "Thu 2026-12-31"),
        ("Martin Luther King, Junior Day", "Mon 2027-01-18"),
        ("St. Patty's Day", "Wed 2027-03-17"),
        ("Fat Tuesday", "Tue 2027-02-09"),
        ("Holy Thursday", "Thu 2027-03-25"),
        ("Pentecost Monday", "Mon 2027-05-17"),
        ("Orthodox Easter", "Sun 2027-05-02"),
        ("Chinese New Year", "Sat 2027-02-06"),
        ("Labour Day", "Mon 2027-09-06"),
        ("Election Day", "Tue 2027-11-02"),
        ("Giving Tuesday", "Tue 2026-12-01"),
        ("Christmas of 2028", "Mon 2028-12-25"),
        # stretches of days
        ("next week", "Mon 2026-11-23 to 2026-11-29"),
        ("any day next week", "Mon 2026-11-23 to 2026-11-29"),
        ("end of next week", "Thu 2026-11-26 to 2026-11-29"),
        ("early next week", "Mon 2026-11-23 to 2026-11-24"),
        ("next weekend", "Sat 2026-11-28 to 2026-11-29"),
        ("next evening", "Mon 2026-11-23"),
        ("next morning", "Mon 2026-11-23"),
        ("Tuesday to Thursday", "Tue 2026-11-24 to 2026-11-26"),
        ("the week of the 7th", "Mon 2026-12-07 to 2026-12-13"),
        ("sometime in January", "Fri 2027-01-01 to 2027-01-31"),
        ("early December", "Tue 2026-12-01 to 2026-12-10"),
        ("within two weeks", "Sun 2026-11-22 to 2026-12-06"),
        ("within the next week", "Sun 2026-11-22 to 2026-11-29"),
        ("the weekend after next", "Sat 2026-12-05 to 2026-12-06"),
        ("the week commencing 7 December", "Mon 2026-12-07 to 2026-12-13"),
        ("Thanksgiving week", "Mon 2026-11-23 to 2026-11-29"),
        ("December 7th to 9th", "Mon 2026-12-07 to 2026-12-09"),
        ("between the 7th and the 9th of December", "Mon 2026-12-07 to 2026-12-09"),
        # a weekday that only sounds like the day of a month
        ("may I come Tuesday", "Tue 2026-11-24"),
        # slips of the finger or the ear, and words cut short
        ("tomorro", "Mon 2026-11-23"),
        ("2morrow", "Mon 2026-11-23"),
        ("thrusday the 3rd", "Thu 2026-12-03"),
        ("next wensday", "Wed 2026-11-25"),
        ("saterday", "Sat 2026-11-28"),
        ("feburary 9", "Tue 2027-02-09"),
        ("the 4th of decmber", "Fri 2026-12-04"),
        ("if you don't mind, Tuesday", "Tue 2026-11-24"),
        ("my mother's appointment is on Tuesday", "Tue 2026-11-24"),
        # words around the day, which are about something else
        ("Not right now. I'd like Tuesday", "Tue 2026-11-24"),
        ("I don't need X-rays, and I'd like Tuesday", "Tue 2026-11-24"),
        ("No, that doesn't suit me. Tuesday?", "Tue 2026-11-24"),
        ("Tuesday at 3. I can't wait", "Tue 2026-11-24"),
        ("let me think for a second, Tuesday", "Tue 2026-11-24"),
        ("the last nurse was kind, can I come Tuesday", "Tue 2026-11-24"),
        ("I live at 2100 Elm Street, Tuesday is fine", "Tue 2026-11-24"),
        ("I work that day, so Tuesday", "Tue 2026-11-24"),
        ("the first slot on Friday", "Fri 2026-11-27"),
        ("my second visit, on Friday", "Fri 2026-11-27"),
        ("on second thoughts, Friday", "Fri 2026-11-27"),
        ("it was $40 last time, Friday please", "Fri 2026-11-27"),
        ("the Monday following Thanksgiving", "Mon 2026-11-30"),
        ("in about two weeks", "Sun 2026-12-06"),
        ("12/10 - Thursday", "Thu 2026-12-10"),
        ("my back is bad, Friday please", "Fri 2026-11-27"),
        ("what's the earliest you have on Friday", "Fri 2026-11-27"),
        # what is taken back, or only set against what is wanted
        ("Tuesday, no wait, Friday", "Fri 2026-11-27"),
        ("Tuesday - actually Friday", "Fri 2026-11-27"),
        ("I'd like Tuesday, sorry, I mean Friday", "Fri 2026-11-27"),
        ("the 5th, sorry, the 7th", "Mon 2026-12-07"),
        ("the 5th of May, sorry, the 6th", "Thu 2027-05-06"),
        ("August 26, no wait, Friday the 27th", "Fri 2027-08-27"),
        ("tomorrow, sorry, the 27th", "Fri 2026-11-27"),
        ("tomorrow, no, Friday", "Fri 2026-11-27"),
        ("tomorrow at ten, no, the day after", "Tue 2026-11-24"),
        ("August 26, no wait, the 27th, no, the 28th", "Sat 2027-08-28"),
        ("Tuesday I can't. Better Wednesday.", "Wed 2026-11-25"),
        ("Tuesday at 3 I can't. Better Wednesday", "Wed 2026-11-25"),
        ("I can't do Tuesday. How about Friday?", "Fri 2026-11-27"),
        ("Tuesday doesn't work, Wednesday would be better", "Wed 2026-11-25"),
        ("Tuesday isn't possible, Thursday instead", "Thu 2026-11-26"),
        ("Tuesday the 1st, sorry, December 3rd", "Thu 2026-12-03"),
        ("not Monday but Tuesday", "Tue 2026-11-24"),
        ("Tuesday, not Monday", "Tue 2026-11-24"),
        ("Friday instead of Monday", "Fri 2026-11-27"),
        ("about two weeks from now", "Sun 2026-12-06"),
        ("this coming Sunday at noon", "Sun 2026-11-29"),
        ("the Friday after next, evening", "Fri 2026-12-04"),
        ("5 December first thing", "Sat 2026-12-05"),
        ("six months today", "Sat 2027-05-22"),
        ("w/c 7 December", "Mon 2026-12-07 to 2026-12-13"),
        ("the week beginning the 7th", "Mon 2026-12-07 to 2026-12-13"),
        ("the weekend after Thanksgiving", "Sat 2026-11-28 to 2026-11-29"),
        ("between Christmas and new year", "Fri 2026-12-25 to 2027-01-01"),
        ("Mon-Wed", "Mon 2026-11-23 to 2026-11-25"),
    ],
)
def test_a_day_is_heard(said: str, meant: str) -> None:
    assert day(said) == meant


@pytest.mark.parametrize(
    ("written", "day", "time"),
    [
        ("2026-12-03", "2026-12-03", None),
        ("2026-12-03T14:30", "2026-12-03", "14:30"),
        ("2026-12-03T14:30:00", "2026-12-03", "14:30"),
        ("2026-12-03T14:30:00.000Z", "2026-12-03", "14:30"),
        ("2026-12-03T14:30:00-05:00", "2026-12-03", "14:30"),
        ("2026-12-03T14:30-05:00", "2026-12-03", "14:30"),
        ("2026-12-03 14:30:00 UTC", "2026-12-03", "14:30"),
        ("2026-12-03T14:30[America/New_York]", "2026-12-03", "14:30"),
        ("2026-12-03T02:30", "2026-12-03", "02:30"),
        ("2026-12-03t14:30:00z", "2026-12-03", "14:30"),
        ("2026-12-03T14:30:00-05", "2026-12-03", "14:30"),
        ("2026-12-03T9:30", "2026-12-03", "09:30"),
        ("2026-12-03T14", "2026-12-03", "14:00"),
        ("2026-12-03, 14:30", "2026-12-03", "14:30"),
        ("2026-12-03,14:30", "2026-12-03", "14:30"),
        ("2026-12-03 14:30 UTC-5", "2026-12-03", "14:30"),
        ("2026-12-03 (Thursday) 14:30", "2026-12-03", "14:30"),
        ("2026-12-03 14:30 -0500", "2026-12-03", "14:30"),
        ("202612031430", "2026-12-03", "14:30"),
        ("20261203143000", "2026-12-03", "14:30"),
        ("20261203-1430", "2026-12-03", "14:30"),
        ("2026-W49-4T10:00", "2026-12-03", "10:00"),
        ('{"day": "Thursday, December 3", "time": "2:30 pm"}', "2026-12-03", "14:30"),
        ("Thu Dec 03 14:30:00 2026", "2026-12-03", "14:30"),
        ('{"date": "2026-12-03", "time": "2:30 PM"}', "2026-12-03", "14:30"),
        ("2026-12-03T00:00:00", "2026-12-03", None),
        ("2026-12-03T24:00", "2026-12-04", "00:00"),
        ("2026-12-03 at 2:30pm", "2026-12-03", "14:30"),
        ("20261130T1400", "2026-11-30", "14:00"),
        ("20261130T140000Z", "2026-11-30", "14:00"),
        ("20261130", "2026-11-30", None),
        ("2026-W49-4", "2026-12-03", None),
        ("2026/12/03", "2026-12-03", None),
        ('{"date": "2026-12-03"}', "2026-12-03", None),
        ("12/3/2026 2:30 PM", "2026-12-03", "14:30"),
        ("December 3, 2026 at 2:30 PM", "2026-12-03", "14:30"),
        ("2026-11-20", "2026-11-20", None),  # past, of this year: returned as it is
    ],
)
def test_a_model_writes_a_date(written: str, day: str, time: str | None) -> None:
    found = when(written, now=NOW, region="US")

    assert (str(found.day), found.time and f"{found.time:%H:%M}") == (day, time)
    assert not found.year_corrected and found.other_time is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-12-03", "Thu 2026-12-03"),
        ("2024-02-20", "Sat 2027-02-20"),
        ("2025-11-22", "Sun 2026-11-22"),
        ("2023-12-03T14:30:00Z", "Thu 2026-12-03"),
        ("20241130T1400", "Mon 2026-11-30"),
        ("December 3, 2024", "Thu 2026-12-03"),
        ("12/03/2024", "Thu 2026-12-03"),
        ("3-Dec-24", "Thu 2026-12-03"),
        ("Christmas 2024", "Fri 2026-12-25"),
    ],
)
def test_a_past_year_is_taken_for_the_next_time_that_day_comes(written: str, meant: str) -> None:
    assert day(written) == meant
    assert when(written, now=NOW, region="US").year_corrected


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", Reason.NOTHING_HEARD),
        ("null", Reason.NOTHING_HEARD),
        ("N/A", Reason.NOTHING_HEARD),
        ("as soon as possible", Reason.NOTHING_HEARD),
        ("whenever you like", Reason.NOTHING_HEARD),
        ("Tuesday or Wednesday", Reason.SEVERAL),
        ("from Tuesday to Thursday", Reason.SEVERAL),  # a stretch, or an appointment moved
        ("tomorrow, sorry, the 6th", Reason.SEVERAL),  # of December, or a slip
        ("the 27th of February, no wait, the 30th", Reason.SEVERAL),
        ("I can't do Tuesday or Wednesday", Reason.EXCLUDED),
        ("Tuesday I can't, Wednesday is bad", Reason.EXCLUDED),
        ("Tuesday I can't. Better not Wednesday.", Reason.EXCLUDED),
        ("next Tuesday, no wait, Wednesday", Reason.SEVERAL),  # of next week, or this one
        ("the 5th, I mean Wednesday", Reason.SEVERAL),
        ("not Tuesday", Reason.EXCLUDED),
        ("not Monday, Tuesday", Reason.EXCLUDED),  # Tuesday, or neither of them
        ("nothing on Tuesday", Reason.EXCLUDED),
        ("Wednesday gone", Reason.EXCLUDED),
        ("next week, not Friday", Reason.EXCLUDED),
        ("any day but Friday", Reason.EXCLUDED),
        ("I can't do Tuesday", Reason.EXCLUDED),
        ("I'm busy on Tuesday", Reason.EXCLUDED),
        ("Tuesday is too soon", Reason.EXCLUDED),
        ("Monday is no good", Reason.EXCLUDED),
        ("Monday would be tricky", Reason.EXCLUDED),
        ("I'm out of town on Monday", Reason.EXCLUDED),
        ("any day next week but Monday", Reason.EXCLUDED),
        ("every Tuesday", Reason.RECURRING),
        ("Tuesdays", Reason.RECURRING),
        ("Tuesday mornings", Reason.RECURRING),
        ("once a week on Tuesday", Reason.RECURRING),
        ("weekly, on Tuesday", Reason.RECURRING),
        ("Monday the third of December", Reason.WEEKDAY_DISAGREES),
        ("Wednesday the 24th", Reason.WEEKDAY_DISAGREES),
        ("Tuesday, December 3, 2024", Reason.WEEKDAY_DISAGREES),  # true of 2024, not of 2026
        ("February 30", Reason.NO_SUCH_DAY),
        ("2026-11-31", Reason.NO_SUCH_DAY),
        ("2026-13-01", Reason.NO_SUCH_DAY),
        ("31/04", Reason.NO_SUCH_DAY),
        ("February 29", Reason.NO_SUCH_DAY),  # 2027 has none
        ("2024-02-29", Reason.NO_SUCH_DAY),
        ("the 31st", Reason.NO_SUCH_DAY),  # November has none, and December was not said
        ("2032-01-01", Reason.YEAR_TOO_FAR),
        ("December 3, 2062", Reason.YEAR_TOO_FAR),
        ("0026-12-03", Reason.YEAR_TOO_FAR),
        ("1970-01-01", Reason.YEAR_TOO_FAR),
        ("20226-12-03", Reason.YEAR_TOO_FAR),
        ("tursday", Reason.AMBIGUOUS),  # a slip from two days
        ("Thursday or so", Reason.AMBIGUOUS),
        ("Diwali 2027", Reason.AMBIGUOUS),  # calendars differ by a day
        ("Lunar New Year", Reason.AMBIGUOUS),  # in Korea it may be the day after
        ("the orthodox Good Friday", Reason.AMBIGUOUS),
        ("2024-W49-4", Reason.YEAR_TOO_FAR),  # weeks move from year to year
        ("9.8.2027", Reason.AMBIGUOUS),
        ("in a few days", Reason.AMBIGUOUS),
        ("two weeks later", Reason.AMBIGUOUS),  # than what?
        ("the day after", Reason.AMBIGUOUS),
        ("after Tuesday", Reason.AMBIGUOUS),
        ("any day after Tuesday", Reason.AMBIGUOUS),
        ("Thursday a week from now", Reason.WEEKDAY_DISAGREES),  # of that week, or the next
        ("as of Tuesday", Reason.AMBIGUOUS),
        ("I'm free from Tuesday", Reason.AMBIGUOUS),
        ("this or next Tuesday", Reason.SEVERAL),
        # One weekday, and two days.
        ("this Tuesday or next Tuesday at 10", Reason.SEVERAL),
        ("Thursday or December 3rd at 10", Reason.SEVERAL),
        ("today or Sunday at 11", Reason.SEVERAL),
        ("Tuesday at 10 and Tuesday next week", Reason.SEVERAL),
        ("at two thirty two weeks from Monday", Reason.AMBIGUOUS),  # thirty-two, or two from 2:30
        ("December 22nd - 3", Reason.AMBIGUOUS),
        ("starting Tuesday", Reason.AMBIGUOUS),
        ("from December 2nd on", Reason.AMBIGUOUS),
        ("some Tuesday", Reason.AMBIGUOUS),
        ("within a week of Tuesday", Reason.AMBIGUOUS),
        ("five hundred weeks from now", Reason.AMBIGUOUS),
        ("by Friday", Reason.AMBIGUOUS),
        ("Tuesday 9", Reason.AMBIGUOUS),  # at nine, or the ninth
        ("Ramadan", Reason.AMBIGUOUS),
        ("bank holiday Monday", Reason.AMBIGUOUS),
        ("the first available", Reason.NOTHING_HEARD),
        ("just a second", Reason.NOTHING_HEARD),
        ("the second half", Reason.AMBIGUOUS),
        ("2026-12-03/2026-12-05", Reason.AMBIGUOUS),
        ("101,194", Reason.AMBIGUOUS),
        ("x" * 501, Reason.TOO_LONG),
    ],
)
def test_a_day_is_asked_again(said: str, why: Reason) -> None:
    assert reason(said) == why


@pytest.mark.parametrize(
    ("said", "region", "meant"),
    [
        ("03/04", "US", "Thu 2027-03-04"),
        ("03/04", "GB", "Sat 2027-04-03"),
        ("03/04", "AU", "Sat 2027-04-03"),
        ("13/12", "US", "Sun 2026-12-13"),  # there is only one such day
        ("16.12.", "GB", "Wed 2026-12-16"),
        ("03.12.2026", "GB", "Thu 2026-12-03"),
        ("mother's day", "US", "Sun 2027-05-09"),
        ("mother's day", "GB", "Sun 2027-03-07"),
        ("thanksgiving", "CA", "Mon 2027-10-11"),
        ("ANZAC Day", "AU", "Sun 2027-04-25"),
        ("german unity day", "DE", "Sun 2027-10-03"),
    ],
)
def test_a_country_has_its_own_order_and_days(said: str, region: str, meant: str) -> None:
    assert day(said, region=region) == meant


def test_where_both_orders_are_usual_it_is_asked() -> None:
    assert reason("03/04", region="CA") == Reason.AMBIGUOUS
    assert day("13/04", region="CA") == "Tue 2027-04-13"
    assert reason("thanksgiving", region="GB") == Reason.AMBIGUOUS  # whose?


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Sunday at 3 pm", "Sun 2026-11-22"),
        ("Sunday at 9 am", "Sun 2026-11-29"),
        ("Sunday between 2 and 4", "Sun 2026-11-22"),
        ("Sunday afternoon", "Sun 2026-11-29"),
    ],
)
def test_today_is_meant_by_its_weekday_only_with_a_time_still_to_come(
    said: str, meant: str
) -> None:
    assert day(said) == meant


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (datetime(2026, 11, 23, 9), "Tue 2026-12-01"),  # a Monday
        (datetime(2026, 11, 24, 9), "Tue 2026-12-01"),  # a Tuesday
        (datetime(2026, 11, 29, 23, 30), "Tue 2026-12-01"),  # a Sunday night
        (datetime(2026, 12, 30, 9), "Tue 2027-01-05"),
    ],
)
def test_next_tuesday_is_in_the_week_after_this_one(today: datetime, meant: str) -> None:
    assert day("next Tuesday", now=today) == meant


def test_after_midnight_tonight_is_the_coming_night() -> None:
    found = when("tonight at 7", now=datetime(2026, 11, 22, 0, 30), region="US")

    assert (str(found.day), str(found.time)) == ("2026-11-22", "19:00:00")


def test_a_leap_day_is_heard_when_the_coming_one_exists() -> None:
    assert day("February 29", now=datetime(2027, 3, 1, 9)) == "Tue 2028-02-29"
    assert day("2028-02-29") == "Tue 2028-02-29"


def test_nothing_heard_names_no_words() -> None:
    with pytest.raises(NotUnderstood) as unclear:
        when("Mrs. Jones on Monday the third of December", now=NOW, region="US")

    assert str(unclear.value) == "day: weekday_disagrees"
    assert unclear.value.part == "day" and unclear.value.day == date(2026, 12, 3)


def test_the_scorers_door_gives_a_pair() -> None:
    assert date_and_time("next week", NOW) == (None, None)
    assert date_and_time("gibberish", NOW) == (None, None)
    assert date_and_time("03/04", NOW, dayfirst=True)[0] == date(2027, 4, 3)


def test_an_aware_now_is_its_wall_clock() -> None:
    assert when("today", now=NOW.astimezone(), region="US") == When(day=NOW.date())


@pytest.mark.parametrize(
    "said",
    [
        "April 17th 1988",
        "april seventeenth nineteen eighty eight",
        "the seventeenth of April, 88",
        "4/17/88",
        "17 April '88",
        "four seventeen eighty eight",
        "1988-04-17",
        "1988-04-17T00:00:00Z",
        "I was born on April 17, 1988",
        "April 16, 1988, no sorry, April 17",
        "April 16, 1988, no wait, the 17th",
        "April 17 1986, sorry, 1988",
        "April 16, 1987, I mean the 17th, 1988",
        "April 16 1987, no wait, April 17 1988",
        "4/16/88, I mean 4/17/88",
        "nací el 17 de abril de 1988",
        "diecisiete de abril de mil novecientos ochenta y ocho",
        "17 de abril del 88",
        "el 17 de abril del ochenta y ocho",
    ],
)
def test_a_date_of_birth_is_heard(said: str) -> None:
    assert birth_date(said, now=NOW, region="US") == date(1988, 4, 17)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("17/4/88", date(1988, 4, 17)),
        ("3/4/05", date(2005, 4, 3)),
        ("3 April oh five", date(2005, 4, 3)),
        ("third of April two thousand and one", date(2001, 4, 3)),
        ("3/4/26", date(2026, 4, 3)),
        ("3/4/27", date(1927, 4, 3)),
        ("tres de abril del dos mil cinco", date(2005, 4, 3)),
        ("31 de diciembre del veintiséis", date(1926, 12, 31)),
    ],
)
def test_a_year_of_two_figures_is_the_latest_past_one(said: str, meant: date) -> None:
    assert birth_date(said, now=NOW, region="GB") == meant


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("April 17", Reason.YEAR_MISSING),
        ("April 17, 2030", Reason.IN_THE_FUTURE),
        ("17 de abril del 2030", Reason.IN_THE_FUTURE),
        ("1850-04-17", Reason.YEAR_TOO_FAR),
        ("February 29, 1989", Reason.NO_SUCH_DAY),
        ("April 17 1988 or 1989", Reason.AMBIGUOUS),
        ("April 17 1988 or April 18", Reason.SEVERAL),
        ("I'd rather not say", Reason.NOTHING_HEARD),
    ],
)
def test_a_date_of_birth_is_asked_again(said: str, why: Reason) -> None:
    with pytest.raises(NotUnderstood) as unclear:
        birth_date(said, now=NOW, region="US")

    assert (unclear.value.part, unclear.value.reason) == ("birth_date", why)


def test_hearing_needs_no_settings() -> None:
    """Who measures how well it hears imports it alone."""
    heard = "from assistants import hearing; print(hearing.birth_date.__name__)"
    run = subprocess.run(
        [sys.executable, "-c", heard], env={}, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr) == ("birth_date\n", "")
