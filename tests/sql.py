"""SQL that a test runs beside our code."""

from django.db import connection


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
