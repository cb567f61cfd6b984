"""Sign-ins are counted in one table of ours. What django-axes made for the operators goes."""

from django.db import migrations

TABLES = [
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
]


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0003_sign_in_count"),
    ]

    operations = [
        *(
            migrations.RunSQL(f"DROP TABLE IF EXISTS {table} CASCADE", migrations.RunSQL.noop)
            for table in TABLES
        ),
        migrations.RunSQL(
            "DELETE FROM django_migrations WHERE app = 'axes'", migrations.RunSQL.noop
        ),
    ]
