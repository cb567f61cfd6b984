from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0018_call_structured_outputs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="recording_url",
            field=models.CharField(blank=True, max_length=4000, verbose_name="recording"),
        ),
    ]
