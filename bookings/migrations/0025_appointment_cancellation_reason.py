from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0022_waitlist_entry_conversation"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="cancellation_reason",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
    ]
