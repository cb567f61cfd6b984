from django.db import migrations


class Migration(migrations.Migration):
    """The table keeps its name: workers of the version before read it in every request."""

    dependencies = [
        ("tenants", "0007_checkup"),
    ]

    operations = [
        migrations.AlterModelTable("Configuration", "tenants_configuration"),
        migrations.RenameModel("Configuration", "Directory"),
    ]
