from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AssistantsConfig(AppConfig):
    name = "assistants"
    verbose_name = "Assistant"
    menu_position = 2

    def ready(self) -> None:
        from assistants import models, staff
        from assistants.calls import retention
        from bookings import erasure
        from bookings.models import Configuration
        from tenants import behind
        from tenants.postgresql import configuration

        configuration.register(
            models.Assistant,
            models.CallPolicy,
            models.ClinicNumber,
            models.PromptVersion,
            models.Reception,
            models.Secret,
            models.SigningKey,
            models.TransferNumber,
            models.VapiConnection,
            models.VapiTool,
            version=Configuration,
        )
        erasure.on_erase.append(retention.forget_patient)
        post_migrate.connect(staff.give_rights, sender=self)
        behind.done_after_migrations.append(staff.digest)
