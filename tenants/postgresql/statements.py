"""Statements: querysets of the ORM, compiled once, and run each time with the values given.

Building a queryset and compiling it takes Python longer than PostgreSQL takes to answer it. A
Statement is compiled when it is first run. Its text names tables without a schema, so it is the
same for every organization; which rows it finds is decided by the search path, as ever.

Several statements that do not need each other's answers can be sent in one round trip. PostgreSQL
carries them out one after the other, each with its own snapshot (READ COMMITTED).
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Expression,
    Field,
    Lookup,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models.constants import OnConflict
from django.db.models.expressions import DatabaseDefault
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from tenants.postgresql.base import DatabaseWrapper

Row = TypeVar("Row", covariant=True)
Value: TypeAlias = Any  # what psycopg makes SQL of, or reads
Rows = list[Sequence[Value]]
Answers = list[list[Value]]  # of several statements


class Given(Expression):
    """A value that is given when the statement is run, by this name.

    `field` says what is made of it, where psycopg alone could not tell.
    """

    def __init__(self, name: str, field: "Field[Value, Value] | None" = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.made_by = field

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Value]:
        return "%s", (self,)

    def value(self, given: dict[str, Value]) -> Value:
        value = given[self.name]
        return self.made_by.get_db_prep_save(value, here()) if self.made_by else value


@Field.register_lookup
class AnyOf(Lookup):
    """`= ANY(…)` of a list, which is one value however long it is. `IN` has one for each."""

    lookup_name = "any_of"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Value]:
        column, before = self.process_lhs(compiler, connection)
        value, given = self.process_rhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} = ANY({value}::{kind}[])", [*before, *given]


@dataclass(frozen=True, slots=True)
class Compiled(Generic[Row]):
    text: str
    parameters: tuple[Given, ...]
    load: Callable[[Rows], Iterable[Row]] | None


class Statement(Generic[Row]):
    """What `build` describes: a queryset of instances, or of `values_list`.

    `build` is called once. Whatever differs from run to run has to be `Given` in it.
    """

    def __init__(self, build: Callable[[], QuerySet[Value, Row]]) -> None:
        self.build = build
        self.compiled: Compiled[Row] | None = None

    def __call__(self, **given: Value) -> list[Row]:
        """The rows. Raises KeyError for a value that is not given."""
        [rows] = together(self.bound(**given))
        return rows

    def bound(self, **given: Value) -> "Bound[Row]":
        """With its values, to be sent with others."""
        self.compiled = compiled = self.compiled or self.compile()
        return Bound(compiled.text, values_of(compiled.parameters, given), compiled.load)

    def compile(self) -> Compiled[Row]:
        return compile_(self.build())


class Deletion(Statement[Value]):
    """Deletes the rows of a queryset. They are locked in the order of their keys, so that two
    deletions do not deadlock."""

    def compile(self) -> Compiled[Value]:
        rows = self.build()
        chosen = compile_(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
        names = rows.model._meta.db_table, rows.model._meta.pk.column
        table, key = map(here().ops.quote_name, names)
        text = f"DELETE FROM {table} WHERE {key} = ANY(ARRAY({chosen.text}))"  # noqa: S608 - quoted
        return Compiled(text, chosen.parameters, None)


def values_of(parameters: Iterable[Given], given: dict[str, Value]) -> list[Value]:
    return [one.value(given) for one in parameters]


@dataclass(frozen=True, slots=True)
class Bound(Generic[Row]):
    """`load` makes what is told of its rows; None where it gives none. The text has `%s` for each
    of its values, and so `%%` for a percent sign, also where it has no values."""

    text: str
    values: Sequence[Value] = ()
    load: Callable[[Rows], Iterable[Value]] | None = list

    def locking(self) -> "Bound[Row]":
        """It waits for who has locked one of the rows, and locks them until the transaction ends,
        in their order. The text follows no relation, so no other table is locked.

        NO KEY: a foreign key takes a share lock on the row, which this does not block.
        """
        return replace(self, text=f"{self.text} FOR NO KEY UPDATE")


# It finds nothing and is not sent: for what can be asked only of somebody who is known.
NOTHING: Bound[Value] = Bound("")


def here() -> "DatabaseWrapper":
    """The connection itself: Django's `connection` looks for it again each time that it is used."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])


def turn(key: int) -> Bound[Value]:
    """Waits for the advisory lock with this key, and holds it until the transaction ends."""
    return Bound("SELECT pg_advisory_xact_lock(%s)", [key])


def try_turn(key: int) -> Bound[Value]:
    """Takes that lock until the transaction ends, if nobody else has it; whether it does so."""
    return Bound("SELECT pg_try_advisory_xact_lock(%s)", [key])


def shared_turn(key: int) -> Bound[Value]:
    """As `try_turn`, with the lock shared: others may share it, too."""
    return Bound("SELECT pg_try_advisory_xact_lock_shared(%s)", [key])


# A text that raises: PostgreSQL has no other that is one statement and needs no function of ours.
WITHIN = "SELECT 1 / (current_schema() IS NOT DISTINCT FROM %s)::int"


def within(schema: str) -> Bound[Value]:
    """Fails with a division by zero unless the connection is in this schema."""
    return Bound(WITHIN, [schema])


def together(*bound: Bound[Value]) -> Answers:
    """The rows of each, in one round trip. If one fails, all do: the transaction is then over."""
    known = [*map(here().known_ahead, bound)]
    found = iter(asked([one for one, rows in zip(bound, known, strict=True) if rows is None]))
    return [next(found) if rows is None else rows for rows in known]


def asked(bound: list[Bound[Value]]) -> Answers:
    """With what is asked ahead, in one round trip."""
    if not bound:
        return []
    connection = here()
    sent = [*bound, *connection.take_ahead(bound)]
    with connection.cursor() as cursor:
        text = "; ".join(one.text for one in sent)
        cursor.execute(text, [value for one in sent for value in one.values])
        answers, found = cursor.cursor, []  # all of them have arrived, so nothing can fail
        for number, one in enumerate(sent):
            if number:
                answers.nextset()
            found.append(list(one.load(answers.fetchall())) if one.load else [])
    connection.know_ahead(sent[len(bound) :], found[len(bound) :])
    return found[: len(bound)]


def ask_ahead(*bound: Bound[Value]) -> None:
    """These will be asked in this transaction: they are sent with what is asked next, behind it.
    The first time that each is asked then, no round trip is taken; what was written since they were
    sent is not in their answers."""
    here().ask_ahead(*bound)


# The fields that need nothing to be made of their values: psycopg writes them as they are.
PLAIN = {BooleanField, CharField, DateTimeField, TextField, UUIDField}

# By the model, the names of the fields and what else decides it: what rows are written with.
_texts: dict[Hashable, tuple[str, Sequence[Value]]] = {}


def insertion(*rows: Model, on_conflict: OnConflict | None = None) -> Bound[Sequence[Value]]:
    """Inserts the rows, which have values for the same fields, and gives their keys. A field
    without one has its default of the database, which computes expressions as well."""
    model, key, first = type(rows[0]), rows[0]._meta.pk, vars(rows[0])
    filled = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(first[field.attname], DatabaseDefault)
        and not (field is key and first[field.attname] is None)
    ]
    names = [field.attname for field in filled]
    computed = {name: first[name] for name in names if hasattr(first[name], "as_sql")}
    kind = (model, len(rows), *names, *computed, on_conflict)
    if kind not in _texts:
        given = {field.attname: of_field(field) for field in filled}
        query = InsertQuery(model, on_conflict=on_conflict)
        query.insert_values(filled, [model(**given | computed)] * len(rows))
        compiler = query.get_compiler(connection=here())
        compiler.returning_fields = [key]
        [_texts[kind]] = (with_constants(*one) for one in compiler.as_sql())
    text, parameters = _texts[kind]
    each = parameters[: len(parameters) // len(rows)]
    return Bound(text, [value for row in rows for value in values_of(each, vars(row))])


def of_field(field: "Field[Value, Value]") -> Given:
    return Given(field.attname, None if type(field) in PLAIN else field)


def update(row: Model, names: Collection[str]) -> Bound[Value]:
    """Writes these fields into the row with its key."""
    fields = [field for field in row._meta.concrete_fields if field.name in names]
    filled = [(field, None, field.pre_save(row, False)) for field in fields]
    kind = (type(row), *((field.attname, value is None) for field, _, value in filled))
    if kind not in _texts:
        query: Value = type(row)._base_manager.filter(pk=row.pk).query.chain(UpdateQuery)
        query.add_update_fields(filled)
        _texts[kind] = query.get_compiler(connection=here()).as_sql()
    connection = here()
    values = [field.get_db_prep_save(value, connection) for field, _, value in filled]
    key = row._meta.pk.get_db_prep_save(row.pk, connection)
    return Bound(_texts[kind][0], [*(value for value in values if value is not None), key], None)


def compile_(queryset: QuerySet[Value, Row]) -> Compiled[Row]:
    """Raises TypeError for a queryset of dictionaries or of named tuples, or with
    `select_related`."""
    compiler = queryset.query.get_compiler(connection=here())
    text, parameters = compiler.as_sql()
    loads = LOADS.get(queryset._iterable_class)
    if loads is None:
        raise TypeError("a statement gives instances, or rows of values_list")
    return Compiled(*with_constants(text, parameters), loads(compiler))


def with_constants(text: str, parameters: Iterable[Value]) -> tuple[str, tuple[Given, ...]]:
    """The text with every value written into it that is not `Given`, and those that are."""
    given, written = [], []
    for one in parameters:
        is_given = isinstance(one, Given)
        given += [one] if is_given else []
        written.append("%s" if is_given else literal(one).replace("%", "%%"))
    return text.replace("%%", "%%%%") % tuple(written), tuple(given)


def literal(value: Value) -> str:
    with here().cursor() as cursor:
        text: str = cursor.cursor.mogrify("%s", [value])
        return text


Load = Callable[[Rows], Iterable[Value]]


def load_values(compiler: SQLCompiler) -> Load:
    convert = converted(compiler)
    return lambda rows: map(itemgetter(0), convert(rows))


def converted(compiler: SQLCompiler) -> Load:
    """As `SQLCompiler.results_iter`, which looks for the converters each time."""
    columns: list[Value] = compiler.select or []
    converters = compiler.get_converters([column for column, *_ in columns[: compiler.col_count]])
    if not converters:
        return lambda rows: rows
    return lambda rows: map(tuple, compiler.apply_converters(rows, converters))


def load_instances(compiler: SQLCompiler) -> Load:
    """As `ModelIterable`, which can only load what it has executed itself."""
    info: dict[str, Value] = compiler.klass_info or {}
    columns: list[Value] = compiler.select or []
    model: type[Model] = info["model"]
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in columns[first:last]]
    if info.get("related_klass_infos"):
        raise TypeError("a statement follows no relation")
    convert, alias = converted(compiler), DEFAULT_DB_ALIAS
    return lambda rows: (model.from_db(alias, names, row[first:last]) for row in convert(rows))


LOADS: dict[type, Callable[[SQLCompiler], Load]] = {
    ModelIterable: load_instances,
    ValuesListIterable: converted,
    FlatValuesListIterable: load_values,
}
