from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0010_tool_call_appointment"),
    ]

    operations = [
        migrations.AddField(
            model_name="toolcall",
            name="caller",
            field=models.CharField(blank=True, editable=False, max_length=16),
        ),
    ]
