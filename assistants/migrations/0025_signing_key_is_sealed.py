from django.db import migrations, models


class Migration(migrations.Migration):
    """The column is longer, and keeps its name: processes of the version before still read it, and
    the keys in it. `doctor` tells which keys are to be replaced by sealed ones."""

    dependencies = [
        ("assistants", "0024_a_tool_calls_memory"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("signingkey", "key", "sealed"),
                migrations.AlterField(
                    "signingkey",
                    "sealed",
                    models.CharField(db_column="key", editable=False, max_length=128),
                ),
            ],
        ),
        migrations.AlterField(
            "signingkey",
            "sealed",
            models.CharField(db_column="key", editable=False, max_length=200),
        ),
    ]
