"""Saving: what `Model.save` takes, for models that do more; an insert that tells if it was one."""

from collections.abc import Iterable
from typing import TypedDict

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelBase
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery


class SaveOptions(TypedDict, total=False):
    force_insert: bool | tuple[ModelBase, ...]
    force_update: bool
    using: str | None
    update_fields: Iterable[str] | None


def insert_unless_there(row: Model) -> bool:
    """Insert it in one statement, with its key. False if a unique row is there that excludes it.

    Waits for another session that is inserting such a row. `bulk_create(ignore_conflicts=True)`
    does not say whether it has inserted, and does not return keys.
    """
    key = row._meta.pk
    given = [field for field in row._meta.concrete_fields if field is not key or row.pk is not None]
    query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE)
    query.insert_values(given, [row])
    [inserted] = query.get_compiler(connection=connection).execute_sql(returning_fields=[key])
    if inserted is None:
        return False
    row.pk = inserted[0]
    row._state.adding, row._state.db = False, connection.alias
    return True
