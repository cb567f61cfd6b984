import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0009_call"),
        ("bookings", "0012_callback_and_waitlist"),
    ]

    operations = [
        migrations.AddField(
            model_name="toolcall",
            name="appointment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="tool_calls",
                to="bookings.appointment",
            ),
        ),
        migrations.AddField(
            model_name="toolcall",
            name="moved_from",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
