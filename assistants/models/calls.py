"""Calls and the requests in them, and how long they are kept."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from assistants.calls import recordings
from assistants.conversation import CallUpdate
from bookings import phones
from bookings.models import Appointment
from bookings.models.saving import Written, insert_unless_there
from tenants import memory
from tenants.moments import moment_in_words
from tenants.postgresql.statements import Answers, Bound


class CallQuerySet(models.QuerySet["Call"]):
    def remembered(self) -> Self:
        return self.filter(forgotten=None, erased=None)

    def without_a_report(self, start: datetime, end: datetime) -> Self:
        """Calls first heard of in [start, end) without a report (which has cost and words)."""
        told = self.remembered().filter(received__gte=start, received__lt=end)
        return told.filter(cost=None, summary="", transcript="")

    def forget(self, *, now: datetime) -> int:
        """Erase the words that were said in these calls."""
        return self.update(
            summary="", transcript="", recording_url="", structured_outputs=None, forgotten=now
        )


class Call(models.Model):
    """A call, from Vapi's events: one row, even if events repeat, come late or are missing.

    `forgotten`: its words are erased, its counts are kept. `erased`: only the row itself is kept.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"
        WEB = "web"

    class Status(models.TextChoices):
        """The states of a call, in their order. A call never goes back to an earlier one."""

        SCHEDULED = "scheduled"
        QUEUED = "queued"
        RINGING = "ringing"
        IN_PROGRESS = "in-progress"
        FORWARDING = "forwarding"
        ENDED = "ended"

    conversation = models.CharField(max_length=200, unique=True)
    received = models.DateTimeField(db_default=Now())
    direction = models.CharField(max_length=8, choices=Direction, blank=True)
    status = models.CharField(max_length=11, choices=Status, blank=True)
    started = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    success = models.CharField(max_length=200, blank=True)
    cost = models.DecimalField(
        "cost (US dollars)", max_digits=10, decimal_places=4, null=True, blank=True
    )
    summary = models.TextField(blank=True)
    transcript = models.TextField(blank=True)
    recording_url = models.CharField("recording", max_length=4000, blank=True)
    structured_outputs = models.JSONField(null=True, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)
    hangs = ArrayField(models.DateTimeField(), default=list, blank=True)
    forgotten = models.DateTimeField(null=True, blank=True)
    erased = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    # The fields that a message may fill.
    REPORTED = (
        "direction", "started", "ended", "ended_reason", "success", "cost",
        "summary", "transcript", "recording_url", "structured_outputs",
    )  # fmt: skip

    class Meta:
        ordering = ["-received"]
        indexes: ClassVar = [models.Index(fields=["received"], name="call_received")]

    def __str__(self) -> str:
        return f"call of {moment_in_words(self.received)}"

    @staticmethod
    def claim(conversation: str, *, now: datetime) -> "Call":
        """The row of this call, made if necessary, and locked until the transaction ends."""
        new = Call(conversation=conversation, received=now)
        if insert_unless_there(new)[0]:
            return new
        return Call.objects.select_for_update().get(conversation=conversation)

    def learn(self, update: CallUpdate, *, prompt_hash: str) -> None:
        """Store what a message says. Only the report after the call replaces known values."""
        facts = {name: getattr(update, name) for name in self.REPORTED} | {
            "prompt_hash": prompt_hash
        }
        for name, value in facts.items():
            is_unknown = getattr(self, name) in (None, "")
            if value not in (None, "") and (update.is_final or is_unknown):
                setattr(self, name, value)
        order = ["", *self.Status.values]
        if update.status in order:
            self.status = max(self.status, update.status, key=order.index)

    def stall(self, moment: datetime) -> None:
        """Count that the assistant hung at this moment; a repeated event counts once."""
        self.hangs = sorted({*self.hangs, moment})

    def erase(self, *, now: datetime) -> None:
        """Erase everything but the row, so that a late report does not store the call again."""
        blank = Call(pk=self.pk, conversation=self.conversation, received=self.received, erased=now)
        for name in (field.attname for field in self._meta.concrete_fields):
            setattr(self, name, getattr(blank, name))

    @property
    def is_closed(self) -> bool:
        return bool(self.forgotten or self.erased)

    @property
    def tool_calls(self) -> "ToolCallQuerySet":
        return ToolCall.objects.filter(conversation=self.conversation).order_by("received", "pk")

    @property
    def appointments(self) -> list[Appointment]:
        """The appointments made, moved or cancelled in this call."""
        rows = Appointment.objects.filter(tool_calls__in=self.tool_calls).distinct()
        return list(rows.select_related("patient", "service", "practitioner"))

    @property
    def recording_expires(self) -> datetime | None:
        """When the recording's address stops working, UTC; None if it does not expire."""
        return recordings.expiry(self.recording_url)

    @property
    def duration(self) -> timedelta | None:
        return self.ended - self.started if self.started and self.ended else None


class ClinicNumber(models.Model):
    """A number of the clinic. As the number of a caller it means that the call was forwarded."""

    phone = models.CharField(max_length=16, unique=True, validators=[phones.validate])
    learned = models.DateTimeField("first called", db_default=Now(), editable=False)

    class Meta:
        ordering = ["phone"]

    def __str__(self) -> str:
        return self.phone

    @classmethod
    def known(cls) -> frozenset[str]:
        """All of them (E.164)."""
        rows = cls.objects.values_list
        return memory.recall("clinic numbers", lambda: frozenset(rows("phone", flat=True)))


class ToolCallQuerySet(models.QuerySet["ToolCall"]):
    def remembered(self) -> Self:
        return self.filter(forgotten=None)

    def forget(self, *, now: datetime) -> int:
        """Erase the words that were said. The rows no longer answer a repeated request."""
        return self.update(
            arguments={}, caller="", sentence="", settled=False, memory=None, forgotten=now
        )


class ToolCall(Written):
    """One request of an assistant, and the sentence it was answered with.

    `key` identifies a repeated request; None if Vapi's message had no ids. Only a settled answer
    is said again, and only while it is true (`standing`): a refused request may succeed when it is
    tried again. `memory` is the row that the answer was about, as it was then.
    `conversation` links it to its Call, without a foreign key: requests may come before the first
    event of the call, and some calls have no events.
    """

    # The arguments with a person's name, older spellings of them included.
    NAMES = ("patient_name", "patientName", "name")

    key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    conversation = models.CharField(max_length=200, db_index=True)
    tool = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    caller = models.CharField(max_length=16, blank=True, editable=False)
    outcome = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=400, blank=True)
    settled = models.BooleanField("final", default=False)
    received = models.DateTimeField(db_default=Now())
    appointment = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, related_name="tool_calls", null=True, blank=True
    )
    moved_from = models.DateTimeField(null=True, blank=True, editable=False)
    memory = models.JSONField(null=True, editable=False, db_column="told")
    forgotten = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ToolCallQuerySet.as_manager()

    class Meta:
        ordering = ["-received"]
        indexes: ClassVar = [
            models.Index(fields=["received"], name="tool_call_received"),
            models.Index(
                fields=["caller"], condition=~models.Q(caller=""), name="tool_call_caller"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tool_call_settled_has_a_sentence",
                condition=models.Q(settled=False) | ~models.Q(sentence=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.tool}, {moment_in_words(self.received)}:{self.received:%S}"

    @staticmethod
    def claim(*before: Bound[Any], **fields: Any) -> tuple["ToolCall", Answers]:
        """The row of this request, locked until the transaction ends, and what the statements
        `before` give, which are carried out first, in the same round trip.

        A copy of the request that arrives meanwhile waits here and then finds the answer.
        """
        new = ToolCall(**fields)
        is_new, answers = insert_unless_there(new, *before)
        row = new if is_new else ToolCall.objects.select_for_update().get(key=new.key)
        return row, answers

    def set_aside(self) -> None:
        """Removes the key, so that the request can be carried out again. This row is kept."""
        self.key = hashlib.sha256(f"{self.key} {self.pk}".encode()).hexdigest()
        self.save(update_fields=["key"])

    def reopen(self) -> None:
        """Clears the outcome of the first try before the request is carried out again."""
        if self.outcome:
            self.conclude(outcome="")

    def said_names(self) -> list[str]:
        """The names of people in its arguments, as they were written."""
        return [str(self.arguments[name]) for name in self.NAMES if self.arguments.get(name)]

    def erase(self, *, sentence: str, now: datetime) -> None:
        """Erase the words that were said. The request is never answered from this row again."""
        self.conclude(
            arguments={}, caller="", sentence=sentence, settled=False, memory=None, forgotten=now
        )

    def conclude(self, **facts: Any) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))


class CallPolicy(models.Model):
    """How long the words of calls are kept. One row at most; without it, the default applies."""

    id = models.BigIntegerField(primary_key=True, default=1, editable=False)
    keep_days = models.PositiveSmallIntegerField(
        "keep for (days)",
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Transcripts, summaries, recordings' addresses and what callers told the tools."
        " The calls themselves stay counted.",
    )

    class Meta:
        verbose_name_plural = "call policy"
        constraints: ClassVar = [
            models.CheckConstraint(name="call_policy_is_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="call_policy_keeps_1_to_3650_days",
                condition=models.Q(keep_days__gte=1, keep_days__lte=3650),
            ),
        ]

    def __str__(self) -> str:
        return "How long calls are kept"

    @classmethod
    def current(cls) -> Self:
        return cls.objects.first() or cls()
