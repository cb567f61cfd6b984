"""Saving: what `Model.save` takes, for models that do more; rows that are written often."""

from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelBase
from django.db.models.constants import OnConflict

from bookings import diaries
from tenants.postgresql import statements
from tenants.postgresql.statements import Answers, Bound


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
        """Inside of a writing it is sent with the next statement, and a key that the database gives
        is not learned. No signals are sent, and a row that was deleted is not inserted again."""
        fields = [field.name for field in self._meta.concrete_fields if not field.primary_key]
        names = options.get("update_fields") or fields
        is_new = self._state.adding
        writes = statements.insertion(self) if is_new else statements.update(self, {*names})
        if diaries.is_open():
            write_later(self, writes)
        else:
            for inserted in statements.together(writes)[0]:
                is_inserted(self, inserted[0])


def write_later(row: Model, writes: Bound[Any]) -> None:
    """With the next statement."""
    statements.here().later(writes)
    is_inserted(row, row.pk)


def is_inserted(row: Model, key: object) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_unless_there(row: Model, *before: Bound[Any]) -> tuple[bool, Answers]:
    """Insert it in one statement, with its key. False if a unique row is there that excludes it.
    The statements `before` are carried out first, in the same round trip; and their answers.

    Waits for another session that is inserting such a row. `bulk_create(ignore_conflicts=True)`
    does not say whether it has inserted, and does not return keys.
    """
    insertion = statements.insertion(row, on_conflict=OnConflict.IGNORE)
    *answers, found = statements.together(*before, insertion)
    for inserted in found:
        is_inserted(row, inserted[0])
    return bool(found), answers
