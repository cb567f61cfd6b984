from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AssistantsConfig(AppConfig):
    name = "assistants"
    menu_position = 2

    def ready(self) -> None:
        from assistants import staff
        from assistants.calls import retention
        from bookings import erasure
        from tenants import behind

        erasure.on_erase.append(retention.forget_patient)
        post_migrate.connect(staff.give_rights, sender=self)
        behind.done_after_migrations.append(lambda: str(staff.front_desk_rights().query))
