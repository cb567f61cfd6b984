from typing import Any

from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from django_tenants.utils import schema_exists

from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused


class Command(BaseCommand, MigrateSchemasCommand):
    """django-tenants' own, which ends in one line as our commands do."""

    requires_system_checks = MigrateSchemasCommand.requires_system_checks

    def handle(self, *args: Any, **options: Any) -> None:
        schema = options["schema_name"]
        if schema and not schema_exists(schema):
            raise Refused("--schema", f"there is no schema “{schema}”")
        super().handle(*args, **options)
