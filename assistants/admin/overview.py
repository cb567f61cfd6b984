"""Clinics: the operators' start page. Each with what it does, and first those that need a look."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from assistants import overview
from assistants.overview import Clinic, Need
from tenants.models import Organization
from tenants.sites import operators

MAY_SEE = "tenants.view_organization"
A_PAGE = 100
SAID = {
    Need.UNAVAILABLE: ("✗", "not served"),
    Need.WRONG: ("!", "something is wrong"),
    Need.SILENT: ("◌", "no calls"),
    Need.UNKNOWN: ("?", "not looked over"),
    Need.NOTHING: ("✓", "all well"),
    Need.SUSPENDED: ("⏸", "suspended"),
}


@operators.page("", name="overview", title="Clinics", icon="home", permission=MAY_SEE, start=True)
def clinics(request: HttpRequest) -> HttpResponse:
    found = overview.read()
    page = Paginator(found.clinics, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Clinics",
        "is_fullwidth": "1",
        "now": found.now,
        "counts": counts(found.clinics),
        "page": page,
        "rows": [(clinic, *SAID[clinic.need], problem(clinic)) for clinic in page],
    }
    return operators.render(request, "assistants/clinics.html", context)


def counts(clinics: list[Clinic]) -> list[tuple[str, str, int]]:
    """The sign, the words and the number of each need that some clinic has."""
    needs = [clinic.need for clinic in clinics]
    return [(*said, needs.count(need)) for need, said in SAID.items() if need in needs]


def problem(clinic: Clinic) -> str:
    """Why a clinic that is not suspended is not served, and what to do."""
    if clinic.need is not Need.UNAVAILABLE:
        return ""
    if clinic.figures is None:
        return "its schema cannot be read: manage.py doctor"
    if not clinic.figures.is_complete:
        return "its schema is behind: manage.py migrate_schemas"
    return "its time zone is unknown: choose another on its page"


@operators.page("look/<int:key>/", name="look_over", permission=MAY_SEE)
def look_over(request: HttpRequest, key: int) -> HttpResponse:
    """What `doctor` does, for one clinic. It takes a second or two, and longer if Vapi does."""
    from assistants.provisioning import checkup

    if request.method != "POST":
        raise Http404
    organization = get_object_or_404(Organization, pk=key)
    [(_, findings)] = checkup.of_organizations([organization])
    checkup.remember(organization, findings)
    wrong = sum(finding.state is checkup.State.WRONG for finding in findings)
    messages.success(request, f"{organization} was looked over. Wrong: {wrong or 'nothing'}.")
    return redirect(f"{reverse('admin:overview')}#clinic-{key}")
