"""The conversation's memory: who speaks for the clinic, who may call us, what was answered."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from assistants import prompts
from bookings import phones


class Assistant(models.Model):
    """The voice of the clinic. The rules are not its own: see `prompts.merged`."""

    name = models.CharField(max_length=40, unique=True)
    personality = models.TextField(
        blank=True,
        max_length=prompts.LONGEST_PERSONALITY,
        help_text="How it speaks. What it may do is the same for every clinic, and comes first.",
    )
    first_message = models.CharField(max_length=300, blank=True)
    voice_provider = models.CharField(max_length=40, default="vapi")
    voice_id = models.CharField(max_length=100, default="Elliot")
    language = models.CharField(max_length=10, default="en")
    model_provider = models.CharField(max_length=40, default="openai")
    model = models.CharField(max_length=80, default="gpt-4.1")
    temperature = models.FloatField(default=0.2)
    max_tokens = models.PositiveIntegerField(default=300)
    is_active = models.BooleanField(default=True)
    vapi_id = models.CharField("id at Vapi", max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if problem := prompts.problem_of(self.personality):
            raise ValidationError({"personality": problem})


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


class ToolCall(models.Model):
    """One request of an assistant, and the sentence it was answered with.

    `key` is what makes a request the same one again; None where Vapi gave nothing to tell it by.
    Only a settled answer is replayed: a refusal may succeed when it is tried again.
    """

    key = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    conversation = models.CharField(max_length=200, db_index=True)
    tool = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40, blank=True)
    sentence = models.CharField(max_length=400, blank=True)
    settled = models.BooleanField("final", default=False)
    received = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received"]
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

    def conclude(self, *, outcome: str, sentence: str, settled: bool) -> None:
        self.outcome, self.sentence, self.settled = outcome, sentence, settled
        self.save(update_fields=["outcome", "sentence", "settled"])


class Reception(models.Model):
    """What callers may be told of the clinic: one row, written by staff."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    address = models.CharField(max_length=300, blank=True, help_text="As it should be said.")
    notes = models.CharField(
        max_length=300, blank=True, help_text="Parking, access, what to bring: told when asked."
    )

    class Meta:
        verbose_name_plural = "reception"
        constraints: ClassVar = [
            models.CheckConstraint(name="reception_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "What callers are told"

    @classmethod
    def current(cls) -> "Reception":
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
    def for_reason(cls, said: str) -> str:
        """The number whose reason is among the words, else the one for any, else ""."""
        rows = list(cls.objects.all())
        named = [row for row in rows if row.reason and row.reason.casefold() in said.casefold()]
        anyones = [row for row in rows if not row.reason]
        return next((row.phone for row in [*named, *anyones]), "")
