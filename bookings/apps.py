from typing import TYPE_CHECKING

from django.apps import AppConfig

from tenants.signals import timezone_changed

if TYPE_CHECKING:
    from tenants.models import Organization


class BookingsConfig(AppConfig):
    name = "bookings"
    menu_position = 1

    def ready(self) -> None:
        from bookings import checks, models  # noqa: F401
        from tenants.postgresql import configuration

        timezone_changed.connect(say_what_stays)
        configuration.register(
            models.BookingPolicy,
            models.Closure,
            models.Opening,
            models.Practitioner,
            models.Room,
            models.Schedule,
            models.ServiceType,
            version=models.Configuration,
        )


def say_what_stays(organization: "Organization", **_: object) -> str:
    return (
        f"Hours are now {organization.timezone} time. Appointments stay at their instant: what lies"
        " outside the hours is listed at the front desk under hours, outside."
    )
