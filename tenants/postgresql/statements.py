"""Statements: querysets of the ORM, compiled once, and run each time with the values given.

Building a queryset and compiling it takes Python longer than PostgreSQL takes to answer it. A
Statement is compiled when it is first run. Its text names tables without a schema, so it is the
same for every organization; which rows it finds is decided by the search path, as ever.

Several statements that do not need each other's answers can be sent in one round trip. PostgreSQL
carries them out one after the other, each with its own snapshot (READ COMMITTED).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Expression, Field, Lookup, Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.sql import InsertQuery
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", covariant=True)
Value: TypeAlias = Any  # what psycopg makes SQL of, or reads
Rows = list[Sequence[Value]]


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
        return self.made_by.get_db_prep_save(value, connection) if self.made_by else value


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
    parameters: tuple[object, ...]
    load: Callable[[Rows], Iterable[Row]]


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
        table, key = map(connection.ops.quote_name, names)
        text = f"DELETE FROM {table} WHERE {key} = ANY(ARRAY({chosen.text}))"  # noqa: S608 - quoted
        return Compiled(text, chosen.parameters, iter)


class Insertion:
    """Inserts rows of a model, with the values that their fields have. PostgreSQL computes the
    fields of `computed`, and keys that are counted up, which the rows do not learn."""

    def __init__(self, model: type[Model], **computed: Expression) -> None:
        self.model, self.computed = model, computed
        self.compiled: dict[int, Compiled[Value]] = {}

    def __call__(self, rows: Sequence[Model]) -> None:
        together(self.bound(rows))

    def bound(self, rows: Sequence[Model]) -> "Bound[Value]":
        if len(rows) not in self.compiled:
            self.compiled[len(rows)] = self.compile(len(rows))
        compiled = self.compiled[len(rows)]
        each = compiled.parameters[: len(compiled.parameters) // len(rows)]
        values = [value for row in rows for value in values_of(each, vars(row))]
        return Bound(compiled.text, values, iter)

    def compile(self, many: int) -> Compiled[Value]:
        fields = [
            field for field in self.model._meta.concrete_fields if not isinstance(field, AutoField)
        ]
        row = self.model(
            **{field.attname: Given(field.attname, field) for field in fields} | self.computed
        )
        query = InsertQuery(self.model)
        query.insert_values(fields, [row] * many)
        [(text, parameters)] = query.get_compiler(connection=connection).as_sql()
        return Compiled(text, parameters, iter)


def values_of(parameters: Iterable[object], given: dict[str, Value]) -> list[Value]:
    return [one.value(given) if isinstance(one, Given) else one for one in parameters]


@dataclass(frozen=True, slots=True)
class Bound(Generic[Row]):
    text: str
    values: list[Value]
    load: Callable[[Rows], Iterable[Row]]


def together(*bound: Bound[Value]) -> list[list[Value]]:
    """The rows of each, in one round trip. If one fails, all do: the transaction is then over."""
    with connection.cursor() as cursor:
        text = "; ".join(one.text for one in bound)
        cursor.execute(text, [value for one in bound for value in one.values])
        found = []
        for number, one in enumerate(bound):
            if number:
                cursor.nextset()
            found.append(list(one.load(cursor.fetchall())) if cursor.description else [])
        return found


def compile_(queryset: QuerySet[Value, Row]) -> Compiled[Row]:
    """Raises TypeError for a queryset of dictionaries or of named tuples, or with
    `select_related`."""
    compiler = queryset.query.get_compiler(connection=connection)
    text, parameters = compiler.as_sql()
    loads = LOADS.get(queryset._iterable_class)
    if loads is None:
        raise TypeError("a statement gives instances, or rows of values_list")
    return Compiled(text, tuple(parameters), loads(compiler))


Load = Callable[[Rows], Iterable[Value]]


def load_rows(compiler: SQLCompiler) -> Load:
    return lambda rows: compiler.results_iter([rows], tuple_expected=True)


def load_values(compiler: SQLCompiler) -> Load:
    return lambda rows: map(itemgetter(0), compiler.results_iter([rows]))


def load_instances(compiler: SQLCompiler) -> Load:
    """As `ModelIterable`, which can only load what it has executed itself."""
    info: dict[str, Value] = compiler.klass_info or {}
    columns: list[Value] = compiler.select or []
    model: type[Model] = info["model"]
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in columns[first:last]]
    if info.get("related_klass_infos"):
        raise TypeError("a statement follows no relation")
    return lambda rows: (
        model.from_db(connection.alias, names, row[first:last])
        for row in compiler.results_iter([rows])
    )


LOADS: dict[type, Callable[[SQLCompiler], Load]] = {
    ModelIterable: load_instances,
    ValuesListIterable: load_rows,
    FlatValuesListIterable: load_values,
}
