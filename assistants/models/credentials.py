"""Credentials: the secrets and the keys by which we recognise the voice vendor."""

import re
from datetime import datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.functional import cached_property

from tenants.accounts import encryption
from tenants.accounts.models import schema_now
from tenants.moments import moment_in_words

MOST_IN_USE = 2
HEADER = re.compile(r"[A-Za-z0-9-]+")
Credential = TypeVar("Credential", bound=models.Model)


class CredentialQuerySet(models.QuerySet[Credential]):
    def in_use(self) -> Self:
        return self.filter(retired=None)

    def retire_old(self, *, now: datetime) -> int:
        """End all but the newest. Returns how many were ended."""
        newest = self.in_use().first()
        if newest is None:
            return 0
        return self.in_use().exclude(pk=newest.pk).update(retired=now)


class Secret(models.Model):
    """A bearer secret that Vapi sends us. Only its SHA-256 is stored.

    A slow hash is not needed, since the secret is 256 random bits.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(db_default=Now(), editable=False)
    retired = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CredentialQuerySet["Secret"].as_manager()

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"secret of {moment_in_words(self.created)}"


class SigningKey(models.Model):
    """A key with which Vapi signs its requests, and the format. It is shown only once, and stored
    sealed for this schema.

    The signed text must contain the body, so that it cannot be altered, and the time, so that it
    cannot be replayed.
    """

    class Algorithm(models.TextChoices):
        SHA256 = "sha256"
        SHA512 = "sha512"
        SHA1 = "sha1"

    class Encoding(models.TextChoices):
        HEX = "hex"
        BASE64 = "base64"

    # An earlier release stored the key itself, which is still read.
    sealed = models.CharField(max_length=200, editable=False, db_column="key")
    algorithm = models.CharField(max_length=6, choices=Algorithm, default=Algorithm.SHA256)
    signature_header = models.CharField(max_length=60, default="x-signature")
    timestamp_header = models.CharField(max_length=60, default="x-timestamp")
    prefix = models.CharField(max_length=20, blank=True, help_text="Such as sha256=")
    payload_format = models.CharField(
        max_length=100,
        default="{timestamp}.{body}",
        validators=[
            RegexValidator(r"\{body\}", "must hold {body}, or the body could be altered"),
            RegexValidator(r"\{timestamp\}", "must hold {timestamp}, or it could be replayed"),
        ],
    )
    encoding = models.CharField(max_length=6, choices=Encoding, default=Encoding.HEX)
    created = models.DateTimeField(db_default=Now(), editable=False)
    retired = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CredentialQuerySet["SigningKey"].as_manager()

    class Meta:
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return f"key of {moment_in_words(self.created)}"

    def clean(self) -> None:
        for name in ("signature_header", "timestamp_header"):
            if not HEADER.fullmatch(getattr(self, name)):
                raise ValidationError({name: "must be a header's name, such as x-signature"})

    @property
    def purpose(self) -> tuple[str, ...]:
        return ("signing key", schema_now())

    @cached_property
    def key(self) -> str | None:
        """None if it cannot be read: it was sealed with another SECRET_KEY."""
        if not encryption.is_sealed(self.sealed):
            return self.sealed
        opened = encryption.opened(self.sealed, *self.purpose)
        return None if opened is None else opened.decode()

    def seal(self, key: str) -> None:
        self.sealed = encryption.seal(key.encode(), *self.purpose)
