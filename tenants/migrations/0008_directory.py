from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0007_checkup"),
    ]

    operations = [
        migrations.RenameModel("Configuration", "Directory"),
    ]
