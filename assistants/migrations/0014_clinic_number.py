import django.utils.timezone
from django.db import migrations, models

import bookings.phones


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0013_call_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClinicNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        max_length=16, unique=True, validators=[bookings.phones.validate]
                    ),
                ),
                (
                    "learned",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="first called",
                    ),
                ),
            ],
            options={"ordering": ["phone"]},
        ),
    ]
