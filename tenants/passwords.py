"""Passwords: a new one is not the old one, or a one-time password would be replaced by itself."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError


class AnotherPassword:
    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError("Please choose another password than the old one.")

    def get_help_text(self) -> str:
        return "Your password must be another one than before."
