"""A request that recalls, as the middleware has it, without a request."""

import time
from contextlib import AbstractContextManager

from tenants import memory, organizations
from tenants.memory import Home
from tenants.postgresql import configuration


def recalling() -> AbstractContextManager[None]:
    """In the organization that is current."""
    here = organizations.current()
    version = configuration.version(here.schema_name)
    home = Home(here, version and version.organizations, time.monotonic())
    return memory.recalling(f"{here.slug}.localhost", home)
