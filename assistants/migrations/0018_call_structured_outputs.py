from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0017_reception_closing"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="structured_outputs",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
