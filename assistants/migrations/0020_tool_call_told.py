from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0019_call_recording_url_is_longer"),
    ]

    operations = [
        migrations.AddField(
            model_name="toolcall",
            name="told",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
