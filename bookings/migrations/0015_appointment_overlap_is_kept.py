from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_squashed_0014_offer")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="overlap_is_kept",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
