import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import bookings.phones


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bookings", "0001_squashed_0014_offer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Secret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retired", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-created"],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=128)),
                (
                    "algorithm",
                    models.CharField(
                        choices=[("sha256", "Sha256"), ("sha512", "Sha512"), ("sha1", "Sha1")],
                        default="sha256",
                        max_length=6,
                    ),
                ),
                ("signature_header", models.CharField(default="x-signature", max_length=60)),
                ("timestamp_header", models.CharField(default="x-timestamp", max_length=60)),
                (
                    "prefix",
                    models.CharField(blank=True, help_text="Such as sha256=", max_length=20),
                ),
                (
                    "payload_format",
                    models.CharField(
                        default="{timestamp}.{body}",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\{body\\}", "must hold {body}, or the body could be altered"
                            ),
                            django.core.validators.RegexValidator(
                                "\\{timestamp\\}", "must hold {timestamp}, or it could be replayed"
                            ),
                        ],
                    ),
                ),
                (
                    "encoding",
                    models.CharField(
                        choices=[("hex", "Hex"), ("base64", "Base64")], default="hex", max_length=6
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("retired", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-created", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TransferNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="A word callers use; empty: any reason.",
                        max_length=60,
                        unique=True,
                    ),
                ),
                ("phone", models.CharField(max_length=16, validators=[bookings.phones.validate])),
            ],
            options={
                "ordering": ["reason"],
            },
        ),
        migrations.CreateModel(
            name="VapiTool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                (
                    "vapi_id",
                    models.CharField(max_length=64, unique=True, verbose_name="id at Vapi"),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Assistant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                (
                    "personality",
                    models.TextField(
                        blank=True,
                        help_text="How it speaks, in at most 8,000 characters. What it may do is the same for every clinic, and comes first.",
                    ),
                ),
                (
                    "first_message",
                    models.CharField(
                        blank=True, help_text="What a caller hears first.", max_length=300
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Of several that do, the one that was made first is on the telephone.",
                        verbose_name="answers calls",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        help_text="What it listens for, such as en, en-GB or es.",
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z]{2,3}(-[A-Z]{2})?\\Z", "must be like en or en-GB"
                            )
                        ],
                    ),
                ),
                (
                    "max_tokens",
                    models.PositiveSmallIntegerField(
                        default=500,
                        help_text="Too few cut a tool's arguments in half; 500 are enough.",
                        validators=[
                            django.core.validators.MinValueValidator(50),
                            django.core.validators.MaxValueValidator(10000),
                        ],
                        verbose_name="longest answer (tokens)",
                    ),
                ),
                (
                    "model",
                    models.CharField(
                        default="gpt-4.1",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[\\w.:/-]+\\Z", "must be a model's name, without spaces"
                            )
                        ],
                    ),
                ),
                (
                    "model_provider",
                    models.CharField(
                        choices=[
                            ("openai", "OpenAI"),
                            ("anthropic", "Anthropic"),
                            ("google", "Google"),
                            ("groq", "Groq"),
                        ],
                        default="openai",
                        max_length=20,
                    ),
                ),
                (
                    "temperature",
                    models.FloatField(
                        default=0.3,
                        help_text="0 always says the likeliest; above 1 it wanders.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(2),
                        ],
                    ),
                ),
                (
                    "voice_id",
                    models.CharField(
                        default="Elliot",
                        help_text="Its id at the provider.",
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[\\w.:/-]+\\Z", "must be a voice's id, without spaces"
                            )
                        ],
                        verbose_name="voice",
                    ),
                ),
                (
                    "voice_provider",
                    models.CharField(
                        choices=[
                            ("vapi", "Vapi"),
                            ("11labs", "ElevenLabs"),
                            ("azure", "Azure"),
                            ("cartesia", "Cartesia"),
                            ("deepgram", "Deepgram"),
                            ("openai", "OpenAI"),
                            ("playht", "PlayHT"),
                            ("rime-ai", "Rime"),
                        ],
                        default="vapi",
                        max_length=20,
                    ),
                ),
                (
                    "vapi_id",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="id at Vapi"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("temperature__gte", 0), ("temperature__lte", 2)),
                        name="assistant_temperature_is_0_to_2",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_tokens__gte", 50), ("max_tokens__lte", 10000)),
                        name="assistant_max_tokens_is_50_to_10000",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conversation", models.CharField(max_length=200, unique=True)),
                ("received", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[("inbound", "Inbound"), ("outbound", "Outbound"), ("web", "Web")],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("queued", "Queued"),
                            ("ringing", "Ringing"),
                            ("in-progress", "In Progress"),
                            ("forwarding", "Forwarding"),
                            ("ended", "Ended"),
                        ],
                        max_length=11,
                    ),
                ),
                ("started", models.DateTimeField(blank=True, null=True)),
                ("ended", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                ("success", models.CharField(blank=True, max_length=200)),
                (
                    "cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=10,
                        null=True,
                        verbose_name="cost (US dollars)",
                    ),
                ),
                ("summary", models.TextField(blank=True)),
                ("transcript", models.TextField(blank=True)),
                (
                    "recording_url",
                    models.CharField(blank=True, max_length=2000, verbose_name="recording"),
                ),
                ("prompt_hash", models.CharField(blank=True, max_length=64)),
                (
                    "hangs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), blank=True, default=list, size=None
                    ),
                ),
                ("forgotten", models.DateTimeField(blank=True, null=True)),
                ("erased", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-received"],
                "indexes": [models.Index(fields=["received"], name="call_received")],
            },
        ),
        migrations.CreateModel(
            name="Reception",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, help_text="As it should be said.", max_length=300),
                ),
                (
                    "notes",
                    models.CharField(
                        blank=True,
                        help_text="Parking, access, what to bring: told when asked.",
                        max_length=300,
                    ),
                ),
                (
                    "emergency",
                    models.CharField(
                        blank=True,
                        help_text="What a caller in danger is told first. Empty: to hang up and call the country's emergency number.",
                        max_length=300,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reception",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="reception_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VapiConnection",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "credential_id",
                    models.CharField(
                        blank=True,
                        help_text="Of the credential in Vapi's dashboard that holds the clinic's secret.",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="vapi_connection_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.CharField(max_length=40, verbose_name="assistant's name")),
                ("authority", models.TextField()),
                ("authority_version", models.PositiveSmallIntegerField()),
                ("personality", models.TextField(blank=True)),
                ("digest", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                ("change", models.CharField(max_length=60)),
                ("author", models.CharField(blank=True, max_length=150)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assistant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="versions",
                        to="assistants.assistant",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assistants.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assistant", "number"), name="prompt_version_number_is_given_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ToolCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("conversation", models.CharField(db_index=True, max_length=200)),
                ("tool", models.CharField(max_length=80)),
                ("arguments", models.JSONField(default=dict)),
                ("outcome", models.CharField(blank=True, max_length=40)),
                ("sentence", models.CharField(blank=True, max_length=400)),
                ("settled", models.BooleanField(default=False, verbose_name="final")),
                ("received", models.DateTimeField(default=django.utils.timezone.now)),
                ("moved_from", models.DateTimeField(blank=True, editable=False, null=True)),
                ("caller", models.CharField(blank=True, editable=False, max_length=16)),
                ("forgotten", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tool_calls",
                        to="bookings.appointment",
                    ),
                ),
            ],
            options={
                "ordering": ["-received"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled", False),
                            models.Q(("sentence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tool_call_settled_has_a_sentence",
                    )
                ],
            },
        ),
    ]
