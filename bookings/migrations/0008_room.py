from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_closure_holiday")]

    operations = [
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.AddField(
            model_name="servicetype",
            name="rooms",
            field=models.ManyToManyField(
                blank=True,
                help_text="It needs one of these. None: it needs no room.",
                related_name="services",
                to="bookings.room",
            ),
        ),
    ]
