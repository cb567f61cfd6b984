"""The second step at its doors: asked for after the password, and turned on and off by its user.

Until the code is right nobody is signed in: the session only knows whose password was right.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django_otp import login as verify_session
from unfold.widgets import BASE_INPUT_CLASSES

from tenants import history, sign_ins
from tenants.accounts import second_step
from tenants.accounts.models import TotpDevice
from tenants.sign_in_links import place, shown

if TYPE_CHECKING:
    from tenants.sites import Site

WAITING = "second_step"  # where a session keeps it
BEGUN = "second_step_begun"  # where a session keeps a digest of the key that it has drawn
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose password was right, and where they want to go. `password` is a digest of it."""

    user: int
    password: str
    since: float
    next: str


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(
            {
                "class": " ".join(BASE_INPUT_CLASSES),
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class ConfirmForm(CodeForm):
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(
            {"class": " ".join(BASE_INPUT_CLASSES), "autocomplete": "current-password"}
        ),
    )


class SignInView(LoginView):
    """Django's own, up to the point where the password is right."""

    site: "Site | None" = None

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.site is not None  # noqa: S101
        return self.site.enter(self.request, form.get_user(), next_page=self.get_redirect_url())


def wait(request: HttpRequest, user: User, *, next_page: str) -> HttpResponse:
    """Ask for the code of `user`, whose password was right."""
    request.session.flush()  # of somebody else, perhaps
    now = sign_ins.clock().timestamp()
    waiting = Waiting(user.pk, user.get_session_auth_hash(), now, next_page)
    request.session[WAITING] = asdict(waiting)
    return HttpResponseRedirect(reverse("admin:second_step"))


def awaited(request: HttpRequest, *, now: datetime) -> tuple[User, Waiting] | None:
    """Who is waited for; None after ten minutes, or when their password or their right to sign in
    is another one by now."""
    waiting = Waiting(**request.session.get(WAITING) or asdict(Waiting(0, "", 0, "")))
    user = User.objects.filter(pk=waiting.user, is_active=True, is_staff=True).first()
    is_late = now.timestamp() > waiting.since + PATIENCE.total_seconds()
    if user is None or is_late or user.get_session_auth_hash() != waiting.password:
        return None
    return user, waiting


def ask(site: "Site", request: HttpRequest) -> HttpResponse:
    """Asks for the code, and signs in by it."""
    now = sign_ins.clock()
    found = awaited(request, now=now)
    if found is None:
        return HttpResponseRedirect(reverse("admin:login"))
    user, waiting = found
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = second_step.verified(user, form.cleaned_data["code"])
        if device is not None:
            vars(user)["otp_device"] = device  # the session is told so as it begins
            if device.by_backup_code:
                history.note(user, by=user, what="Signed in by a backup code.")
            return site.signed_in(request, user, next_page=waiting.next)
        form.add_error("code", refusal(user, now=sign_ins.clock()))
    context = {"title": "Code", "form": form, "person": user}
    return shown(site, request, "tenants/second_step.html", context)


def refusal(user: User, *, now: datetime) -> str:
    seconds = second_step.seconds_to_wait(user, now=now)
    again = f" You can try again in {seconds} second{'s' * (seconds > 1)}." if seconds else ""
    return f"This code is not right, or was used already.{again}"


# --- the page of a user's own second step


def own(site: "Site", request: HttpRequest) -> HttpResponse:
    """What the user has, and what they do about it: `do` names the button."""
    user = signed_in(request)
    is_on = bool(site.standing(request).device)
    form_class = CodeForm if is_on else ConfirmForm
    form = form_class(request.POST if "code" in request.POST else None)
    action = {False: {"begin": begin, "confirm": confirm}, True: {"codes": codes, "end": end}}
    chosen = action[is_on].get(request.POST.get("do", "")) if request.method == "POST" else None
    if chosen and (answer := chosen(site, request, user, form)):
        return answer
    return page(site, request, user, form)


def signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `admin_view` lets nobody else in
    return request.user


def page(site: "Site", request: HttpRequest, user: User, form: CodeForm) -> TemplateResponse:
    standing = site.standing(request)
    device = None if standing.device else begun_here(request, user)
    key = device.key if device else None
    context: dict[str, Any] = {
        "title": "Two-step sign-in",
        "form": form,
        "is_on": bool(standing.device),
        "is_required": standing.is_required,
        "left": second_step.codes_left(user) if standing.device else 0,
    }
    if key:
        address = second_step.address(key, user=user.get_username(), place=place())
        # Made of lines by `segno`, and of no text.
        context["picture"] = mark_safe(second_step.picture(address))  # noqa: S308
        context["key"] = second_step.typed_key(key)
    return site.render(request, "tenants/own_second_step.html", context)


def begin(site: "Site", request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    request.session[BEGUN] = named(second_step.begin(user))
    return HttpResponseRedirect(reverse("admin:own_second_step"))


def begun_here(request: HttpRequest, user: User) -> TotpDevice | None:
    """The device that waits for its first code, if this session has drawn its key: somebody else
    may have seen one that was drawn in another."""
    device = second_step.begun(user)
    is_own = device is not None and request.session.get(BEGUN) == named(device)
    return device if is_own else None


def named(device: TotpDevice) -> str:
    return hashlib.sha256(device.key or b"").hexdigest()


def confirm(site: "Site", request: HttpRequest, user: User, form: CodeForm) -> HttpResponse | None:
    """From now on it is asked for. Other sessions of the user have to sign in again.

    It takes the password, so that nobody locks out a user who left the screen unlocked.
    """
    if not form.is_valid():
        return None
    if not is_password(request, user, form.cleaned_data["password"]):
        form.add_error("password", "This password is not right.")
        return None
    device = begun_here(request, user)
    device = device and second_step.confirm(user, form.cleaned_data["code"])
    if device is None:
        form.add_error("code", refusal(user, now=sign_ins.clock()))
        return None
    request.session.cycle_key()
    verify_session(request, device)
    history.note(user, by=user, what="Turned two-step sign-in on.")
    return shown_codes(site, request, user)


def is_password(request: HttpRequest, user: User, typed: str) -> bool:
    """Guesses are counted as at the sign-in."""
    if authenticate(request, username=user.get_username(), password=typed) is None:
        return False
    sign_ins.succeeded(*vars(request)["tried"], now=sign_ins.clock())
    return True


def codes(site: "Site", request: HttpRequest, user: User, form: CodeForm) -> HttpResponse | None:
    if not is_right(user, form):
        return None
    history.note(user, by=user, what="Made new backup codes.")
    return shown_codes(site, request, user)


def end(site: "Site", request: HttpRequest, user: User, form: CodeForm) -> HttpResponse | None:
    if not is_right(user, form):
        return None
    second_step.end(user)
    history.note(user, by=user, what="Turned two-step sign-in off.")
    messages.success(request, "Two-step sign-in is off.")
    return HttpResponseRedirect(reverse("admin:own_second_step"))


def is_right(user: User, form: CodeForm) -> bool:
    """Whether the form has a right code; it says so if not."""
    if not form.is_valid():
        return False
    if second_step.verified(user, form.cleaned_data["code"]) is None:
        form.add_error("code", refusal(user, now=sign_ins.clock()))
    return form.is_valid()


def shown_codes(site: "Site", request: HttpRequest, user: User) -> HttpResponse:
    """New backup codes, this once."""
    found = second_step.new_backup_codes(user)
    context = {"title": "Your backup codes", "codes": found}
    return site.render(request, "tenants/backup_codes.html", context)
