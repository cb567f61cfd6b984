from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0011_tool_call_caller"),
    ]

    operations = [
        migrations.AddField(
            model_name="toolcall",
            name="forgotten",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
