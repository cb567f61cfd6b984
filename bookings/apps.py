from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from tenants.models import Organization


class BookingsConfig(AppConfig):
    name = "bookings"
    menu_position = 1

    def ready(self) -> None:
        from bookings import checks, models  # noqa: F401
        from tenants import organizations
        from tenants.postgresql import configuration

        organizations.on_new_timezone.append(say_what_stays)
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


def say_what_stays(organization: "Organization") -> str:
    return (
        f"Hours are now {organization.timezone} time. Appointments stay at their instant: what lies"
        " outside the hours is listed at the front desk under hours, outside."
    )
