"""Speech as it is really transcribed: what keeps somebody away, other numbers, misheard words.

None of these sentences is of the corpora. They are heard on Sunday 22 November 2026 at 10:15.
"""

from datetime import datetime

import pytest

from assistants.hearing import NotUnderstood, Reason, When, when

NOW = datetime(2026, 11, 22, 10, 15)


def shown(found: When) -> str:
    """All that was heard on one line; after a stroke the other half of the day."""
    said = []
    if found.day:
        said.append(f"{found.day}" + (f"..{found.last_day}" if found.last_day else ""))
    if found.time:
        said.append("|".join(f"{at:%H:%M}" for at in (found.time, found.other_time) if at))
    if found.earliest or found.latest:
        ends = (found.earliest, found.latest)
        said.append("-".join(f"{at:%H:%M}" if at else "" for at in ends))
    return " ".join([*said, *([found.part.value] if found.part else [])])


@pytest.mark.parametrize(
    "said",
    [
        "avoid Mondays if you can",
        "skip Tuesday",
        "let's skip Tuesday",
        "anything besides Tuesday",
        "anything but Tuesday",
        "Tuesday is out",
        "Tuesday clashes with work",
        "that conflicts with my class on Tuesday",
        "I missed my appointment on Tuesday",
        "my train leaves Tuesday at 3",
        "our flight's on Tuesday",
        "I'm flying out Tuesday",
        "I'm in court Tuesday",
        "I have jury duty on Tuesday",
        "I've got a meeting Tuesday at 3",
        "I have work on Tuesday",
        "I have a funeral tomorrow",
        "my daughter has ballet on Tuesday",
        "we have guests on Tuesday",
        "I have to work Tuesday",
        "Tuesday I work",
        "Tuesday I have class",
        "I work Tuesdays",
        "they're closed on Tuesday",
        "aren't you closed Tuesday",
        "Tuesday? nope",
        "Tuesday, no.",
        "no Tuesday",
        "not a chance on Tuesday",
        "Tuesday's a no go",
        "scratch Tuesday",
        "never mind Tuesday",
        "I'm away Tuesday",
        "I'm out of town until Tuesday",
        "no way on Tuesday",
        "Tuesday is not good",
        "Tuesday isn't great",
        "I won't be here Tuesday",
        "I'm at a conference Tuesday",
        "except Tuesday",
        "I cannot do 3 on Tuesday",
        "my husband works Tuesdays",
        "I'm having surgery on Tuesday",
        "I'm getting married Saturday",
        "it's my birthday on Tuesday",
        "I leave Tuesday",
        "Tuesday is my anniversary",
        "we fly home Tuesday at 5",
        "ten to for",
        "ten eleven",
        "Dec 5 2030",
        "Tuesday 2025",
        "the second one",
        "5 to 6 tomorrow",
        "the three at four",
        "Wednesday 2030",
        "I need it before my trip on Friday",
        "after my shift on Friday",
        "she has dance at 4 on Tuesday",
        "my kid has soccer Tuesday at 4",
        "Saturday just gone",
        "the Tuesday that just passed",
        "any day bar Thursday",
        "Friday's a no for me",
        "Friday is out of the question",
        "I gotta work Thursday",
        "I'm booked Friday",
        "I already have something on Thursday",
        "Tuesday's when I have dialysis",
        "my son graduates on Friday",
        "my wife takes the car on Friday",
        "my crown fell out on Tuesday",
        "my son got sick on Saturday",
        "it started hurting on Monday",
        "I called on Tuesday",
        "I saw Dr. Lee on Monday",
        "we play in a tournament Saturday",
    ],
)
def test_a_day_that_is_taken_or_not_certain_is_asked(said: str) -> None:
    with pytest.raises(NotUnderstood):
        when(said, now=NOW, region="US")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("don't forget Tuesday at 3pm", "2026-11-24 15:00"),
        ("forget what I said, Tuesday at 3pm", "2026-11-24 15:00"),
        ("besides, Tuesday at 3pm is better", "2026-11-24 15:00"),
        ("I've got Friday off, 3pm", "2026-11-27 15:00"),
        ("I have a toothache can I come in tomorrow at 9am", "2026-11-23 09:00"),
        ("annual exam Tuesday at 9am", "2026-11-24 09:00"),
        ("I have time on Tuesday", "2026-11-24"),
        ("I have an opening on Tuesday", "2026-11-24"),
        ("I have Tuesday off", "2026-11-24"),
        ("I have Tuesday free", "2026-11-24"),
        ("I'm off Tuesday", "2026-11-24"),
        ("I have an appointment on Tuesday at 3pm", "2026-11-24 15:00"),
        ("never mind, Tuesday at 3pm", "2026-11-24 15:00"),
        ("which doctor doesn't matter, Tuesday at 3pm", "2026-11-24 15:00"),
        ("the type does not matter, Tuesday", "2026-11-24"),
        ("no rush, Tuesday is fine", "2026-11-24"),
        ("6 month recall on Tuesday at 9am", "2026-11-24 09:00"),
        ("B12 shot Tuesday at 9am", "2026-11-24 09:00"),
        ("my 4-year-old on Tuesday at 9am", "2026-11-24 09:00"),
        ("my 4 year old needs a checkup Tuesday at 9am", "2026-11-24 09:00"),
        ("four of us on Tuesday at 9am", "2026-11-24 09:00"),
        ("Dr. May tomorrow at 9am", "2026-11-23 09:00"),
        ("Dr. March on Tuesday at 9am", "2026-11-24 09:00"),
        ("doctor August on Tuesday", "2026-11-24"),
        ("two fillings on Tuesday at 9am", "2026-11-24 09:00"),
        ("3 kids on Tuesday at 9am", "2026-11-24 09:00"),
        ("for 2 people Tuesday at 9am", "2026-11-24 09:00"),
        ("covid 19 booster Tuesday 9am", "2026-11-24 09:00"),
        ("tetanus shot number 2 on Tuesday at 9am", "2026-11-24 09:00"),
        ("stage 2 cancer, Tuesday at 9 am", "2026-11-24 09:00"),
        ("45-minute massage on Tuesday at 9am", "2026-11-24 09:00"),
        ("an hour on Tuesday at 9am", "2026-11-24 09:00"),
        ("an hour long appointment Tuesday at 9am", "2026-11-24 09:00"),
        ("two week follow up on December 3rd at 9am", "2026-12-03 09:00"),
        ("I'm 34 years old, Tuesday at 9am", "2026-11-24 09:00"),
        ("apartment 4, Tuesday at 9am", "2026-11-24 09:00"),
        ("I have 2 kids, Tuesday at 9am", "2026-11-24 09:00"),
        ("pain level 7, Tuesday at 9am", "2026-11-24 09:00"),
        ("pain for 3 days, Tuesday at 9am", "2026-11-24 09:00"),
        ("I've had pain for two weeks, Tuesday at 9am", "2026-11-24 09:00"),
        ("I need 2 crowns, Tuesday at 9am", "2026-11-24 09:00"),
        ("ate am tomorrow", "2026-11-23 08:00"),
        ("tomorrow at ate", "2026-11-23 08:00|20:00"),
        ("to thirty on Tuesday", "2026-11-24 02:30|14:30"),
        ("half passed three", "03:30|15:30"),
        ("nine oh clock", "09:00|21:00"),
        ("the forth at 9am", "2026-12-04 09:00"),
        ("won thirty tomorrow", "2026-11-23 01:30|13:30"),
        ("for thirty on Monday", "2026-11-23 04:30|16:30"),
        ("tuesday at to", "2026-11-24 02:00|14:00"),
        ("wens day at 3pm", "2026-11-25 15:00"),
        ("tues day at 3pm", "2026-11-24 15:00"),
        ("fore pm friday", "2026-11-27 16:00"),
        ("monday at won", "2026-11-23 01:00|13:00"),
        ("quarter passed two on monday", "2026-11-23 02:15|14:15"),
        ("first of all I need Tuesday", "2026-11-24"),
        ("first of all, Tuesday at 3pm", "2026-11-24 15:00"),
        ("second of all, Tuesday", "2026-11-24"),
        ("12/5/2025", "2026-12-05"),
        ("12/05 2024", "2026-12-05"),
        ("12/05, 2026 at 3pm", "2026-12-05 15:00"),
        ("5/12 2025", "2027-05-12"),
        ("December 2026", "2026-12-01..2026-12-31"),
        ("meeting till 2 on Tuesday, so 2:30", "2026-11-24 14:30"),
        ("I'm in class until 3 on Tuesday so 3:15 works", "2026-11-24 15:15"),
        ("I work till 5, 5:30 on Tuesday", "2026-11-24 17:30"),
        ("not this Friday but the next one", "2026-12-04"),
        ("not this Friday, the following Friday", "2026-12-04"),
        ("not next week but the week after", "2026-11-30..2026-12-06"),
        ("not this week, next week", "2026-11-23..2026-11-29"),
        ("not tomorrow, the day after", "2026-11-24"),
        ("first available Tuesday", "2026-11-24"),
        ("next available Friday afternoon", "2026-11-27 12:00-18:00 afternoon"),
        ("the first opening on Friday", "2026-11-27"),
        ("the last slot on Friday", "2026-11-27 15:00-"),
        ("the third option, Tuesday at 3pm", "2026-11-24 15:00"),
        ("the first one, Monday at 9am", "2026-11-23 09:00"),
        ("from the 5th until the 9th", "2026-12-05..2026-12-09"),
        ("between the 5th and the 9th", "2026-12-05..2026-12-09"),
        ("the 5th through the 9th", "2026-12-05..2026-12-09"),
        ("1 to 2pm tomorrow", "2026-11-23 13:00-14:00"),
        ("9 to 10 am on Tuesday", "2026-11-24 09:00-10:00"),
        ("10 to 11 tomorrow morning", "2026-11-23 10:00-11:00 morning"),
        ("5 to 6 in the evening tomorrow", "2026-11-23 17:00-18:00 evening"),
        ("ten to three tomorrow", "2026-11-23 02:50|14:50"),
        ("on the day 5 of december", "2026-12-05"),
        ("tuesday in the evening hours", "2026-11-24 17:00- evening"),
        ("at 16 hours on tuesday", "2026-11-24 16:00"),
        ("the 28 at 3pm", "2026-11-28 15:00"),
        ("the twenty eight at 3pm", "2026-11-28 15:00"),
        ("28 this month", "2026-11-28"),
        ("5th next month", "2026-12-05"),
        ("nxt fri 2pm", "2026-11-27 14:00"),
        ("nxt wk", "2026-11-23..2026-11-29"),
        ("COB Thursday", "2026-11-26 15:00-"),
        ("close of play Friday", "2026-11-27 15:00-"),
        ("this day fortnight", "2026-12-06"),
        ("call me on Tuesday at 3", "2026-11-24 03:00|15:00"),
        ("my husband's off on Friday", "2026-11-27"),
        ("B12 on the 3rd", "2026-12-03"),
        ("take the 3pm on Tuesday", "2026-11-24 15:00"),
        ("half an hour Tuesday at 10am", "2026-11-24 10:00"),
        ("tonight 2000", "2026-11-22 20:00 night"),
        ("Friday at 2030", "2026-11-27 20:30"),
        ("noon on the 3rd", "2026-12-03 12:00"),
        ("the week of Thanksgiving", "2026-11-23..2026-11-29"),
        ("I'm off work Friday at 3pm", "2026-11-27 15:00"),
        ("I get off at 5 so 5:30 Tuesday", "2026-11-24 17:30"),
        ("Tuesday at ten fourty", "2026-11-24 10:40|22:40"),
        ("ten thirtyfive on Tuesday", "2026-11-24 10:35|22:35"),
        ("at nine thirdy", "09:30|21:30"),
        ("half past ten, the twelth", "2026-12-12 10:30|22:30"),
        ("the twentyfirst of december", "2026-12-21"),
        ("december eigth at 9am", "2026-12-08 09:00"),
        ("around ten thirtyish", "10:30|22:30"),
        ("quarter to fourish, Tuesday", "2026-11-24 03:45|15:45"),
        ("half passed too on thursday", "2026-11-26 02:30|14:30"),
        ("quarter too five tomorrow", "2026-11-23 04:45|16:45"),
        ("the 14th, well, better the 15th", "2026-12-15"),
        ("Wednesday at 2, hmm, can we do 2:30 instead", "2026-11-25 02:30|14:30"),
        ("Monday at 2 pm, could we make it Tuesday instead", "2026-11-24 14:00"),
        ("Friday afternoon, the later the better", "2026-11-27 12:00-18:00 afternoon"),
        ("an hour massage on Friday at 4 pm", "2026-11-27 16:00"),
        ("one minute checkup on Friday at 4 pm", "2026-11-27 16:00"),
        ("one quick question, is Monday at 9am free", "2026-11-23 09:00"),
        ("my lunch hour is 12 to 1, could I come Monday at 12:15", "2026-11-23 12:15"),
        ("on the day tuesday", "2026-11-24"),
        ("day 4 of december", "2026-12-04"),
        ("preferred_day=Thursday", "2026-11-26"),
        ("2026-12-03 09h45", "2026-12-03 09:45"),
        ("9.20 on Monday", "2026-11-23 09:20|21:20"),
        ("Monday just past 3", "2026-11-23 15:00-"),
        ("between the Monday and the Wednesday", "2026-11-23..2026-11-25"),
        ("Tuesday next", "2026-11-24"),
        ("monday mourning at nine", "2026-11-23 09:00 morning"),
        (r"Wednesday\n3pm", "2026-11-25 15:00"),
        ("3 o'clock, oh wait, 3:30 on the 19th", "2026-12-19 03:30|15:30"),
        ("Tuesday, wait, Wednesday at 3 pm", "2026-11-25 15:00"),
        ("I can't wait, Tuesday at 3 pm", "2026-11-24 15:00"),
        ("my shift ends at 3 so 3:45 on Friday would be good", "2026-11-27 15:45"),
        ("school lets out at 3 so 3:30 on Friday", "2026-11-27 15:30"),
        ("the day twenty five of november", "2026-11-25"),
        ("1 month follow up on Tuesday at 2pm", "2026-11-24 14:00"),
        ("a week Tuesday", "2026-12-01"),
        ("I'm 8 weeks pregnant, Wednesday at 10am", "2026-11-25 10:00"),
        ("second shingles shot on Monday at 11am", "2026-11-23 11:00"),
        ("my daughter needs a checkup on Tuesday", "2026-11-24"),
        ("my tooth hurts can I come Tuesday", "2026-11-24"),
        ("the nurse said Tuesday at 3 pm", "2026-11-24 15:00"),
        ("the website shows Tuesday at 3pm", "2026-11-24 15:00"),
        ("the office called me about Tuesday", "2026-11-24"),
        ("I heard Tuesday is open", "2026-11-24"),
        ("Tuesday's when I'm free", "2026-11-24"),
        ("on my lunch hour, Friday", "2026-11-27 11:00-13:00"),
        ("do you by any chance have Monday at three", "2026-11-23 03:00|15:00"),
        ("4 wisdom teeth on Friday at 8am", "2026-11-27 08:00"),
        ("the 2 pm, 30 minutes, on Friday", "2026-11-27 14:00"),
        ("weekday: tuesday", "2026-11-24"),
        ("the therd of july", "2027-07-03"),
    ],
)
def test_a_sentence_is_heard_as_it_is_meant(said: str, meant: str) -> None:
    assert shown(when(said, now=NOW, region="US")) == meant


@pytest.mark.parametrize(
    ("hour", "day"),
    [(8, "2026-11-25"), (10, "2026-12-02"), (12, "2026-12-02"), (18, "2026-12-02")],
)
def test_a_weekday_whose_hour_is_over_is_next_weeks(hour: int, day: str) -> None:
    found = when("Wednesday at 9", now=datetime(2026, 11, 25, hour, 20), region="US")

    assert shown(found) == f"{day} 09:00|21:00"


def test_a_day_around_the_clock_is_no_date() -> None:
    for region in ("US", "GB"):
        with pytest.raises(NotUnderstood) as unclear:
            when("I'm free 24/7", now=NOW, region=region)

        assert unclear.value.reason is Reason.NOTHING_HEARD


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("3:30 Pacific", "pacific"),
        ("9am IST", "IST"),
        ("3 pm Chicago time", "America/Chicago"),
        ("Tuesday at 3 (America/Los_Angeles)", "America/Los_Angeles"),
        ("at 3 west coast time", "west coast"),
        ("2:00 p.m. PT", "pacific"),
        ("3 pm my time", "elsewhere"),
        ("3 pm any time this week", ""),
        ("noon, at lunch time", ""),
        ("2026-12-03T14:30:00Z", ""),
        ("2026-12-03T14:30:00 UTC", ""),
        ("2026-12-03T14:30:00-05:00", ""),
    ],
)
def test_a_zone_is_heard_beside_a_time(said: str, zone: str) -> None:
    assert when(said, now=NOW, region="US").zone == zone
