from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.models import Q


def name_staff(apps: Any, schema_editor: Any) -> None:
    """What only staff can do, and what somebody did who has an account. The rest were calls."""
    changes = apps.get_model("bookings", "AppointmentChange").objects
    accounts = apps.get_model(settings.AUTH_USER_MODEL).objects.values("username")
    by_staff = (
        Q(kind__in=["marked", "undone"])
        | Q(overrides__len__gt=0)
        | Q(kind="booked", appointment__source="staff")
        | Q(by__in=accounts)
    )
    found = changes.filter(by_staff).values("pk")
    changes.filter(pk__in=found).update(source="staff")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0037_change_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(name_staff, migrations.RunPython.noop),
    ]
