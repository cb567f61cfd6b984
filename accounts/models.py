"""What belongs to a user's account beside their password. In each org's schema, and in `public` for
the operators, as the users are."""

from django.conf import settings
from django.db import models


class Link(models.Model):
    """A link by which a user chooses a password and is signed in, once, until `expires`.

    Of its secret only the digest is stored. A user has one: a newer one takes its place. It ends
    when another password is chosen: `password` is a digest of the one the user had.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    password = models.CharField(max_length=64)
    expires = models.DateTimeField()

    def __str__(self) -> str:
        return f"link of {self.user}"
