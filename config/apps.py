from collections.abc import Sequence

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class ConfigConfig(AppConfig):
    name = "config"


class AdminConfig(SimpleAdminConfig):
    """Django's admin. Its pages are loaded with the addresses that they answer (`config.urls`), so
    that a command which serves nothing starts without them."""

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(
    app_configs: Sequence[AppConfig] | None, **options: object
) -> list[checks.CheckMessage]:
    """Loads them first: checks run in no order, and the addresses may not have been looked at."""
    admin.autodiscover()
    found: list[checks.CheckMessage] = check_admin_app(app_configs, **options)
    return found
