"""Nothing that is refused, put under a condition, or only asked about is done, however it is said.

The rule is simple, so that no row of it can be argued with: a text that denies the only thing it
names, or makes it depend on something, changes no row, and is answered by a question.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle

import pytest

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import Call, at

pytestmark = pytest.mark.usefixtures("monday")


def each(sentences: str) -> list[str]:
    return sentences.split("|")


# Each holds a place for what is refused.
DENIALS = each(
    "not {}|anything but {}|{} isn't the one|don't touch {}|I don't want {}|all but {}"
    "|everything except {}|the other one, not {}|no {} for me|{}? no|{}, actually no"
    "|{} - scratch that|forget {}|neither {} nor the rest|the opposite of {}|instead of {}"
    "|the one which is not {}|rather than {}|other than {}|I would hate {}|{} won't work"
    "|{} is no good|{} is impossible|skip {}|somebody else has {}|I was told {} was taken"
    "|no quiero {}|no es {}|menos {}|excepto {}|nunca {}|ni {}|en vez de {}|en lugar de {}|sin {}"
    "|nicht {}|außer {}|statt {}|niemals {}|ohne {}|weder {}|auf keinen Fall {}|pas {}"
    "|ce n'est pas {}|sauf {}|jamais {}|au lieu de {}|sans {}|surtout pas {}|não {}|não é {}"
    "|exceto {}|em vez de {}"
)
CONDITIONS = each(
    "{} only if there is no fee|{} unless it's too late|{} as long as it's free of charge"
    "|{} provided I get another|only if {} can't be moved|{} if my husband agrees"
    "|depending on my boss {}|{} in case I am ill|{} assuming my insurance pays|I might want {}"
    "|I'm not sure about {}|should it be {}?|is it {}?|when was {}?|did you take {}?"
    "|{} solo si es gratis|a menos que {}|nur wenn {}|falls {}|vielleicht {}|seulement si {}"
    "|à moins que {}|peut-être {}|só se {}|talvez {}|quizás {}"
)
ALTERNATIVES = each("either {} or the other|{} or another one|{} otherwise the other")
# Said of a visit that is to stay; of a new time it would be a wish.
KEEPING = each(
    "keep {}|{} is fine|{} stays|{} should stay|I still want {}|I still need {}|gardez {}|deja {}"
    "|{} behalten|mantenha {}|{} is wrong|the one before {}|the one after {}|after {} is over"
    "|whatever comes before {}|what happens if I cancel {}?|someone cancelled {}|{} and the other"
    "|maybe {}|leave {} alone|my wife said {}|the one with the same doctor as {}|for whoever has {}"
)
WORDS = [*DENIALS, *CONDITIONS, *ALTERNATIVES]


def said_of(*things: str, words: Sequence[str] = WORDS) -> Iterator[str]:
    """Each sentence about one of the things, by turns."""
    return (one.format(thing) for one, thing in zip(words, cycle(things), strict=False))


@pytest.fixture
def theirs(
    ada: Practitioner, cleaning: ServiceType, consultation: ServiceType, ben: Patient
) -> list[Appointment]:
    """Ben's cleaning on Tuesday, December 8 at ten, and his consultation the day after at one."""
    return [
        Appointment.objects.create(
            practitioner=ada, service=service, patient=ben, start=at(start), source="voice"
        )
        for service, start in ((cleaning, "2026-12-08 10:00"), (consultation, "2026-12-09 13:00"))
    ]


def rows() -> list[tuple[object, ...]]:
    return list(Appointment.objects.order_by("pk").values_list("pk", "start", "status"))


THEIRS = ("the cleaning", "the first one", "my next appointment", "December 8", "the 10 am one")


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize("words", [WORDS, KEEPING])
@pytest.mark.parametrize("tool", ["cancel_appointment", "reschedule_appointment"])
def test_no_visit_is_touched_that_is_refused(tool: str, words: Sequence[str], call: Call) -> None:
    before = rows()
    for number, said in enumerate(said_of(*THEIRS, words=words)):
        start = {"start": "2026-12-17 11:00"} if tool == "reschedule_appointment" else {}

        heard = call(tool, current=said, call_id=f"{number}", **start)

        assert rows() == before, (said, heard)
        assert heard.endswith("?"), (said, heard)


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize(
    "things",
    [("an hour later", "the next day", "half an hour earlier"), ("same time on Friday",)],
    ids=["by how far", "same time"],
)
def test_no_visit_is_moved_to_a_time_that_is_refused(things: tuple[str, ...], call: Call) -> None:
    before = rows()
    for number, said in enumerate(said_of(*things)):
        heard = call(
            "reschedule_appointment", current="the cleaning", start=said, call_id=f"{number}"
        )

        assert rows() == before, (said, heard)
        assert heard.endswith("?"), (said, heard)


@pytest.mark.parametrize("argument", ["start", "time", "date"])
def test_no_time_is_booked_that_is_refused(argument: str, call: Call) -> None:
    things = {
        "start": ("December 8 at 10 am", "Tuesday at 2 pm"),
        "time": ("10 am", "2 pm"),
        "date": ("December 8", "next Tuesday"),
    }
    beside = {"time": {"date": "December 8"}, "date": {"time": "10 am"}}.get(argument, {})
    for number, said in enumerate(said_of(*things[argument])):
        heard = call(
            "book_appointment", service="cleaning", patient_name="Ben Ode",
            call_id=f"{number}", **beside, **{argument: said},
        )  # fmt: skip

        assert rows() == [], (said, heard)
        assert heard.endswith("?"), (said, heard)


@pytest.mark.parametrize(
    "said",
    [
        "Friday at 10 I'm at work", "Friday at 10 I teach", "Friday at 10 my shift starts",
        "on Friday at 10 I have therapy", "Friday at 10 I have a meeting", "Friday at 10 clashes",
        "my wife has Friday at 10", "I already have Friday at 10", "Friday at 10 nope",
        "Friday at 10, forget it", "delete Friday at 10", "let me think about Friday at 10",
        "I need to check with my boss about Friday at 10", "I'll call you back about Friday at 10",
        "remind me Friday at 10", "Friday at 10 pending approval", "tell me about Friday at 10",
        "would Friday at 10 cost more?",
        "Friday, I have to pick up my kids at 3", "Friday, my flight is at 3",
        "Friday, I start work at 10", "Friday, my daughter's recital is at 3",
        "Friday, court's at 10", "Friday, the funeral is at 10", "Friday at 10 my wife works",
        "Friday, I drop off my kids at 9", "Friday at 10 I'm in class",
        "Friday at 10 is when I work", "Friday at 10 is my son's appointment",
        "I have an appointment Friday at ten already", "Friday at 10 as a backup",
        "Friday at ten would be my second choice",
    ],
)  # fmt: skip
def test_no_time_is_booked_that_is_only_spoken_of(said: str, call: Call) -> None:
    heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", start=said)

    assert rows() == [], heard
    assert heard.endswith("?"), heard


@pytest.mark.parametrize(
    "said",
    ["Friday at 10 works, I have an appointment card",
     "Friday at 10, my wife drives me", "Friday at 10, I work nearby",
     "my preference is Friday at 10", "my first choice is Friday at 10",
     "Friday at 10 is my favorite", "I have to come in Friday at 10",
     "I need to see Dr. Moss Friday at 10", "my best time is Friday at 10",
     "I'm in pain, Friday at 10", "Friday at 10 AM, I have to leave by 11",
     "2026-11-27T10:00:00 (patient says: I have to leave by 11)",
     "Friday at 10 AM, when I get off work", "Friday at 10 AM, I'm in school until 9",
     "Friday at 10, that is when my husband can drive me", "Friday at 10 because I'm flying",
     "Friday at 10 AM, I need to be in and out quickly", "Friday at 10, my insurance is on file",
     "Friday at 10 AM. I'm at work right now so text me", "Friday at 10 is the time that works"],
)  # fmt: skip
def test_what_is_said_around_a_time_is_no_refusal(said: str, call: Call) -> None:
    heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", start=said)

    assert heard.startswith(("You're booked", "For a cleaning on Friday")), heard


def test_no_offer_is_taken_that_is_refused(call: Call) -> None:
    heard = call("check_availability", service="cleaning", date="December 3")
    assert "9:00 AM, 1:30 PM, or 4:30 PM" in heard
    for said in said_of("the first one", "the last one", "the morning one", "the 4:30 one"):
        heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", start=said)

        assert rows() == [], (said, heard)


@pytest.mark.parametrize(
    "said",
    [
        "the first one", "the second one", "the third one", "the fourth one", "the last one",
        "number two", "option 3", "the fourth", "the 2nd", "the morning one", "the 10 am one",
        "the other one", "la segunda", "die zweite", "le dernier", "o segundo", "the fourth option",
        "the later one", "the one you said", "that one", "the second of those", "two",
    ],
)  # fmt: skip
@pytest.mark.parametrize("argument", ["start", "time", "date"])
def test_no_place_is_taken_without_an_offer(argument: str, said: str, call: Call) -> None:
    heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", **{argument: said})

    assert rows() == [], heard
    assert heard.endswith("?"), heard


@pytest.mark.parametrize(
    ("argument", "thing"),
    [
        ("service", "a cleaning"),
        ("patient_phone", "617 555 0134"),
        ("date_of_birth", "January 2 1990"),
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        "not {}", "anything but {}", "I don't want {}", "not {}, the other", "instead of {}",
        "except {}", "unless {}", "only if it is {}", "is it {}?", "{} if my insurance covers it",
        "{} isn't it", "not sure, {}", "nicht {}", "pas {}", "não {}", "no quiero {}",
    ],
)  # fmt: skip
def test_nothing_is_booked_for_what_is_refused(
    argument: str, thing: str, words: str, call: Call
) -> None:
    said = {
        "service": "cleaning", "patient_name": "Ben Ode", "start": "December 8 at 10 am",
        argument: words.format(thing),
    }  # fmt: skip

    heard = call("book_appointment", **said)

    assert rows() == [], heard
    assert heard.endswith("?"), heard


@pytest.mark.parametrize("words", ["not {}", "anything but {}", "no {}", "nicht {}", "except {}"])
def test_no_address_is_kept_that_is_refused(words: str, call: Call) -> None:
    call(
        "book_appointment", service="cleaning", patient_name="Ben Ode", start="December 8 at 10 am",
        patient_email=words.format("ben@example.com"),
    )  # fmt: skip

    assert Patient.objects.get().email == ""


@pytest.mark.usefixtures("theirs")
def test_the_practitioner_named_beside_the_time_is_booked(
    bo: Practitioner, cleaning: ServiceType, call: Call
) -> None:
    bo.services.add(cleaning)
    with_bo = "December 17 at 11 am with Dr. Lind"

    moved = call("reschedule_appointment", current="the cleaning", start=with_bo)
    booked = call(
        "book_appointment", service="cleaning", patient_name="Ben Ode",
        start="December 18 at 11 am with Dr. Lind",
    )  # fmt: skip

    assert moved.startswith("I've moved it"), moved
    assert "Dr. Bo Lind" in moved
    assert "Dr. Bo Lind" in booked
