from django.db import migrations, models


class Migration(migrations.Migration):
    """Only the name in Python: processes of the version before still use the column."""

    dependencies = [
        ("assistants", "0023_row_times_come_from_the_database"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("toolcall", "told", "memory"),
                migrations.AlterField(
                    "toolcall",
                    "memory",
                    models.JSONField(db_column="told", editable=False, null=True),
                ),
            ],
        ),
    ]
