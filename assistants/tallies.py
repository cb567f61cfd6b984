"""Tallies: how many rows each of several queries has, counted in one query."""

from django.db.models import Count, Model, QuerySet, Value


def tally(**rows: QuerySet[Model]) -> dict[str, int]:
    """The number of rows in each query, by the name given. One query for all of them."""
    first, *others = [
        query.order_by().annotate(counted=Value(name)).values("counted").annotate(Count("pk"))
        for name, query in rows.items()
    ]
    found = {row["counted"]: row["pk__count"] for row in first.union(*others, all=True)}
    return {name: found.get(name, 0) for name in rows}
