"""The sidebar of the front desk: its pages in their order, and below them the lists, in groups.

The theme's template takes what is made here (its SIDEBAR setting is one for both sites).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenants import sight
from tenants.roles import Account

View = Callable[..., HttpResponse]
Badge = Callable[[HttpRequest], str]
Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the front desk beside the lists. Without a title it is not in the sidebar.

    `route` is below /admin/; `permission` is what its reader needs, or one of several. `badge`
    counts what waits there: it is called for each page that is shown, and may be empty. `by_sight`
    and `only_reads` are explained at `Site.page`.
    """

    route: str
    name: str
    view: View
    permission: str | tuple[str, ...]
    title: str = ""
    icon: str = ""
    position: int = 100
    badge: Badge | None = None
    by_sight: bool = False
    only_reads: bool = False

    def is_for(self, user: Account) -> bool:
        asked = (self.permission,) if isinstance(self.permission, str) else self.permission
        return any(map(user.has_perm, asked)) and (self.by_sight or not sight.is_bound(user))

    def entry(self, request: HttpRequest) -> Entry:
        link = reverse(f"admin:{self.name}")
        return {
            "title": self.title,
            "icon": self.icon,
            "link": link,
            "active": request.path == link,
            "has_permission": True,
            "badge": self.badge(request) if self.badge else "",
            "badge_id": f"badge-{self.name}" if self.badge else "",
        }


def groups(pages: Iterable[Page], apps: Iterable[Any], request: HttpRequest) -> list[Entry]:
    """What the sidebar shows to this user. `apps` is what the site's `get_app_list` gives."""
    titled = [page for page in pages if page.title and page.is_for(request.user)]
    in_order = sorted(titled, key=lambda page: page.position)
    first: Entry = {"items": [page.entry(request) for page in in_order]}
    return [first, *grouped_lists(apps, request)]


def grouped_lists(apps: Iterable[Any], request: HttpRequest) -> list[Entry]:
    """The lists, in groups by the `menu_group` of their admin class."""
    found: dict[str, list[Entry]] = {}
    for app in apps:
        for model in app["models"]:
            group = model["menu_group"] or str(app["name"])
            found.setdefault(group, []).append(list_entry(model, request))
    return [{"title": title, "separator": True, "items": items} for title, items in found.items()]


def list_entry(model: dict[str, Any], request: HttpRequest) -> Entry:
    link = model["admin_url"]
    return {
        "title": model["name"],
        "link": link,
        "active": bool(link) and request.path.startswith(link),
        "has_permission": bool(link),
    }
