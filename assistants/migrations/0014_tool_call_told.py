from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0013_call_policy"),
    ]

    operations = [
        migrations.AddField(
            model_name="toolcall",
            name="told",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
