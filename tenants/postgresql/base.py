"""The database backend: django-tenants' own, changed so that no schema is reached from another.

django-tenants leaves `public` behind the org's schema on the search path, so that a table missing
from the org is quietly looked for among everybody's. Here it is an error.
"""

from typing import Any, Protocol

import psycopg
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_public_schema_name
from psycopg.rows import TupleRow
from psycopg_pool import PoolTimeout

from tenants.postgresql import deadlines, outages
from tenants.postgresql.connections import NoAnswerInTime
from tenants.postgresql.introspection import Introspection


class HasSchema(Protocol):
    """An organization, or what django-tenants enters `public` with."""

    schema_name: str


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.introspection = Introspection(self)

    def get_new_connection(self, conn_params: dict[str, object]) -> "psycopg.Connection[TupleRow]":
        """After the deadline no connection is waited for; during an outage only briefly."""
        left = deadlines.remaining()
        if left is not None and left <= 0:
            raise NoAnswerInTime("there is no time left to ask the database")
        if not outages.is_over(seconds=left):
            raise NoAnswerInTime("the database has not answered the others")
        try:
            opened: psycopg.Connection[TupleRow] = super().get_new_connection(conn_params)
        except PoolTimeout:
            outages.doubt(self.pool)
            raise
        return opened

    def set_tenant(self, tenant: HasSchema, include_public: bool = False) -> None:
        is_public = tenant.schema_name == get_public_schema_name()
        super().set_tenant(tenant, include_public=is_public)

    def set_schema(
        self, schema_name: str, include_public: bool = False, tenant_type: str | None = None
    ) -> None:
        super().set_schema(schema_name, include_public, tenant_type)
