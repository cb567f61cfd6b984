from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0027_appointment_change_undone"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="appointment",
            options={
                "ordering": ["start"],
                "permissions": [
                    (
                        "override_appointment",
                        "Can book over hours and holds, and change what has begun",
                    )
                ],
            },
        ),
    ]
