from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0036_drop_the_tables_of_axes"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointmentchange",
            name="source",
            field=models.CharField(
                choices=[("voice", "Voice"), ("staff", "Staff")], db_default="voice", max_length=5
            ),
        ),
    ]
