"""Assistants, and every prompt that each has used."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Now

from assistants.prompts import sanitizing


class Assistant(models.Model):
    """The voice of the clinic. The rules are the same for all: see `prompts.authority.merged`."""

    # The values are Vapi's: https://docs.vapi.ai/api-reference/assistants/create
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
        """The assistant that answers calls: the active one that was made first."""
        return cls.objects.filter(is_active=True).order_by("pk").first()

    def tidy(self) -> None:
        self.name = " ".join(sanitizing.tidied(self.name).split())
        self.first_message = " ".join(sanitizing.tidied(self.first_message).split())
        self.personality = sanitizing.tidied(self.personality or "")

    def clean(self) -> None:
        """Checks the first message too: it is not a prompt, but Vapi fills in its templates."""
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
    """A prompt an assistant has used. It never changes: calls refer to it by its digest."""

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
    created = models.DateTimeField(db_default=Now())
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
        """The exact text from which `digest` was computed."""
        return sanitizing.joined(self.authority, name=self.name, personality=self.personality)
