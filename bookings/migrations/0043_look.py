from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0042_callback_owner_and_note")]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(max_length=200, unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
