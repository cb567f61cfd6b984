import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0003_reception_emergency")]

    operations = [
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.CharField(max_length=40, verbose_name="assistant's name")),
                ("authority", models.TextField()),
                ("authority_version", models.PositiveSmallIntegerField()),
                ("personality", models.TextField(blank=True)),
                ("digest", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                ("change", models.CharField(max_length=60)),
                ("author", models.CharField(blank=True, max_length=150)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assistant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="versions",
                        to="assistants.assistant",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assistants.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assistant", "number"), name="prompt_version_number_is_given_once"
                    )
                ],
            },
        ),
    ]
