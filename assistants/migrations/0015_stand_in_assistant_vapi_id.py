from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0014_call_policy"),
    ]

    operations = [
        migrations.AddField(
            model_name="assistant",
            name="vapi_id",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="id at Vapi"
            ),
        ),
    ]
