"""Saving: what `Model.save` takes, for models that do more; rows that are written often."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelBase
from django.db.models.constants import OnConflict

from tenants.postgresql import statements


class SaveOptions(TypedDict, total=False):
    force_insert: bool | tuple[ModelBase, ...]
    force_update: bool
    using: str | None
    update_fields: Iterable[str] | None


class Written(Model):
    """Rows that many requests write: saved by statements that are compiled once."""

    class Meta:
        abstract = True

    def save(self, **options: Unpack[SaveOptions]) -> None:
        """No signals are sent. A row that was deleted meanwhile is not inserted again."""
        if self._state.adding:
            [[inserted]] = statements.together(statements.insertion(self))
            is_inserted(self, inserted[0])
            return
        names = options.get("update_fields")
        if names is None:
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
        statements.together(statements.update(self, {*names}))


def is_inserted(row: Model, key: object) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, connection.alias


def insert_unless_there(row: Model) -> bool:
    """Insert it in one statement, with its key. False if a unique row is there that excludes it.

    Waits for another session that is inserting such a row. `bulk_create(ignore_conflicts=True)`
    does not say whether it has inserted, and does not return keys.
    """
    [found] = statements.together(statements.insertion(row, on_conflict=OnConflict.IGNORE))
    for inserted in found:
        is_inserted(row, inserted[0])
    return bool(found)
