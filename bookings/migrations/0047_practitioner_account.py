import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bookings.models.accounts


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0046_what_a_visit_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PractitionerAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accounts",
                        to="bookings.practitioner",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        help_text=(
                            "With the role Practitioner it sees this diary and its patients, and"
                            " no others."
                        ),
                        on_delete=bookings.models.accounts.cascade_in_an_org,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "account"},
        ),
    ]
