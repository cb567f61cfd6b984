from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0015_tool_call_is_found_by_time"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="toolcall",
            index=models.Index(
                condition=models.Q(("caller", ""), _negated=True),
                fields=["caller"],
                name="tool_call_caller",
            ),
        ),
    ]
