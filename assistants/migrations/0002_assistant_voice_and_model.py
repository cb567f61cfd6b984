import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="assistant",
            name="is_active",
            field=models.BooleanField(
                default=True,
                help_text="Of several that do, the one that was made first is on the telephone.",
                verbose_name="answers calls",
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="language",
            field=models.CharField(
                default="en",
                help_text="What it listens for, such as en, en-GB or es.",
                max_length=10,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[a-z]{2,3}(-[A-Z]{2})?\\Z", "must be like en or en-GB"
                    )
                ],
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="max_tokens",
            field=models.PositiveSmallIntegerField(
                default=500,
                help_text="Too few cut a tool's arguments in half; 500 are enough.",
                validators=[
                    django.core.validators.MinValueValidator(50),
                    django.core.validators.MaxValueValidator(10000),
                ],
                verbose_name="longest answer (tokens)",
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="model",
            field=models.CharField(
                default="gpt-4.1",
                max_length=100,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[\\w.:/-]+\\Z", "must be a model's name, without spaces"
                    )
                ],
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="model_provider",
            field=models.CharField(
                choices=[
                    ("openai", "OpenAI"),
                    ("anthropic", "Anthropic"),
                    ("google", "Google"),
                    ("groq", "Groq"),
                ],
                default="openai",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="temperature",
            field=models.FloatField(
                default=0.3,
                help_text="0 always says the likeliest; above 1 it wanders.",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(2),
                ],
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="voice_id",
            field=models.CharField(
                default="Elliot",
                help_text="Its id at the provider.",
                max_length=100,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[\\w.:/-]+\\Z", "must be a voice's id, without spaces"
                    )
                ],
                verbose_name="voice",
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="voice_provider",
            field=models.CharField(
                choices=[
                    ("vapi", "Vapi"),
                    ("11labs", "ElevenLabs"),
                    ("azure", "Azure"),
                    ("cartesia", "Cartesia"),
                    ("deepgram", "Deepgram"),
                    ("openai", "OpenAI"),
                    ("playht", "PlayHT"),
                    ("rime-ai", "Rime"),
                ],
                default="vapi",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="assistant",
            name="first_message",
            field=models.CharField(
                blank=True, help_text="What a caller hears first.", max_length=300
            ),
        ),
        migrations.AlterField(
            model_name="assistant",
            name="personality",
            field=models.TextField(
                blank=True,
                help_text="How it speaks, in at most 8,000 characters. What it may do is the same for every clinic, and comes first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistant",
            constraint=models.CheckConstraint(
                condition=models.Q(("temperature__gte", 0), ("temperature__lte", 2)),
                name="assistant_temperature_is_0_to_2",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistant",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_tokens__gte", 50), ("max_tokens__lte", 10000)),
                name="assistant_max_tokens_is_50_to_10000",
            ),
        ),
    ]
