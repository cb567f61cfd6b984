import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistants", "0001_squashed_0012_tool_call_forgotten"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallPolicy",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "keep_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="Transcripts, summaries, recordings' addresses and what callers told the tools. The calls themselves stay counted.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="keep for (days)",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "call policy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="call_policy_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("keep_days__gte", 1), ("keep_days__lte", 3650)),
                        name="call_policy_keeps_1_to_3650_days",
                    ),
                ],
            },
        ),
    ]
