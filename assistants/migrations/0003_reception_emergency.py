from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0002_assistant_voice_and_model")]

    operations = [
        migrations.AddField(
            model_name="reception",
            name="emergency",
            field=models.CharField(
                blank=True,
                help_text="What a caller in danger is told first. Empty: to hang up and call the country's emergency number.",
                max_length=300,
            ),
        ),
    ]
