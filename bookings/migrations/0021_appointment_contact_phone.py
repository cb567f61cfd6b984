from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0020_patient_is_known_once_to_each_caller")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="contact_phone",
            field=models.CharField(blank=True, default="", editable=False, max_length=16),
            preserve_default=False,
        ),
    ]
