"""SQLSTATEs: error codes of PostgreSQL, which do not depend on the names of constraints.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

EXCLUSION_VIOLATION, UNIQUE_VIOLATION = "23P01", "23505"
DEADLOCK, SERIALIZATION_FAILURE = "40P01", "40001"
LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"
UNDEFINED_TABLE = "42P01"
DIVISION_BY_ZERO = "22012"


def sqlstate(error: BaseException) -> str:
    """The SQLSTATE of a database error that Django raised; "" for any other error."""
    return getattr(error.__cause__, "sqlstate", None) or ""
