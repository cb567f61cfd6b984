from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0041_where_the_patient_is")]

    operations = [
        *(
            migrations.AddField(
                model_name="callback",
                name=name,
                field=models.CharField(blank=True, db_default="", editable=False, max_length=200),
            )
            for name in ("owner", "done_by")
        ),
        migrations.AddField(
            model_name="callback",
            name="done_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="callback",
            name="note",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
    ]
