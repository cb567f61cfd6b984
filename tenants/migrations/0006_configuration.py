import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0005_row_times_come_from_the_database"),
    ]

    operations = [
        migrations.CreateModel(
            name="Configuration",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="organizations_configuration_is_one_row"
                    )
                ],
            },
        ),
        # Without a version nothing is remembered.
        migrations.RunSQL(
            "INSERT INTO tenants_configuration (id, version) VALUES (1, gen_random_uuid())",
            migrations.RunSQL.noop,
        ),
    ]
