from django.db import migrations, models

INSTANTS = ("arrived_at", "in_room_since")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0040_configuration")]

    operations = [
        *(
            migrations.AddField(
                model_name="appointment",
                name=name,
                field=models.DateTimeField(blank=True, editable=False, null=True),
            )
            for name in INSTANTS
        ),
        *(
            migrations.AddField(
                model_name="appointmentchange",
                name=name,
                field=models.DateTimeField(blank=True, null=True),
            )
            for name in INSTANTS
        ),
    ]
