import django.contrib.postgres.fields
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0008_signing_key"),
    ]

    operations = [
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
    ]
