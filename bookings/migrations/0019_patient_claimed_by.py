import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import bookings.phones


class Migration(migrations.Migration):
    """The patients there are stay verified."""

    dependencies = [("bookings", "0018_waitlist_entry_waits_once_says_why")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="claimed_by",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="patient",
            name="may_be",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="bookings.patient",
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="given_in",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="patient",
            name="given",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="other_phones",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16, validators=[bookings.phones.validate]),
                blank=True,
                default=list,
                help_text="Who calls from one of them hears of the patient's appointments, too.",
                size=None,
                verbose_name="other phones",
            ),
        ),
        migrations.AddField(
            model_name="patient",
            name="other_names",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                editable=False,
                size=None,
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["other_phones"], name="patient_other_phones"
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["phone"], name="patient_phone"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["date_of_birth"], name="patient_date_of_birth"),
        ),
    ]
