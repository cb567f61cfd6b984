"""Migrations, run forwards and backwards in the schema that is active."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def before(name: str) -> tuple[str, str]:
    """The migration that the one named so depends on."""
    disk = MigrationExecutor(connection).loader.disk_migrations
    [migration] = [disk[key] for key in disk if key[1].endswith(name)]
    [dependency] = migration.dependencies
    return dependency


def migrate(*targets: tuple[str, str]) -> Any:
    return MigrationExecutor(connection).migrate(list(targets)).apps
