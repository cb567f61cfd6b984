"""Exporting: a list as a CSV file, with the rows that its page shows, in the same order.

The rows are those of the list's own page, so nobody gets more than they may see. They are read in
pieces: however many there are, only their keys and one piece are in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters, get_content_type_for_model
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import F, Field, Model, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst, slugify
from unfold.enums import ActionVariant

from tenants import organizations, sight
from tenants.models import Organization
from tenants.roles import Account
from tenants.spreadsheets import BYTE_ORDER_MARK, lines, pieces
from tenants.theme import Row, ThemedAdmin

AT_ONCE = 2_000  # rows that are read together
# What is exported within the time of a page (budgets.DESK).
MOST_ROWS = 150_000
# Parameters of a list's address that choose no rows.
NO_FILTERS = {"q", "o", "p", "e", "all"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its title, and what it is read from, a path of fields such as
    “patient__name” or an expression; without one, the field of that title. A subquery gives the
    rows that the user sees.

    `write` makes what is read into a cell. A field's choices are written as their labels.
    """

    title: str
    source: str | Combinable = ""
    write: Callable[[Any], object] | None = None

    def read_from(self, user: Account) -> Combinable:
        source = self.source or self.title.replace(" ", "_")
        if isinstance(source, Subquery):
            return seen_in(source, user)
        return F(source) if isinstance(source, str) else source

    def writer(self, model: type[Model]) -> Callable[[Any], object]:
        if self.write:
            return self.write
        path_of_fields = self.source or self.title.replace(" ", "_")
        labels = labels_of(model, path_of_fields) if isinstance(path_of_fields, str) else {}
        return labelling(labels) if labels else as_it_is


def seen_in(source: Subquery, user: Account) -> Subquery:
    query = source.query
    seen = source.copy()
    seen.query = sight.visible(QuerySet(query.model, query), user).query
    return seen


def as_it_is(value: object) -> object:
    return value


def labelling(labels: dict[object, str]) -> Callable[[Any], object]:
    def label(value: Any) -> object:
        if isinstance(value, list):
            return [labels.get(one, one) for one in value]
        return labels.get(value, value)

    return label


def labels_of(model: type[Model], path_of_fields: str) -> dict[object, str]:
    """The labels of the choices of the field at the end of the path; {} if it has none."""
    field: Any = None
    for name in path_of_fields.split("__"):
        field = next((one for one in model._meta.get_fields() if one.name == name), None)
        model = getattr(field, "related_model", None) or model
    if isinstance(field, ArrayField):
        field = field.base_field
    return dict(field.flatchoices) if isinstance(field, Field) else {}


class Exporting(ThemedAdmin[Row]):
    """A list with *Export*, at the front desk: it has `columns`, or says why it is `not_exported`.

    The operators' site has no exports.
    """

    columns: tuple[Column, ...] = ()
    not_exported = ""

    @property
    def is_exported(self) -> bool:
        return bool(self.columns) and bool(getattr(self.admin_site, "has_exports", False))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export)
        own = path("export/", view, name=f"{self.opts.app_label}_{self.opts.model_name}_export")
        return [*([own] if self.is_exported else []), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The button above the list keeps its filter. The tab is called as the list is."""
        title = capfirst(self.opts.verbose_name_plural)
        response = super().changelist_view(request, {"title": title, **(extra_context or {})})
        context = getattr(response, "context_data", None)
        if context is not None and self.is_exported and self.has_view_permission(request):
            context["actions_list"] = [*context.get("actions_list", []), self.button(request)]
        return response

    def button(self, request: HttpRequest) -> dict[str, object]:
        """As the theme draws it."""
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")
        kept = request.GET.urlencode()
        return {
            "title": "Export",
            "icon": "download",
            "path": f"{page}?{kept}" if kept else page,
            "variant": ActionVariant.DEFAULT,
            "attrs": {"download": ""},
        }

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows at this address, as a file; in the log is who took how much of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            page = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self.address_of_list()}?e=1")
        keys = list(page.queryset.values_list("pk", flat=True)[: MOST_ROWS + 1])
        if len(keys) > MOST_ROWS:
            said = f"The list has more than {MOST_ROWS:,} rows. Please choose fewer by its filters."
            messages.error(request, said)
            return HttpResponseRedirect(f"{self.address_of_list()}?{request.GET.urlencode()}")
        self.log_export(request, page, len(keys))
        return self.file(page.queryset, keys, request.user)

    def file(self, rows: QuerySet[Row], keys: list[object], user: Account) -> StreamingHttpResponse:
        organization = organizations.current()
        today = organization.now().date()
        what = f"{organization.slug} {self.opts.verbose_name_plural}"
        name = f"{slugify(what)}-{today}.csv"
        return StreamingHttpResponse(
            written(organization, rows, keys, self.columns, user),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def address_of_list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def log_export(self, request: HttpRequest, page: ChangeList, many: int) -> None:
        chosen = "; ".join(chosen_by(request, page)) or "no filter"
        LogEntry.objects.create(
            user_id=cast("int", request.user.pk),
            content_type=get_content_type_for_model(self.model),
            object_repr=str(self.opts.verbose_name_plural).capitalize(),
            action_flag=CHANGE,
            change_message=f"Exported {many} rows as CSV: {chosen}.",
        )


def chosen_by(request: HttpRequest, page: ChangeList) -> Iterator[str]:
    """What the rows were chosen by. The values of the list's own filters are told. What was typed
    may name a patient, so of that it is only told that there was something."""
    filters = {name for spec in page.filter_specs for name in spec.expected_parameters() if name}
    stretch = f"{page.date_hierarchy}__" if page.date_hierarchy else None
    for name, value in request.GET.items():
        if name in filters or (stretch and name.startswith(stretch)):
            yield f"{name}={value[:40]}"
        elif name == "q" and value:
            yield "a search"
        elif name not in NO_FILTERS:
            yield f"by {name[:40]}"


def written(
    organization: Organization,
    rows: QuerySet[Any],
    keys: list[object],
    columns: tuple[Column, ...],
    user: Account,
) -> Iterator[str]:
    """The file, piece by piece. It is sent when the request has left the organization, so each
    piece enters it again, and asks once more which of the rows are to be seen."""
    titles = lines([[column.title for column in columns]], organization.zone)
    yield f"{BYTE_ORDER_MARK}{titles}"
    for some in pieces(keys, AT_ONCE):
        with organizations.within(organization):
            text = lines(read(rows, some, columns, user), organization.zone)
        yield text


def read(
    rows: QuerySet[Any], keys: list[object], columns: tuple[Column, ...], user: Account
) -> Iterator[list[object]]:
    """The rows with these keys, in the order of the keys; one query."""
    sources = {f"_column_{place}": column.read_from(user) for place, column in enumerate(columns)}
    found = rows.order_by().filter(pk__in=keys).annotate(**sources)
    by_key = {key: values for key, *values in found.values_list("pk", *sources)}
    writers = [column.writer(rows.model) for column in columns]
    for key in keys:
        if key in by_key:
            yield [write(value) for write, value in zip(writers, by_key[key], strict=True)]
