"""Pages of the front desk, as a browser saves them: what is saved was opened before."""

from html.parser import HTMLParser
from typing import Any

from tenants.editing import KNOWN, VERSION
from tenants.sites import ONE_TIME_PASSWORD


def settle(somebody: Any) -> None:
    """They have chosen a password of their own, as on any other day."""
    somebody.groups.remove(*somebody.groups.filter(name=ONE_TIME_PASSWORD))


def version_in(page: Any) -> str:
    """What the opened page carries; nothing, where nobody may save it."""
    return str((page.context or {}).get("version", ""))


def as_opened(page: Any, data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the version of the page it was typed in, unless it says another."""
    return {VERSION: version_in(page), **data}


def fields_in(page: Any) -> dict[str, str]:
    """What the forms on the page would send as they stand."""
    return Fields(page.content.decode()).sent


class Fields(HTMLParser):
    """What a form on a page would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "select":
            self.select = said.get("name") or ""
        elif tag == "option" and self.select and ("selected" in said or said.get("value")):
            self.sent.setdefault(self.select, said.get("value") or "")
        elif said.get("type") in ("checkbox", "radio") and "checked" not in said:
            return
        elif tag in ("input", "textarea") and said.get("name"):
            unsaid = "on" if said.get("type") == "checkbox" else ""
            self.sent[str(said["name"])] = said.get("value") or unsaid


def known_in(page: Any) -> dict[str, str]:
    """What a page that asked sends back when it is saved all the same."""
    asked = (page.context or {}).get("asked")
    return {KNOWN: asked.known} if asked else {}
