"""PostgreSQL's extensions, in a schema of their own on everybody's search path."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(["CREATE SCHEMA IF NOT EXISTS extensions"], migrations.RunSQL.noop),
        migrations.RunSQL(
            ["CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions"],
            migrations.RunSQL.noop,
        ),
    ]
