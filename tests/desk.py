"""Pages of the front desk, as a browser saves them: what is saved was opened before."""

from typing import Any

from tenants.editing import VERSION


def version_in(page: Any) -> str:
    """What the opened page carries; nothing, where nobody may save it."""
    return str((page.context or {}).get("version", ""))


def as_opened(page: Any, data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the version of the page it was typed in, unless it says another."""
    return {VERSION: version_in(page), **data}
