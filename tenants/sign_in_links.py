"""Sign-in links at their doors: shown once to who made them, and opened by the user they are for.

The secret is in the address of one request only: its answer leads to a page whose address has none,
so that nothing that page loads, and nowhere it leads, is told the secret.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from unfold.widgets import INPUT_CLASSES

from tenants import history, organizations, passwords, sign_ins, tokens
from tenants.accounts import links, mail
from tenants.models import Organization

if TYPE_CHECKING:
    from tenants.sites import Site

    PasswordForm = SetPasswordForm[User]
else:
    PasswordForm = SetPasswordForm

# Where a session keeps the digest of the link by which it came.
ARRIVED_BY = "sign_in_link"


class OwnPasswordForm(PasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = " ".join(INPUT_CLASSES)
        self.fields["new_password1"].widget.attrs["autofocus"] = True


def arrive(site: "Site", request: HttpRequest, secret: str) -> HttpResponse:
    """Opens a link. It is not used up yet: programs that look through mail open it, too."""
    digest = tokens.digest(secret)
    if links.find(digest, now=sign_ins.clock()) is None:
        answer = over(site, request)
    else:
        request.session[ARRIVED_BY] = digest
        answer = HttpResponseRedirect(reverse("admin:welcome"))
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def welcome(site: "Site", request: HttpRequest) -> HttpResponse:
    """Asks for a password, and signs in with it."""
    now, digest = sign_ins.clock(), str(request.session.get(ARRIVED_BY, ""))
    user = links.find(digest, now=now)
    if user is None:
        return over(site, request)
    form = OwnPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = choose(digest, form.cleaned_data["new_password1"], now=now)
        return over(site, request) if chosen is None else site.enter(request, chosen)
    context = {"title": "Choose your password", "form": form, "person": user}
    return shown(site, request, "tenants/welcome.html", context)


def choose(digest: str, password: str, *, now: datetime) -> User | None:
    """The user of the link, with their new password; None if the link was used in the meantime."""
    with transaction.atomic():
        user = links.take(digest, now=now)
        if user is not None:
            user.set_password(password)
            user.save(update_fields=["password"])
            passwords.chosen(user, how="by a sign-in link")
    return user


def over(site: "Site", request: HttpRequest) -> HttpResponse:
    """One page for a link that was used, replaced, has run out, or never was."""
    context = {"title": "This link does not work any more"}
    return shown(site, request, "tenants/link_over.html", context, status=404)


def shown(
    site: "Site",
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    status: int = 200,
) -> HttpResponse:
    return site.render(request, template, {**context, "lasts": links.LASTS.days}, status)


def asked(site: "Site", request: HttpRequest, user: User) -> HttpResponse:
    context = {"title": f"A new link for {user}", "person": user, "original": user}
    return shown(site, request, "tenants/new_link.html", {**context, "opts": User._meta})


def made(site: "Site", request: HttpRequest, user: User) -> HttpResponse:
    """Makes a link, and the page that shows it: this once, as no other page knows the secret."""
    secret = links.make(user, now=sign_ins.clock())
    link = request.build_absolute_uri(reverse("admin:sign_in_link", args=[secret]))
    history.note(user, by=request.user, what="Made a sign-in link.")
    context = {
        "title": f"A link for {user}",
        "person": user,
        "link": link,
        "is_mailed": mailed(user, link),
        "has_mail": mail.is_configured() and bool(user.email),
        "original": user,
        "opts": User._meta,
    }
    return shown(site, request, "tenants/link.html", context)


def mailed(user: User, link: str) -> bool:
    """Whether the link was sent to the user as well."""
    if not user.email or not mail.is_configured():
        return False
    where = place()
    said = {"place": where, "person": user, "link": link, "lasts": links.LASTS.days}
    text = render_to_string("tenants/link_mail.txt", said)
    return mail.is_taken(mail.send(f"Your account at {where}", text, to=user.email))


def place() -> str:
    """As its users call it."""
    organization = here()
    return organization.name if organization else "Operators"


def here() -> Organization | None:
    """The current organization, or None at the operators' host."""
    try:
        return organizations.current()
    except RuntimeError:
        return None


class InvitationForm(forms.ModelForm[User] if TYPE_CHECKING else forms.ModelForm):  # type: ignore[misc]
    """A new account. Nobody knows a password of it: its user chooses one."""

    class Meta:
        model = User
        fields = ["username", "email", "first_name", "last_name"]

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        made: User = super().save(commit)
        return made
