from django.apps import AppConfig


class AssistantsConfig(AppConfig):
    name = "assistants"

    def ready(self) -> None:
        from assistants import records
        from bookings import erasure

        erasure.also.append(records.forget)
