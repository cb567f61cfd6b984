"""After an erasure a dump of the clinic holds nothing of the patient (Z14), whoever said it."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from assistants.models import Call
from assistants.provisioning.onboarding import Onboarded
from bookings import merging
from bookings.models import Appointment, Callback, Patient, WaitlistEntry
from bookings.names import MARKS
from tenants import organizations
from tests.conftest import BEN, Committed, Door, tool_calls
from tests.copies import dump
from tests.desk import fields_in, version_in

WIFE, STRANGER, WITHHELD = "+12025550199", "+12025550143", ""
NAMES = ("ben ode", "ode ben", "benedict ode", "ben oddie")
NUMBERS = ("2025550177", "4155550123")
ADDRESSES = ("ben@example.com",)
BIRTHDAYS = ("1988-04-17", "april 17 1988", "17 april 1988", "april 17th 1988", "4/17/1988")
WORDS = ("latex", "molar", "headache", "moving house", "left the country")


class Life:
    """The clinic as the patient meets it: by telephone, and at the desk."""

    def __init__(self, made: Onboarded) -> None:
        self.organization = organizations.get(made.org)
        self.telephone = Door(Client(), made.domain, made.secret)
        self.desk = Client(headers={"Host": made.domain})
        self.count = 0
        self.organization.activate()
        self.desk.force_login(get_user_model().objects.create_superuser("rosa"))

    def says(self, tool: str, *, call: str, caller: str = BEN, **said: str) -> str:
        self.count += 1
        request = {"id": f"request-{self.count}", "tool": tool, "arguments": said}
        answer = self.telephone.post(tool_calls(request, call_id=call, caller=caller))
        sentence: str = answer.json()["results"][0]["result"]
        return sentence

    def saves(self, path: str, **typed: str) -> None:
        page = self.desk.get(f"/admin/{path}")
        sent = {**fields_in(page), "_version": version_in(page), **typed}
        saved = self.desk.post(f"/admin/{path}", sent)
        self.organization.activate()
        assert saved.status_code == 302, saved.context["errors"]

    def picks(self, path: str, action: str, *rows: Any, **said: str) -> str:
        picked = {"action": action, "_selected_action": [str(row.pk) for row in rows], **said}
        page = self.desk.post(f"/admin/{path}", {**picked, "post": "yes"}, follow=True)
        self.organization.activate()
        return page.content.decode()


def day(life: Life) -> datetime:
    """A Wednesday some weeks ahead, at half past two."""
    now = life.organization.now()
    ahead = now + timedelta(days=(2 - now.weekday()) % 7 + 21)
    return ahead.replace(hour=14, minute=30, second=0, microsecond=0)


def live(life: Life) -> Patient:
    """Booked with notes, moved, cancelled, waitlisted, called back, edited, and merged."""
    start = day(life)
    whole = {"patient_name": "Ben Ode", "date_of_birth": "April 17th, 1988", "service": "cleaning"}
    told = life.says(
        "book_appointment", call="a", start=f"{start:%Y-%m-%dT%H:%M}",
        patient_email="ben@example.com", notes="allergic to latex", **whole,
    )  # fmt: skip
    assert "You're booked" in told
    ben = Patient.objects.get()
    visit = Appointment.objects.get()
    later = start + timedelta(days=1)
    life.says("reschedule_appointment", call="b", start=f"{later:%Y-%m-%dT%H:%M}")
    life.saves(f"bookings/patient/{ben.pk}/change/", name="Ben Oddie")
    life.saves(f"bookings/patient/{ben.pk}/change/", name="Ben Ode")
    life.saves(f"bookings/appointment/{visit.pk}/change/", notes="latex. And a molar.")
    life.says("join_waitlist", call="c", **whole)
    life.says("request_callback", call="d", name="Ben Ode", reason="headache")
    life.saves(f"bookings/callback/{Callback.objects.get().pk}/change/", reason="headache again")
    life.saves(f"bookings/waitlistentry/{WaitlistEntry.objects.get().pk}/change/", parts="morning")
    life.says("cancel_appointment", call="e", patient_name="Ben", reason="I am moving house")
    unproven(life, whole)
    merged(life, ben)
    for conversation, words in (
        ("a", "User: It is Ben Ode, my number is two oh two five five five oh one seven seven."),
        ("unknown", "User: I call for Ode, Ben, born April 17, 1988."),
        ("hers", "User: This is Zoe Hart."),
    ):
        Call.objects.create(conversation=conversation, transcript=words, summary=words)
    ben.refresh_from_db()
    return ben


def unproven(life: Life, whole: dict[str, str]) -> None:
    """Callers who proved nothing say who they are, where to call them, and when they were born."""
    life.says(
        "join_waitlist", call="f", caller=STRANGER, patient_phone="(202) 555-0177",
        **{**whole, "patient_name": "ODE, BEN"},
    )  # fmt: skip
    life.says("request_callback", call="f", caller=STRANGER, name="Ben Ode", phone="202-555-0177")
    life.says("join_waitlist", call="g", caller=WITHHELD, patient_phone="202 555 0177", **whole)
    said = {"reference": "ZZZZZ", "date_of_birth": "17 April 1988"}
    life.says("find_appointments", call="g", caller=WITHHELD, **said)
    life.says("find_appointments", call="h", caller=WITHHELD, patient_name="Ben Ode", **said)
    assert Patient.objects.exclude(claimed_by="").count() == 2


def merged(life: Life, ben: Patient) -> None:
    other = Patient.objects.create(name="Benedict Ode", phone="+14155550123", may_be=ben)
    visit = Appointment.objects.create(
        practitioner=Appointment.objects.get().practitioner,
        service=Appointment.objects.get().service,
        patient=other,
        start=day(life) + timedelta(days=2),
        source="staff",
        notes="second molar",
    )
    life.saves(f"bookings/appointment/{visit.pk}/change/", notes="a second molar")
    said = life.picks("bookings/appointment/", "cancel", visit, reason="He has left the country")
    assert "1 cancelled" in said
    merging.merge(ben, other, with_numbers=other.numbers)


def dumped(made: Onboarded) -> str:
    return dump("--data-only", f"--schema={made.schema}").lower()


def found_in(text: str) -> list[str]:
    """The usual spellings that are in the dump; digits as they stand together in a value."""
    plain = " ".join(re.sub(rf"[{re.escape(MARKS)}]", " ", text).split())
    digits = re.sub(r"(?<=\d)[ ().-]+(?=\d)", "", text)
    return [
        *(word for word in (*NAMES, *WORDS) if word in plain),
        *(word for word in NUMBERS if word in digits),
        *(word for word in ADDRESSES if word in text or word in text.replace(" at ", "@")),
        *(word for word in BIRTHDAYS if word in text or word in plain),
    ]


def test_a_dump_holds_nothing_of_an_erased_patient(committed: Committed) -> None:
    made = committed()
    life = Life(made)
    ben = live(life)
    life.says("request_callback", call="hers", caller=WIFE, name="Zoe Hart", reason="a crown")
    before = found_in(dumped(made))
    assert {*NAMES[:1], *NUMBERS, *ADDRESSES, *WORDS, *BIRTHDAYS[:1]} <= set(before)

    asked = life.desk.post(
        "/admin/bookings/patient/", {"action": "erase", "_selected_action": [str(ben.pk)]}
    )
    assert "Callers without a proof" in asked.content.decode()
    life.organization.activate()
    assert "1 erased." in life.picks("bookings/patient/", "erase", ben)

    after = dumped(made)
    assert found_in(after) == []
    # Others are remembered, and that there were visits.
    assert "zoe hart" in after
    assert "a crown" in after
    assert Appointment.objects.filter(patient=ben).count() == 2
    assert Patient.objects.exclude(name="Erased").count() == 0
