from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AssistantsConfig(AppConfig):
    name = "assistants"

    def ready(self) -> None:
        from assistants import staff
        from assistants.calls import retention
        from bookings import erasure

        erasure.also.append(retention.forget_patient)
        post_migrate.connect(staff.give_rights, sender=self)
