"""Tallies: how many rows each of several queries has, counted in one query."""

from django.db.models import Count, Model, QuerySet, Value


def tally(**rows: QuerySet[Model]) -> dict[str, int]:
    """The number of rows in each query, by the name given. One query for all of them."""
    return {**dict.fromkeys(rows, 0), **dict(counting(**rows))}


def counting(**rows: QuerySet[Model]) -> "QuerySet[Model, tuple[str, int]]":
    """The names, each with the number of rows; not those without a row."""
    first, *others = [
        query.order_by().annotate(counted=Value(name)).values_list("counted").annotate(Count("pk"))
        for name, query in rows.items()
    ]
    every: QuerySet[Model, tuple[str, int]] = first.union(*others, all=True)
    return every
