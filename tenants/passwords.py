"""Passwords: a new one is not the old one, or a one-time password would be replaced by itself."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from tenants import history, sign_ins
from tenants.accounts.models import schema_now

# Members of this group still use a password that somebody else made, and must replace it.
ONE_TIME_PASSWORD = "One-time password"  # noqa: S105 - the name of a group


def chosen(user: User, *, how: str) -> None:
    """To be called when `user` has chosen a password and shown otherwise who they are. They may try
    it at once, however often another one failed."""
    memberships = User.groups.through.objects
    memberships.filter(user_id=user.pk, group__name=ONE_TIME_PASSWORD).delete()
    history.note(user, by=user, what=f"Chose a password {how}.")
    sign_ins.unlock(schema_now(), user.get_username())


class AnotherPassword:
    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError("Please choose another password than the old one.")

    def get_help_text(self) -> str:
        return "Your password must be another one than before."
