import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0043_look"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shows_patients",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise the service and the patient's initials. Whoever knows the address can read it, and so can the company behind the calendar program.",
                        verbose_name="with names and telephone numbers",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "by",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="made by"
                    ),
                ),
                (
                    "created",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("last_read", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "practitioner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the diaries of all practitioners.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feeds",
                        to="bookings.practitioner",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "ordering": ["practitioner__name", "created"],
            },
        ),
    ]
