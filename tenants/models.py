"""The organizations and their domains. All other data of an org is in its own schema."""

import re
import uuid
import zoneinfo
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import now as utc_now  # noqa: TID251
from django_tenants.models import DomainMixin, TenantMixin

from tenants import making
from tenants.countries import MONTH_FIRST, SATURDAY_FIRST, SUNDAY_FIRST

# A slug is a schema's name: it needs no quoting anywhere and is nobody else's.
SLUG = r"^[a-z][a-z0-9_]{1,40}$"
RESERVED = {"public", "extensions", "information_schema"}
# RFC 1123, lower case; one label is enough on a private network.
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"^{LABEL}(\.{LABEL})*$"


def validate_slug(value: str) -> None:
    # `fullmatch`: with `match`, "$" would let a trailing newline pass.
    if not re.fullmatch(SLUG, value):
        raise ValidationError(
            "must be 2 to 41 lower-case letters, digits and underscores, a letter first"
        )
    if value in RESERVED or value.startswith("pg_"):
        raise ValidationError(f"“{value}” is a name PostgreSQL or this system keeps for itself")


def validate_timezone(value: str) -> None:
    if ("/" not in value and value != "UTC") or value not in zoneinfo.available_timezones():
        raise ValidationError("must be an IANA time zone such as America/New_York")


def validate_phone_region(value: str) -> None:
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise ValidationError("must be a two-letter country code in capitals, such as US or GB")


class UnknownZone(ValueError):
    """This machine does not know the org's time zone, so its local time is unknown."""


class Organization(TenantMixin):
    """One clinic. Its name in URLs is a domain; in commands, its slug; outside, its UUID."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    uuid = models.UUIDField("UUID", default=uuid.uuid4, unique=True, editable=False)
    slug = models.CharField(
        max_length=41,
        unique=True,
        validators=[validate_slug],
        error_messages={"unique": "is already an organization"},
    )
    name = models.CharField(max_length=100)
    timezone = models.CharField("time zone", max_length=50, validators=[validate_timezone])
    phone_region = models.CharField(
        max_length=2,
        validators=[validate_phone_region],
        help_text="Where a phone number said without a country code belongs, such as US or GB.",
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.ACTIVE)
    created = models.DateTimeField(db_default=Now(), editable=False)

    # A schema is made by `organizations.onboard` and by nothing else.
    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        ordering = ["slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organization_slug_is_strict", condition=models.Q(slug__regex=SLUG)
            ),
            models.CheckConstraint(
                name="organization_schema_is_strict", condition=models.Q(schema_name__regex=SLUG)
            ),
            models.CheckConstraint(
                name="organization_status_is_known",
                condition=models.Q(status__in=["active", "suspended"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def zone(self) -> ZoneInfo:
        """Raises UnknownZone: the row may be older than our validation, or written without it."""
        try:
            return ZoneInfo(self.timezone)
        except (ValueError, KeyError, OSError):  # no name, no such zone, a folder of zones
            raise UnknownZone(
                f"the time zone “{self.timezone}” of {self.slug} is unknown: choose another in the"
                " operators' admin"
            ) from None

    @property
    def writes_month_first(self) -> bool:
        return self.phone_region in MONTH_FIRST

    @property
    def first_weekday(self) -> int:
        """On which a week begins. 0 is Sunday, 6 Saturday."""
        if self.phone_region in SATURDAY_FIRST:
            return 6
        return 0 if self.phone_region in SUNDAY_FIRST else 1

    @property
    def has_known_zone(self) -> bool:
        try:
            return bool(self.zone)
        except UnknownZone:
            return False

    def now(self) -> datetime:
        """The clinic's clock, which everything it does reads: its local time, with its zone."""
        return utc_now().astimezone(self.zone)

    def create_schema(self, **_: Any) -> None:
        """In place of django-tenants' own, which takes twice as long for the same."""
        making.make(self.schema_name)

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Domain(DomainMixin):
    """A host name at which an organization is reached; the primary one is told to others."""

    class Meta:
        ordering = ["domain"]

    domain = models.CharField(
        max_length=253,
        unique=True,
        validators=[RegexValidator(DOMAIN, "must be a host name such as elm.example.com")],
        error_messages={"unique": "is already taken"},
    )

    def clean(self) -> None:
        if self.domain.replace(".", "").isdecimal():
            raise ValidationError({"domain": "must be a name, not an address in numbers"})
        if self.domain == settings.OPERATORS_HOST:
            raise ValidationError({"domain": f"{self.domain} is the operators' host"})


class Checkup(models.Model):
    """What was wrong with an organization when it was last looked over: a sentence each, without
    anything about patients. For the operators' start page."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="checkup")
    at = models.DateTimeField()
    wrong = ArrayField(models.TextField(), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.organization}, {self.at:%Y-%m-%d %H:%M} UTC"


class Directory(models.Model):
    """The version of the organizations and their domains: one row, written as a change of them
    commits (`tenants.postgresql.configuration`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    version = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        # A worker of the version before reads it by this name until it ends.
        db_table = "tenants_configuration"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organizations_configuration_is_one_row", condition=models.Q(id=1)
            )
        ]

    def __str__(self) -> str:
        return str(self.version)


class SignInCount(models.Model):
    """Tries to sign in to one account from one address, or, with no address, from all others.

    `account` and `address` are keyed digests. `signed_in`: when the right password was last given;
    from then on the address is known as the account's.
    """

    schema_name = models.CharField(max_length=63)
    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(db_index=True)
    signed_in = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="sign_in_count_is_of_one_address", fields=["schema_name", "account", "address"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.tries} since {self.since:%Y-%m-%d %H:%M} UTC"
