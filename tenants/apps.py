from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Organizations"

    def ready(self) -> None:
        from tenants import checks, models  # noqa: F401
        from tenants.postgresql import configuration

        configuration.register(
            models.Organization, models.Domain, version=models.Directory, is_shared=True
        )
