from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0006_vapi_connection")]

    operations = [
        migrations.CreateModel(
            name="VapiTool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                (
                    "vapi_id",
                    models.CharField(max_length=64, unique=True, verbose_name="id at Vapi"),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
    ]
