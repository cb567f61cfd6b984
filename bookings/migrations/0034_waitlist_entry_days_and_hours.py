from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """The database fills in what code of before leaves out, while both are at work."""

    dependencies = [
        ("bookings", "0033_callback_phone_is_proven"),
    ]

    operations = [
        migrations.AddField(
            model_name="waitlistentry",
            name="first_day",
            field=models.DateField(
                blank=True,
                help_text="The first day that suits. Empty: any.",
                null=True,
                verbose_name="not before",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="last_day",
            field=models.DateField(
                blank=True,
                help_text="The last day that suits. Empty: any.",
                null=True,
                verbose_name="not after",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="starts_from",
            field=models.TimeField(
                blank=True,
                help_text="The earliest a visit may begin, on the clinic's clock.",
                null=True,
                verbose_name="from",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="starts_before",
            field=models.TimeField(
                blank=True,
                help_text="A visit has to begin before it.",
                null=True,
                verbose_name="before",
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="only_days",
            field=ArrayField(
                base_field=models.DateField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="These days and no others, with commas between them.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="waitlistentry",
            name="excluded_days",
            field=ArrayField(
                base_field=models.DateField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Days that do not suit, with commas between them.",
                size=None,
            ),
        ),
    ]
