"""The conversation's memory: who speaks for the clinic, who may call us, what was answered."""

import hashlib
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from assistants.calls import recordings
from assistants.prompts import emergencies, sanitizing
from assistants.vapi.events import Told
from bookings import phones
from bookings.models import Appointment


class Assistant(models.Model):
    """The voice of the clinic. The rules are not its own: see `prompts.merged`."""

    # What Vapi calls them: https://docs.vapi.ai/api-reference/assistants/create
    class VoiceProvider(models.TextChoices):
        VAPI = "vapi", "Vapi"
        ELEVEN_LABS = "11labs", "ElevenLabs"
        AZURE = "azure", "Azure"
        CARTESIA = "cartesia", "Cartesia"
        DEEPGRAM = "deepgram", "Deepgram"
        OPENAI = "openai", "OpenAI"
        PLAYHT = "playht", "PlayHT"
        RIME = "rime-ai", "Rime"

    class ModelProvider(models.TextChoices):
        OPENAI = "openai", "OpenAI"
        ANTHROPIC = "anthropic", "Anthropic"
        GOOGLE = "google", "Google"
        GROQ = "groq", "Groq"

    name = models.CharField(max_length=40, unique=True)
    is_active = models.BooleanField(
        "answers calls",
        default=True,
        help_text="Of several that do, the one that was made first is on the telephone.",
    )
    first_message = models.CharField(
        max_length=300, blank=True, help_text="What a caller hears first."
    )
    personality = models.TextField(
        blank=True,
        help_text="How it speaks, in at most 8,000 characters. What it may do is the same for "
        "every clinic, and comes first.",
    )
    voice_provider = models.CharField(
        max_length=20, choices=VoiceProvider, default=VoiceProvider.VAPI
    )
    voice_id = models.CharField(
        "voice",
        max_length=100,
        default="Elliot",
        validators=[RegexValidator(r"\A[\w.:/-]+\Z", "must be a voice's id, without spaces")],
        help_text="Its id at the provider.",
    )
    language = models.CharField(
        max_length=10,
        default="en",
        validators=[RegexValidator(r"\A[a-z]{2,3}(-[A-Z]{2})?\Z", "must be like en or en-GB")],
        help_text="What it listens for, such as en, en-GB or es.",
    )
    model_provider = models.CharField(
        max_length=20, choices=ModelProvider, default=ModelProvider.OPENAI
    )
    model = models.CharField(
        max_length=100,
        default="gpt-4.1",
        validators=[RegexValidator(r"\A[\w.:/-]+\Z", "must be a model's name, without spaces")],
    )
    temperature = models.FloatField(
        default=0.3,
        validators=[MinValueValidator(0), MaxValueValidator(2)],
        help_text="0 always says the likeliest; above 1 it wanders.",
    )
    max_tokens = models.PositiveSmallIntegerField(
        "longest answer (tokens)",
        default=500,
        validators=[MinValueValidator(50), MaxValueValidator(10_000)],
        help_text="Too few cut a tool's arguments in half; 500 are enough.",
    )
    vapi_id = models.CharField("id at Vapi", max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        permissions: ClassVar = [("publish_assistant", "Can publish to the telephone")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="assistant_temperature_is_0_to_2",
                condition=models.Q(temperature__gte=0, temperature__lte=2),
            ),
            models.CheckConstraint(
                name="assistant_max_tokens_is_50_to_10000",
                condition=models.Q(max_tokens__gte=50, max_tokens__lte=10_000),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Assistant | None":
        """The one on the telephone: of the active ones, the first that was made."""
        return cls.objects.filter(is_active=True).order_by("pk").first()

    def tidy(self) -> None:
        self.name = " ".join(sanitizing.tidied(self.name).split())
        self.first_message = " ".join(sanitizing.tidied(self.first_message).split())
        self.personality = sanitizing.tidied(self.personality or "")

    def clean(self) -> None:
        """A first message is no prompt, but Vapi fills in its templates all the same."""
        self.tidy()
        texts = {
            "name": sanitizing.introduction(self.name),
            "first_message": self.first_message,
            "personality": self.personality,
        }
        problems = {field: sanitizing.problem_of(text) for field, text in texts.items()}
        if found := {field: problem for field, problem in problems.items() if problem}:
            raise ValidationError(found)


class PromptVersion(models.Model):
    """A prompt an assistant has run with. It stays as it is: calls name it by its digest."""

    assistant = models.ForeignKey(
        Assistant, on_delete=models.SET_NULL, null=True, related_name="versions"
    )
    number = models.PositiveIntegerField("version")
    name = models.CharField("assistant's name", max_length=40)
    authority = models.TextField()
    authority_version = models.PositiveSmallIntegerField()
    personality = models.TextField(blank=True)
    digest = models.CharField("SHA-256", max_length=64, db_index=True)
    change = models.CharField(max_length=60)
    author = models.CharField(max_length=150, blank=True)
    created = models.DateTimeField(default=timezone.now)
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-created", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="prompt_version_number_is_given_once", fields=["assistant", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"

    @property
    def prompt(self) -> str:
        """Word for word what `digest` was made of."""
        return sanitizing.joined(self.authority, name=self.name, personality=self.personality)


class Secret(models.Model):
    """A bearer secret Vapi shows us. Only its SHA-256 is kept: it is 256 random bits itself."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    retired = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"secret of {timezone.localtime(self.created):%d %B %Y}"


class SigningKey(models.Model):
    """A key Vapi signs its requests with, and how it does. It is shown once, and to nobody after.

    What is signed holds the body, or it could be altered, and the time, or it could be replayed.
    """

    class Algorithm(models.TextChoices):
        SHA256 = "sha256"
        SHA512 = "sha512"
        SHA1 = "sha1"

    class Encoding(models.TextChoices):
        HEX = "hex"
        BASE64 = "base64"

    key = models.CharField(max_length=128, editable=False)
    algorithm = models.CharField(max_length=6, choices=Algorithm, default=Algorithm.SHA256)
    signature_header = models.CharField(max_length=60, default="x-signature")
    timestamp_header = models.CharField(max_length=60, default="x-timestamp")
    prefix = models.CharField(max_length=20, blank=True, help_text="Such as sha256=")
    payload_format = models.CharField(
        max_length=100,
        default="{timestamp}.{body}",
        validators=[
            RegexValidator(r"\{body\}", "must hold {body}, or the body could be altered"),
            RegexValidator(r"\{timestamp\}", "must hold {timestamp}, or it could be replayed"),
        ],
    )
    encoding = models.CharField(max_length=6, choices=Encoding, default=Encoding.HEX)
    created = models.DateTimeField(default=timezone.now, editable=False)
    retired = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"key of {timezone.localtime(self.created):%d %B %Y}"


class VapiConnection(models.Model):
    """What Vapi knows the clinic by: one row, written by `sync_assistants`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    credential_id = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of the credential in Vapi's dashboard that holds the clinic's secret.",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="vapi_connection_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "How Vapi reaches the clinic"

    @classmethod
    def current(cls) -> "VapiConnection":
        return cls.objects.first() or cls()


class VapiTool(models.Model):
    """A tool made at Vapi for this clinic. A name may have several while one replaces another."""

    name = models.CharField(max_length=64)
    vapi_id = models.CharField("id at Vapi", max_length=64, unique=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class CallQuerySet(models.QuerySet["Call"]):
    def remembered(self) -> Self:
        return self.filter(forgotten=None, erased=None)

    def without_a_report(self, start: datetime, end: datetime) -> Self:
        """Those first told of in [start, end) of which no report is known: it tells what a call
        cost, and what was said."""
        told = self.remembered().filter(received__gte=start, received__lt=end)
        return told.filter(cost=None, summary="", transcript="")

    def forget(self, *, now: datetime) -> int:
        """Without the words said in them."""
        return self.update(
            summary="", transcript="", recording_url="", structured_outputs=None, forgotten=now
        )


class Call(models.Model):
    """A call as Vapi's events tell of it: one row, however often, late or sparsely they come.

    `forgotten`: its words are gone, its counts are not. `erased`: nothing is left but that it was.
    """

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"
        WEB = "web"

    class Status(models.TextChoices):
        """In the order a call goes through them; it never goes back."""

        SCHEDULED = "scheduled"
        QUEUED = "queued"
        RINGING = "ringing"
        IN_PROGRESS = "in-progress"
        FORWARDING = "forwarding"
        ENDED = "ended"

    conversation = models.CharField(max_length=200, unique=True)
    received = models.DateTimeField(default=timezone.now)
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

    # What a message may tell of it, each in the field of its name.
    TOLD = (
        "direction", "started", "ended", "ended_reason", "success", "cost",
        "summary", "transcript", "recording_url", "structured_outputs",
    )  # fmt: skip

    class Meta:
        ordering = ["-received"]
        indexes: ClassVar = [models.Index(fields=["received"], name="call_received")]

    def __str__(self) -> str:
        return f"call of {timezone.localtime(self.received):%d %b %Y %H:%M}"

    @staticmethod
    def claim(conversation: str, *, now: datetime) -> "Call":
        """The row of this call, held until the transaction ends; made when there is none."""
        new = Call(conversation=conversation, received=now)
        Call.objects.bulk_create([new], ignore_conflicts=True)
        return Call.objects.select_for_update().get(conversation=conversation)

    def learn(self, told: Told, *, prompt_hash: str) -> None:
        """Take in what is told. Only the report after the call changes what is known already."""
        facts = {name: getattr(told, name) for name in self.TOLD} | {"prompt_hash": prompt_hash}
        for name, value in facts.items():
            is_unknown = getattr(self, name) in (None, "")
            if value not in (None, "") and (told.is_whole or is_unknown):
                setattr(self, name, value)
        order = ["", *self.Status.values]
        if told.status in order:
            self.status = max(self.status, told.status, key=order.index)

    def stall(self, moment: datetime) -> None:
        """Count that the assistant hung; once, if it is told of twice."""
        self.hangs = sorted({*self.hangs, moment})

    def erase(self, *, now: datetime) -> None:
        """Nothing of it is left but that there was one, so that a late report is not let in."""
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
        """Those made, moved or cancelled in it."""
        rows = Appointment.objects.filter(tool_calls__in=self.tool_calls).distinct()
        return list(rows.select_related("patient", "service", "practitioner"))

    @property
    def recording_expires(self) -> datetime | None:
        """When the recording's address stops working, UTC; None when it lasts."""
        return recordings.expiry(self.recording_url)

    @property
    def duration(self) -> timedelta | None:
        return self.ended - self.started if self.started and self.ended else None


class ClinicNumber(models.Model):
    """A number calls come in at. Shown as a caller's it is nobody's: the call was forwarded."""

    phone = models.CharField(max_length=16, unique=True, validators=[phones.validate])
    learned = models.DateTimeField("first called", default=timezone.now, editable=False)

    class Meta:
        ordering = ["phone"]

    def __str__(self) -> str:
        return self.phone


class ToolCallQuerySet(models.QuerySet["ToolCall"]):
    def remembered(self) -> Self:
        return self.filter(forgotten=None)

    def forget(self, *, now: datetime) -> int:
        """Without the words that were said. No answer is given again from what is left of one."""
        return self.update(
            arguments={}, caller="", sentence="", settled=False, told=None, forgotten=now
        )


class ToolCall(models.Model):
    """One request of an assistant, and the sentence it was answered with.

    `key` is what makes a request the same one again; None where Vapi gave nothing to tell it by.
    Only a settled answer is replayed, and only while it holds (`standing`): a refusal may succeed
    when it is tried again. `told` is the row the answer spoke of, as it was then.
    `conversation` and no foreign key leads to its Call: requests come before the call is told of,
    and of some calls nothing ever is.
    """

    # The arguments, older names included, that say whose request it is.
    NAMES = ("patient_name", "patientName", "name")

    key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    conversation = models.CharField(max_length=200, db_index=True)
    tool = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    caller = models.CharField(max_length=16, blank=True, editable=False)
    outcome = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=400, blank=True)
    settled = models.BooleanField("final", default=False)
    received = models.DateTimeField(default=timezone.now)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.SET_NULL, related_name="tool_calls", null=True, blank=True
    )
    moved_from = models.DateTimeField(null=True, blank=True, editable=False)
    told = models.JSONField(null=True, editable=False)
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
        return f"{self.tool}, {timezone.localtime(self.received):%d %b %Y %H:%M:%S}"

    @staticmethod
    def claim(**fields: Any) -> "ToolCall":
        """The row of this request, held until the transaction ends.

        A copy of the request that arrives meanwhile waits here, and then finds the answer.
        """
        new = ToolCall(**fields)
        if new.key is None:
            new.save()
            return new
        ToolCall.objects.bulk_create([new], ignore_conflicts=True)
        return ToolCall.objects.select_for_update().get(key=new.key)

    def set_aside(self) -> None:
        """Give up the key: the request is carried out anew, and this one stays on record."""
        self.key = hashlib.sha256(f"{self.key} {self.pk}".encode()).hexdigest()
        self.save(update_fields=["key"])

    def reopen(self) -> None:
        """What came of it the first time does not count while it is asked once more."""
        if self.outcome:
            self.conclude(outcome="")

    def said_names(self) -> list[str]:
        """The names of people in its arguments, as they were written."""
        said = self.arguments if isinstance(self.arguments, dict) else {}
        return [str(said[name]) for name in self.NAMES if said.get(name)]

    def erase(self, *, sentence: str, now: datetime) -> None:
        """Without the words that were said, and never answered from again."""
        self.conclude(
            arguments={}, caller="", sentence=sentence, settled=False, told=None, forgotten=now
        )

    def conclude(self, **facts: Any) -> None:
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=list(facts))


class Reception(models.Model):
    """What callers may be told of the clinic: one row, written by staff."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    address = models.CharField(max_length=300, blank=True, help_text="As it should be said.")
    notes = models.CharField(
        max_length=2000,
        blank=True,
        help_text="Told when asked. A line for each subject, with its heading and a colon, such as "
        "“Parking: behind the house.” A caller who asks about parking hears that line. More "
        "subjects: Insurance, Payment, Prices, Languages, Access, What to bring, Reminders, "
        "Children, New patients, Contact, Cancellations; or a heading of your own, which is found "
        "by its words. Up to 250 characters a line can be said at once.",
    )
    emergency = models.CharField(
        max_length=300,
        blank=True,
        help_text="What a caller in danger is told first. Empty: to hang up and call the "
        "country's emergency number.",
    )
    closing = models.CharField(
        "goodbye",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="What a caller hears last, before the assistant hangs up. Empty: “Thank you for "
        "calling. Goodbye.”",
    )

    class Meta:
        verbose_name_plural = "reception"
        constraints: ClassVar = [
            models.CheckConstraint(name="reception_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "What callers are told"

    def clean(self) -> None:
        """What was booked has to fit behind the emergency sentence."""
        if len(self.emergency) > emergencies.MOST:
            raise ValidationError({"emergency": emergencies.TOO_LONG})

    @classmethod
    def current(cls) -> "Reception":
        return cls.objects.first() or cls()


class CallPolicy(models.Model):
    """How long the words of calls are kept. One row at most: without it, the default counts."""

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


class TransferNumber(models.Model):
    """Whom a caller is put through to, for a reason or, without one, for any."""

    reason = models.CharField(
        max_length=60, blank=True, unique=True, help_text="A word callers use; empty: any reason."
    )
    phone = models.CharField(max_length=16, validators=[phones.validate])

    class Meta:
        ordering = ["reason"]

    def __str__(self) -> str:
        return self.reason or "any reason"

    @classmethod
    def for_reason(cls, *said: str) -> "TransferNumber | None":
        """The number whose reason is among the words, else the one for any reason.

        Of several texts the first that names a reason counts.
        """
        rows = list(cls.objects.all())
        named = (row for words in said for row in rows if row.is_named_in(words))
        anyones = (row for row in rows if not row.reason)
        return next(chain(named, anyones), None)

    def is_named_in(self, words: str) -> bool:
        return bool(self.reason) and self.reason.casefold() in words.casefold()
