from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0014_clinic_number"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="toolcall",
            index=models.Index(fields=["received"], name="tool_call_received"),
        ),
    ]
