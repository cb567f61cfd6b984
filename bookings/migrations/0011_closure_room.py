import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0010_appointment_no_double_booked_room")]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closures",
                to="bookings.room",
            ),
        ),
        migrations.AlterField(
            model_name="closure",
            name="practitioner",
            field=models.ForeignKey(
                blank=True,
                help_text="With neither practitioner nor room, the whole clinic is closed.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closures",
                to="bookings.practitioner",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("practitioner", None), ("room", None), _connector="OR"),
                name="closure_is_of_one",
                violation_error_message="It is a practitioner's or a room's, not both.",
            ),
        ),
    ]
