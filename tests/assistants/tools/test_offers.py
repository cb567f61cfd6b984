"""What a call was offered stays its own for three minutes, and nobody else's."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now as utc_now

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from assistants.models import ToolCall
from assistants.provisioning.onboarding import Onboarded
from bookings.availability import holds
from bookings.availability.reading import Requester
from bookings.availability.slots import Slot
from bookings.models import (
    Appointment,
    BookingPolicy,
    Offer,
    Patient,
    Practitioner,
    Room,
    ServiceType,
)
from config.operations import races
from config.operations.races import Race
from config.operations.scratch import CLINIC, EVERY_DAY
from tenants import budgets, organizations
from tenants.models import Organization
from tenants.sqlstates import sqlstate
from tests.conftest import Booked, Call, at
from tests.free_times import free_times

pytestmark = pytest.mark.usefixtures("monday")

THURSDAY = {"service": "cleaning", "date": "2026-12-03"}
TWO = {"service": "cleaning", "start": "2026-12-03T14:00"}
BEN_AND_CAT = {"Ben": "+12025550177", "Cat": "+12025550188"}


def offered(call: Call, *, caller: str = "Ben", **said: str) -> str:
    return call(
        "check_availability", call_id=caller, caller=BEN_AND_CAT[caller], **{**THURSDAY, **said}
    )


def book(call: Call, *, caller: str = "Ben", **said: str) -> str:
    return call(
        "book_appointment",
        call_id=caller,
        caller=BEN_AND_CAT[caller],
        patient_name=f"{caller} Ode",
        **{**TWO, **said},
    )


@pytest.mark.parametrize("date", ["2026-12-03", "as soon as possible"])
def test_diaries_are_read_once_for_what_is_offered_and_held(date: str, call: Call) -> None:
    with CaptureQueriesContext(connection) as asked:
        offered(call, date=date)

    reads = [one for one in asked if '"bookings_appointment"."blocked" &&' in one["sql"]]
    assert len(reads) == 1
    assert Offer.objects.count() == 3


def run_out() -> None:
    """Three minutes pass for the offers there are, by the database's clock."""
    Offer.objects.update(expires=utc_now() - timedelta(days=200))


def test_what_was_just_offered_is_offered_to_nobody_else(call: Call) -> None:
    """L06, V10, for a time that is only offered."""
    first = offered(call, time_preference="at 2 pm")
    second = offered(call, caller="Cat", time_preference="at 2 pm")

    assert "1:45 PM, 2:00 PM, or 2:15 PM" in first
    assert "1:00 PM, 1:15 PM, or 2:45 PM" in second


def test_another_call_cannot_book_it_and_is_given_what_it_can(call: Call, booked: Booked) -> None:
    """L06, V09."""
    offered(call, time_preference="at 2 pm")

    heard = book(call, caller="Cat")

    assert heard == (
        "I'm so sorry, another caller is just being offered that specific time slot."
        " I have 1:15 PM, 2:45 PM, or 3:00 PM available. Would any of those work for you?"
    )
    assert booked() == []


def test_the_call_itself_books_it(call: Call, booked: Booked) -> None:
    offered(call, time_preference="at 2 pm")

    assert book(call).startswith("You're booked")

    assert [row.start for row in booked()] == [at("2026-12-03 14:00")]


def test_after_a_booking_the_call_holds_no_other_times(call: Call) -> None:
    offered(call)
    book(call)

    assert not Offer.objects.exists()
    assert book(call, caller="Cat", start="2026-12-03T09:00").startswith("You're booked")


def test_an_expired_offer_is_open_to_all_without_a_clean_up(call: Call) -> None:
    """L07: the call that it was offered to is offered the time again, too."""
    offered(call, time_preference="at 2 pm")
    run_out()

    mine = offered(call, time_preference="at 2 pm")
    run_out()
    theirs = offered(call, caller="Cat", time_preference="at 2 pm")

    assert "1:45 PM, 2:00 PM, or 2:15 PM" in mine
    assert "1:45 PM, 2:00 PM, or 2:15 PM" in theirs
    assert book(call, caller="Cat").startswith("You're booked")


def test_an_expired_offer_that_another_caller_has_is_refused_in_words(call: Call) -> None:
    """C22, first case: the time is held for another caller by now. V09: an old offer is void."""
    offered(call, time_preference="at 2 pm")
    run_out()
    offered(call, caller="Cat", time_preference="at 2 pm")

    assert "another caller is just being offered" in book(call)
    assert book(call, caller="Cat").startswith("You're booked")


def test_an_expired_offer_that_nobody_took_is_still_booked(call: Call) -> None:
    """C22, second case: the time is still free."""
    offered(call, time_preference="at 2 pm")
    run_out()

    assert book(call).startswith("You're booked")


def test_it_lasts_three_minutes_of_the_database(call: Call) -> None:
    offered(call)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT expires - statement_timestamp() BETWEEN '2 min 30 s' AND '3 min'"
            " FROM bookings_offer"
        )
        assert cursor.fetchall() == [(True,)]


def test_a_call_has_three_at_most_the_latest(call: Call) -> None:
    """L08: whoever asks a hundred times keeps three."""
    for day in ("01", "02", "03", "04"):
        offered(call, date=f"2026-12-{day}")

    assert {row.start.day for row in Offer.objects.all()} == {4}
    assert Offer.objects.count() == 3


def test_one_telephone_that_calls_again_and_again_keeps_nine(call: Call) -> None:
    """L08."""
    for number in range(6):
        said = {"service": "cleaning", "date": f"2026-12-{number + 7:02}"}
        call("check_availability", call_id=f"call-{number}", **said)

    assert Offer.objects.count() == holds.MOST_A_NUMBER == 9


def test_after_a_dropped_line_the_number_is_offered_its_times_again(call: Call) -> None:
    """The new call keeps them now: they are three, and not six."""
    first = offered(call, time_preference="at 2 pm")

    again = call("check_availability", call_id="after", **THURSDAY, time_preference="at 2 pm")

    assert again == first
    kept = Offer.objects.values_list("conversation", flat=True)
    assert list(kept) == ["after"] * 3


def test_after_a_dropped_line_the_number_books_its_own_held_time(
    call: Call, booked: Booked
) -> None:
    offered(call, time_preference="at 2 pm")
    stranger = book(call, caller="Cat")

    heard = call("book_appointment", call_id="after", patient_name="Ben Ode", **TWO)

    assert "another caller is just being offered" in stranger
    assert heard.startswith("You're booked")
    assert [row.start for row in booked()] == [at("2026-12-03 14:00")]


def test_after_a_dropped_line_a_visit_moves_to_its_own_held_time(
    call: Call, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    row = Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at("2026-12-01 09:00"),
        source="voice",
    )  # fmt: skip
    offered(call, time_preference="at 2 pm")

    moved = call("reschedule_appointment", call_id="after", start="2026-12-03T14:00")

    row.refresh_from_db()
    assert moved.startswith("I've moved it")
    assert row.start == at("2026-12-03 14:00")


def test_a_withheld_number_owns_nothing_of_another_call(call: Call, booked: Booked) -> None:
    """Nobody proves to be the one whose line dropped."""
    call("check_availability", call_id="one", caller="", **THURSDAY, time_preference="at 2 pm")

    heard = call(
        "book_appointment", call_id="two", caller="", patient_name="Ben Ode",
        patient_phone="+12025550177", **TWO,
    )  # fmt: skip

    assert "another caller is just being offered" in heard
    assert booked() == []


def test_the_number_of_a_family_on_two_lines_books_one_time_once(
    call: Call, booked: Booked
) -> None:
    offered(call, time_preference="at 2 pm")
    call("check_availability", call_id="after", **THURSDAY, time_preference="at 2 pm")

    first = book(call)
    second = call("book_appointment", call_id="after", patient_name="Ann Ode", **TWO)

    assert first.startswith("You're booked")
    assert "just taken" in second
    assert len(booked()) == 1


def withheld(call: Call, number: int) -> str:
    """A call without a number asks for the soonest cleaning."""
    return call("check_availability", call_id=f"withheld-{number}", caller="", service="cleaning")


def test_callers_without_a_number_keep_nine_all_together_the_latest(call: Call) -> None:
    """L08."""
    for number in range(6):
        said = {"service": "cleaning", "date": f"2026-12-{number + 7:02}"}
        call("check_availability", call_id=f"withheld-{number}", caller="", **said)

    kept = Offer.objects.values_list("conversation", flat=True)
    assert kept.count() == holds.MOST_WITHHELD == 9
    assert set(kept) == {"withheld-3", "withheld-4", "withheld-5"}


def test_a_hundred_withheld_calls_leave_the_diary_to_honest_callers(call: Call) -> None:
    """Z13: in a diary that is open for three days."""
    BookingPolicy.objects.create(horizon_days=3)
    before = call("check_availability", call_id="before", service="cleaning")
    Offer.objects.all().delete()

    heard = [withheld(call, number) for number in range(100)]

    assert all("Which would you like?" in sentence for sentence in heard)
    assert Offer.objects.filter(caller="").count() == holds.MOST_WITHHELD
    honest = call("check_availability", call_id="honest", service="cleaning")
    assert "Which would you like?" in honest
    assert honest.count("AM") + honest.count("PM") == before.count("AM") + before.count("PM")


def test_a_caller_with_a_number_keeps_their_holds_however_many_withheld_calls_come(
    call: Call,
) -> None:
    first = offered(call, time_preference="at 2 pm")
    for number in range(10):
        withheld(call, number)

    assert book(call).startswith("You're booked")
    assert "2:00 PM" in first


def test_a_call_that_vapi_does_not_name_keeps_nothing(call: Call) -> None:
    assert "9:00 AM" in call("check_availability", call_id="", **THURSDAY)

    assert not Offer.objects.exists()


def test_a_daily_cap_counts_a_call_once(
    call: Call, cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """Only one of the three offered times will be booked, so a second call is offered the day's
    last place. That place is not held for it: otherwise a third call could not be offered the
    day."""
    ServiceType.objects.update(most_a_day=2)
    offered(call)

    assert "December 3" in offered(call, caller="Cat")
    assert set(Offer.objects.values_list("conversation", flat=True)) == {"Ben"}
    assert free_on_thursday(ada, ServiceType.objects.get(pk=cleaning.pk), monday)


def test_a_room_is_kept_with_the_time(call: Call, cleaning: ServiceType, bo: Practitioner) -> None:
    """Bo is free at two as well, but the one room is on offer."""
    surgery = Room.objects.create(name="Surgery")
    cleaning.rooms.add(surgery)
    bo.services.add(cleaning)
    offered(call, time_preference="at 2 pm", practitioner="Ada Moss")

    heard = book(call, caller="Cat", practitioner="Bo Lind")

    assert "being offered" in heard
    assert {row.room for row in Offer.objects.all()} == {surgery}


def test_a_move_takes_what_was_offered(
    call: Call, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    row = Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=ben,
        start=at("2026-12-01 09:00"),
        source="voice",
    )
    offered(call, caller="Cat", time_preference="at 2 pm")
    refused = call("reschedule_appointment", call_id="Ben", start="2026-12-03T14:00")
    offered(call, time_preference="at 10 am")

    moved = call("reschedule_appointment", call_id="Ben", start="2026-12-03T10:00")

    row.refresh_from_db()
    assert "being offered" in refused
    assert moved.startswith("I've moved it")
    assert row.start == at("2026-12-03 10:00")


@pytest.mark.parametrize("ends_first", ["the lock", "the statement"])
def test_a_diary_that_is_held_up_is_offered_without_keeping(
    ends_first: str, committed: Callable[..., Onboarded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is writing for longer than a caller waits: the answer comes all the same.

    Who waits for one diary after the other reaches the end of the statement first.
    """
    if ends_first == "the statement":
        monkeypatch.setattr(budgets, "STATEMENT", budgets.LOCK_TO_HOLD / 4)
    organization = organizations.get(committed(clinic=CLINIC).org)
    other = connection.copy()
    try:
        with organizations.within(organization):
            with other.cursor() as held:
                held.execute("BEGIN")
                held.execute(
                    f"SELECT 1 FROM {organization.schema_name}.bookings_practitioner FOR UPDATE"
                )
            heard = check(organization, "held-up")
            held_nothing = not Offer.objects.exists()
            with other.cursor() as held:
                held.execute("ROLLBACK")
    finally:
        other.close()

    assert "Which would you like?" in heard
    assert held_nothing


# --- races


def check(
    organization: Organization, conversation: str, caller: str = "", service: str = "cleaning"
) -> str:
    """As a caller does who asks for the soonest."""
    said = {"service": service}
    request = ToolRequest("1", "check_availability", {**said}, key=None)
    message = VoiceMessage(Kind.TOOLS, conversation, caller)
    with organizations.within(organization):
        return answering.answer(request, message, now=organization.now())


def race_to_be_offered(organization: Organization) -> list[Any]:
    """Twelve calls ask at the same moment; pairs of them that were offered one time."""

    def ask(caller: int, slot: int, start: datetime) -> str:
        return check(organization, f"call-{caller}", f"+120255501{caller:02}")

    races.together(Race(callers=12, slots=1, rounds=1), 0, organization, ask)
    with organizations.within(organization), connection.cursor() as cursor:
        cursor.execute(
            "SELECT one.start FROM bookings_offer one JOIN bookings_offer other"
            " ON one.practitioner_id = other.practitioner_id AND one.blocked && other.blocked"
            " AND one.conversation < other.conversation"
        )
        return list(cursor.fetchall())


def test_calls_that_ask_at_once_are_offered_different_times(
    committed: Callable[..., Onboarded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "LOCK_TO_HOLD", 60.0)  # however slow this machine is
    organization = organizations.get(committed(clinic=CLINIC).org)

    assert race_to_be_offered(organization) == []

    with organizations.within(organization):
        assert Offer.objects.values("conversation").distinct().count() > 1


def test_without_queue_and_constraint_they_are_offered_the_same(
    committed: Callable[..., Onboarded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    organization = organizations.get(committed(clinic=CLINIC).org)
    with organizations.within(organization), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_offer DROP CONSTRAINT offer_is_of_one_call")
    monkeypatch.setattr(holds, "queue", lambda *_: True)

    for _ in range(20):
        if race_to_be_offered(organization):
            return
    pytest.fail("nobody was offered another's time in twenty rounds")


EIGHT = "abcdefgh"
# Diaries that have nobody in common: only the cap brings their callers together.
APART: dict[str, Any] = {
    "services": [{"name": f"Service {letter}", "minutes": 30} for letter in EIGHT],
    "practitioners": [
        {"name": f"Dr. {letter}", "services": [f"Service {letter}"], "hours": EVERY_DAY}
        for letter in EIGHT
    ],
}


def withheld_race(organization: Organization) -> int:
    """Eight calls without a number ask eight times over, each for a service of its own; how many
    of them failed."""

    def ask(caller: int, slot: int, start: datetime) -> str:
        return check(organization, f"call-{caller}", service=f"Service {EIGHT[caller]}")

    races.together(Race(callers=8, slots=8, rounds=1), 0, organization, ask)
    with organizations.within(organization):
        return ToolCall.objects.filter(outcome="Fault").count()


def test_callers_without_a_number_never_wait_for_each_other_in_a_circle(
    committed: Callable[..., Onboarded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """L08: the cap lets each remove what is another's, in whatever diary it is."""
    monkeypatch.setattr(budgets, "LOCK_TO_HOLD", 60.0)  # however slow this machine is
    organization = organizations.get(committed(clinic=APART).org)

    assert withheld_race(organization) == 0

    with organizations.within(organization):
        check(organization, "the last one", service="Service a")
        assert Offer.objects.count() == holds.MOST_WITHHELD


def test_who_removes_one_row_after_the_other_does_wait_in_a_circle(
    committed: Callable[..., Onboarded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: its own rows first, then the oldest."""
    monkeypatch.setattr(budgets, "LOCK_TO_HOLD", 60.0)
    organization = organizations.get(committed(clinic=APART).org)
    remove = holds.remove

    def by_and_by(keys: Iterable[int]) -> None:
        for key in keys:
            remove([key])

    monkeypatch.setattr(holds, "remove", by_and_by)

    for _ in range(20):
        if withheld_race(organization):
            return
    pytest.fail("nobody waited for another in twenty rounds")


def test_the_database_refuses_one_time_to_two_calls(
    ada: Practitioner, cleaning: ServiceType
) -> None:
    slot = Slot(ada, cleaning, at("2026-12-03 14:00"))
    holds.keep([slot], conversation="one", caller="")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        holds.keep([slot], conversation="other", caller="")

    assert sqlstate(refused.value) == "23P01"


@pytest.fixture
def expiring(committed: Callable[..., Onboarded]) -> tuple[Organization, datetime]:
    """A clinic in which one call was offered tomorrow at nine, and its offer runs out."""
    organization = organizations.get(committed(clinic=CLINIC).org)
    [start] = Race(callers=2, slots=1, rounds=1).starts(0, organization.now())
    with organizations.within(organization):
        person, service = Practitioner.objects.get(), ServiceType.objects.get()
        holds.keep([Slot(person, service, start)], conversation="race-0-0-0", caller="")
        Offer.objects.update(expires=utc_now() - timedelta(seconds=1))
    return organization, start


def test_two_calls_confirm_as_an_offer_runs_out_and_one_has_it(
    expiring: tuple[Organization, datetime],
) -> None:
    """C22: its owner or the other one, never both."""
    organization, _ = expiring

    tally = races.run_inside(Race(callers=8, slots=1, rounds=1), organization, 0)

    assert (tally.booked, tally.offered, tally.errors) == (1, 7, 0)
    assert races.overlapping(organization) == 0


# --- what is kept for some hides no day from the others


def telephones(call: Call, many: int, **said: str) -> list[str]:
    """What each of so many telephones hears that asks about Thursday."""
    return [
        call(
            "check_availability", call_id=f"call-{number}", caller=f"+12025550{number:03}",
            **{**THURSDAY, **said},
        )
        for number in range(100, 100 + many)
    ]  # fmt: skip


def free_on_thursday(ada: Practitioner, service: ServiceType, monday: datetime) -> int:
    return len(
        free_times(
            service=service, practitioners=[ada], start=at("2026-12-03 00:00"),
            end=at("2026-12-04 00:00"), now=monday,
            requester=Requester(conversation="somebody else"),
        )
    )  # fmt: skip


def test_however_many_ask_about_one_day_they_are_offered_times(
    call: Call, ada: Practitioner, cleaning: ServiceType, monday: datetime
) -> None:
    """A reminder goes out, or somebody has twenty numbers."""
    before = free_on_thursday(ada, cleaning, monday)

    heard = telephones(call, 20)

    assert all("Which would you like?" in sentence for sentence in heard)
    assert Offer.objects.exists()
    assert free_on_thursday(ada, cleaning, monday) * 2 >= before


def test_a_time_that_is_not_kept_is_booked_by_the_first(call: Call, booked: Booked) -> None:
    telephones(call, 20)
    kept = set(Offer.objects.values_list("conversation", flat=True))
    told = {"call_id": "call-118", "caller": "+12025550118"}
    also = {"call_id": "call-119", "caller": "+12025550119"}
    assert not kept & {"call-118", "call-119"}

    wanted = {"service": "cleaning", "start": "the first one"}
    first = call("book_appointment", **told, **wanted, patient_name="Ann Ode")
    second = call("book_appointment", **also, **wanted, patient_name="Cat Ode")

    assert first.startswith("You're booked")
    assert "just taken" in second
    assert len(booked()) == 1


def test_the_last_time_of_a_day_is_kept_from_nobody(call: Call, ada: Practitioner) -> None:
    ServiceType.objects.update(most_a_day=1)

    heard = telephones(call, 3)

    assert all("Which would you like?" in sentence for sentence in heard)
    assert not Offer.objects.exists()


def test_a_long_visit_between_what_is_kept_is_just_being_offered(
    call: Call, ada: Practitioner, cleaning: ServiceType
) -> None:
    """Half of the short times are free, and no stretch of them is long enough: it is said so."""
    ServiceType.objects.filter(name="Root canal").update(minutes=120)
    long = ServiceType.objects.get(name="Root canal")
    ada.services.add(long)
    for number, hour in enumerate((10, 12, 14, 16)):
        slot = Slot(ada, cleaning, at(f"2026-12-03 {hour}:00"))
        holds.keep([slot], conversation=f"other-{number}", caller=f"+1202555020{number}")

    heard = call("check_availability", service="root canal", date="2026-12-03")

    assert heard.startswith(
        "I'm sorry, all I have for a root canal on Thursday, December 3 is just being offered to"
        " other callers. The next I have is"
    ), heard


@pytest.mark.parametrize("start", ["2026-11-27T13:30:00", "Friday at 1:30 pm"])
def test_a_time_that_was_offered_is_booked_with_whom_it_was_offered(
    start: str, call: Call, bo: Practitioner
) -> None:
    asked = {"service": "consultation", "date": "Friday", "practitioner": "Dr. Lind"}
    assert "1:30 PM" in call("check_availability", **asked)

    heard = call("book_appointment", service="consultation", start=start, patient_name="Ben Ode")

    assert "1:30 PM with Dr. Bo Lind" in heard


@pytest.mark.parametrize("said", ["do you have Thursday at ten", "is Thursday at ten taken?"])
def test_a_time_that_is_asked_about_is_offered_if_it_is_free(
    said: str, call: Call, booked: Booked
) -> None:
    heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", start=said)

    assert "9:45 AM, 10:00 AM, or 10:15 AM" in heard
    assert booked() == []


def test_if_it_is_still_open_is_a_courtesy(call: Call, booked: Booked) -> None:
    call("book_appointment", service="cleaning", patient_name="Ben Ode",
         start="Thursday at 10 if that's still open")  # fmt: skip

    assert [visit.start for visit in booked()] == [at("2026-11-26 10:00")]
