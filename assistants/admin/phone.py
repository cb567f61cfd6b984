"""Phone assistant: the manager's page. How the calls went, each figure with the list behind it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from assistants import figures
from assistants.admin.assistants import PUBLISH
from assistants.admin.calls import HeardLast, WhatCame
from assistants.figures import Day, Days, What
from assistants.models import Assistant
from tenants import organizations
from tenants.sites import front_desk

CHOICES = (7, 30, 90)  # days
USUAL = 30
MAY_SEE = "assistants.view_call"
MAY_SEE_ASSISTANT = "assistants.view_assistant"


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    link: str = ""
    note: str = ""


@front_desk.page(
    "phone/",
    name="phone_assistant",
    title="Phone assistant",
    icon="support_agent",
    position=4,
    permission=MAY_SEE,
)
def phone_assistant(request: HttpRequest) -> HttpResponse:
    days = days_in(request)
    counted = figures.by_day(days)
    services = figures.by_service(days)
    context = {
        "title": "Phone assistant",
        "is_fullwidth": "1",
        "days": days,
        "choices": CHOICES,
        "chosen": len(days.all),
        "figures": totals(counted, days),
        "table": [(one, one.came[What.BOOKED], one.came[What.FAILED]) for one in reversed(counted)],
        "by_day": plot_by_day(counted),
        "services": services,
        "by_service": plot_by_service(services),
        "heard": [(one, calls_page(days, last=one.outcome)) for one in figures.heard_last(days)],
        "assistant": Assistant.current() if request.user.has_perm(MAY_SEE_ASSISTANT) else None,
    }
    return front_desk.render(request, "assistants/phone_assistant.html", context)


@front_desk.page("phone/published/", name="phone_published", permission=MAY_SEE_ASSISTANT)
def published(request: HttpRequest) -> HttpResponse:
    """What is not yet on the telephone. Vapi is asked, so the page loads it once it is shown."""
    from assistants.provisioning import publishing, telephone

    row = Assistant.current()
    if row is None:
        return HttpResponse("No assistant answers calls.", content_type="text/plain")
    outcome = publishing.compare(organizations.current(), row)
    text = telephone.compared(outcome, may_publish=request.user.has_perm(PUBLISH))
    return HttpResponse(text, content_type="text/plain")


def days_in(request: HttpRequest) -> Days:
    """The days that are asked for, up to today."""
    text = request.GET.get("days", "")
    number = int(text) if text in map(str, CHOICES) else USUAL
    today = organizations.current().now().date()
    return Days(today - timedelta(days=number - 1), today)


def totals(counted: Sequence[Day], days: Days) -> list[Figure]:
    """The figures over all the days; those of calls with a link to these calls."""
    calls = sum(day.calls for day in counted)
    came = {what: sum(day.came[what] for day in counted) for what in What}
    minutes = sum((day.talked for day in counted), timedelta()).total_seconds() / 60
    cost = sum(day.cost for day in counted)
    return [
        Figure("Calls", str(calls), calls_page(days)),
        *(Figure(what.label, str(came[what]), calls_page(days, came=what)) for what in What),
        Figure("Conversion", share(came[What.BOOKED], calls), note="of calls that booked a visit"),
        Figure("Minutes", f"{minutes:,.0f}", note=f"{each(minutes, calls):.1f} a call"),
        Figure("Cost", f"${cost:,.2f}", note=f"${each(cost, calls):.2f} a call"),
    ]


def share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "0 %"


def each(total: float, number: int) -> float:
    return total / number if number else 0.0


def calls_page(days: Days, **filters: str) -> str:
    """The list of calls in these days, of which something came (`came`) or ended (`last`)."""
    names = {"came": WhatCame.parameter_name, "last": HeardLast.parameter_name}
    asked = {names[name]: str(value) for name, value in filters.items()}
    bounds = {"received__gte": days.start.isoformat(), "received__lt": days.end.isoformat()}
    return f"{reverse('admin:assistants_call_changelist')}?{urlencode({**asked, **bounds})}"


# --- the plots, as the theme's script takes them (https://www.chartjs.org/docs/latest/)

GREY = "#6b7280"  # readable on both themes
AXIS = {"stacked": True, "ticks": {"color": GREY, "precision": 0}, "grid": {"display": False}}
OPTIONS = {
    "animation": False,
    "responsive": True,
    "maintainAspectRatio": False,
    "scales": {"x": AXIS, "y": {**AXIS, "beginAtZero": True}},
    "datasets": {"bar": {"maxBarThickness": 24, "borderRadius": 2}},
    "plugins": {"legend": {"align": "end", "labels": {"color": GREY, "boxWidth": 12}}},
}


@dataclass(frozen=True, slots=True)
class Plot:
    labels: list[str]
    datasets: list[dict[str, object]]
    is_lying: bool = False  # the bars from left to right

    @property
    def data(self) -> str:
        return json.dumps({"labels": self.labels, "datasets": self.datasets})

    @property
    def options(self) -> str:
        return json.dumps({**OPTIONS, "indexAxis": "y" if self.is_lying else "x"})


def plot_by_day(counted: Sequence[Day]) -> Plot:
    """A bar of calls for each day, those that booked at its foot; a line of those that failed."""
    booked = [day.came[What.BOOKED] for day in counted]
    others = [day.calls - day.came[What.BOOKED] for day in counted]
    failed = [day.came[What.FAILED] for day in counted]
    line = {"type": "line", "pointRadius": 2, "borderWidth": 2, "stack": "failed"}
    return Plot(
        [f"{one.day.day} {one.day:%b}" for one in counted],
        [
            {"label": "Failed", "data": failed, "borderColor": "#dc2626", **line},
            {"label": "Booked", "data": booked, "backgroundColor": "var(--color-primary-600)"},
            {"label": "Others", "data": others, "backgroundColor": "var(--color-base-400)"},
        ],
    )


def plot_by_service(services: Sequence[tuple[str, int]]) -> Plot:
    times = [number for _, number in services]
    bars: dict[str, object] = {
        "label": "Booked",
        "data": times,
        "backgroundColor": "var(--color-primary-600)",
    }
    return Plot([name for name, _ in services], [bars], is_lying=True)
