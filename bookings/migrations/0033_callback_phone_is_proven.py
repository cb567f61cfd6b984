from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0032_birthdays_of_verified_patients_prove"),
    ]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="phone_is_proven",
            field=models.BooleanField(editable=False, null=True),
        ),
    ]
