from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0005_assistant_vapi_id")]

    operations = [
        migrations.CreateModel(
            name="VapiConnection",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "credential_id",
                    models.CharField(
                        blank=True,
                        help_text="Of the credential in Vapi's dashboard that holds the clinic's secret.",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="vapi_connection_is_one_row"
                    )
                ],
            },
        ),
    ]
