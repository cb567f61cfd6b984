"""Password resets by mail, where a server for it is set: Django's own, per org.

Whoever asks hears the same sentence, whether or not somebody has the address, too much was asked,
or the mail server fails.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from unfold.widgets import BASE_INPUT_CLASSES

from tenants import organizations, passwords, sign_ins
from tenants.accounts import mail
from tenants.accounts.models import schema_now
from tenants.sign_in_links import OwnPasswordForm, place
from tenants.sign_ins import Limit

if TYPE_CHECKING:
    from tenants.sites import Site

# For one client, and for one address that mail goes to.
BY_ONE = Limit(5, timedelta(minutes=15))
TO_ONE = Limit(5, timedelta(hours=1))


class Tokens(PasswordResetTokenGenerator):
    """A token of one org is none of another, not even where an account was copied with its key."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{schema_now()}\0{super()._make_hash_value(user, timestamp)}"


tokens = Tokens()


class ResetForm(PasswordResetForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        attributes = {"class": " ".join(BASE_INPUT_CLASSES), "autofocus": True}
        self.fields["email"].widget.attrs.update(attributes)

    def get_users(self, email: str) -> list[User]:
        """Who was invited and has no password yet is not among them: they have a link."""
        return [user for user in super().get_users(email) if user.is_staff]

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        _, _, context, _, to = args[:5]
        path = reverse("admin:reset_confirm", args=[context["uid"], context["token"]])
        link = organizations.address_at(context["domain"], path)
        said = {"place": place(), "person": context["user"], "link": link}
        text = render_to_string("tenants/reset_mail.txt", said)
        mail.send(f"A new password at {said['place']}", text, to=to)


class OfSite:
    """A page of the site that is given to `as_view`."""

    site: "Site | None" = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.site is not None  # noqa: S101
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**self.site.each_context(self.request), **found}  # type: ignore[attr-defined]


class AskView(OfSite, views.PasswordResetView):
    form_class = ResetForm
    template_name = "tenants/reset.html"
    title = "Forgot your password?"
    success_url = reverse_lazy("admin:reset_asked")
    token_generator = tokens

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not mail.is_configured():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        if is_allowed(self.request, form.cleaned_data["email"]):
            host = self.request.get_host().partition(":")[0]
            form.save(domain_override=host, token_generator=tokens)
        return HttpResponseRedirect(str(self.success_url))


def is_allowed(request: HttpRequest, email: str) -> bool:
    now, client = sign_ins.clock(), sign_ins.address_of(request)
    return sign_ins.is_within(BY_ONE, "reset by", client, now=now) and sign_ins.is_within(
        TO_ONE, "reset to", email.casefold(), now=now
    )


class AskedView(OfSite, views.PasswordResetDoneView):
    template_name = "tenants/reset_asked.html"
    title = "Look into your mail"


class ConfirmView(OfSite, views.PasswordResetConfirmView):
    form_class = OwnPasswordForm
    template_name = "tenants/reset_confirm.html"
    title = "Choose a new password"
    success_url = reverse_lazy("admin:login")
    token_generator = tokens

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The address with the token leads to one without it, and is told to nobody."""
        answer = super().dispatch(*args, **kwargs)
        if kwargs["token"] != self.reset_url_token:
            answer["Referrer-Policy"] = "no-referrer"
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        passwords.chosen(form.user, how="by mail")
        messages.success(self.request, "Your new password is saved. Sign in with it.")
        return answer
