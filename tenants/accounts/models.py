"""What belongs to a user's account beside their password. In each org's schema, and in `public` for
the operators, as the users are."""

import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from tenants.accounts import encryption
from tenants.postgresql.statements import here

STEP = 30  # seconds (RFC 6238)
DIGITS = 6
TOLERANCE = 1  # steps that a clock may be wrong
# Failures that count: the last of them closes for 1024 seconds, and so does each one after it.
MOST_FAILURES = 11


def schema_now() -> str:
    return str(here().schema_name)


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


class SignInPolicy(models.Model):
    """How accounts of an org, or of the operators, sign in. At most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    requires_second_step = models.BooleanField(
        "everybody needs a second step",
        default=False,
        help_text="Whoever has none is led to it after signing in, and sees no other page before.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "sign-in policy"
        constraints: ClassVar = [
            models.CheckConstraint(name="sign_in_policy_is_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return "Sign-in policy"


class TotpDevice(ThrottlingMixin, Device):
    """The app on a user's telephone that shows codes (RFC 6238), once it is `confirmed`.

    Its key is sealed for this user of this schema. `last_step`: the step of the last code that was
    accepted; only later ones are. Backup codes are accepted in place of a code.
    """

    name = None  # a user has one
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    confirmed = models.BooleanField(default=False)
    sealed = models.CharField(max_length=200, editable=False)
    last_step = models.BigIntegerField(default=-1)
    throttling_failure_count: int
    by_backup_code = False  # whether that was the code that was right

    def __str__(self) -> str:
        return f"second step of {self.user}"

    @property
    def purpose(self) -> tuple[str, ...]:
        return ("totp", schema_now(), str(self.user_id))

    def seal(self, key: bytes) -> None:
        self.sealed = encryption.seal(key, *self.purpose)

    @property
    def key(self) -> bytes | None:
        """None if it cannot be read; then no code of it is right."""
        return encryption.opened(self.sealed, *self.purpose)

    def verify_token(self, token: str) -> bool:
        """Whether the code is right. Called with the row locked (`django_otp.verify_token`)."""
        is_allowed, _ = self.verify_is_allowed()
        if not is_allowed:
            return False
        plain = "".join(token.split()).replace("-", "").casefold()
        if self.is_code(plain) or self.is_backup_code(plain):
            self.throttle_reset()
            return True
        self.throttling_failure_count = min(self.throttling_failure_count, MOST_FAILURES - 1)
        self.throttle_increment()
        return False

    def is_code(self, plain: str) -> bool:
        key = self.key
        if key is None or len(plain) != DIGITS or not (plain.isascii() and plain.isdecimal()):
            return False
        totp = TOTP(key, STEP, digits=DIGITS)
        totp.time = time.time()
        if not totp.verify(int(plain), TOLERANCE, self.last_step + 1):
            return False
        self.last_step = totp.t()
        return True

    def is_backup_code(self, plain: str) -> bool:
        """It is used up by this."""
        if not self.confirmed:
            return False
        of_user = BackupCode.objects.filter(user=self.user_id)
        digest = BackupCode.digest_of(self.user_id, plain)
        self.by_backup_code = bool(of_user.filter(digest=digest).delete()[0])
        return self.by_backup_code

    def get_throttle_factor(self) -> int:
        return 1  # second: 1, 2, 4, 8 … after each failure


class BackupCode(models.Model):
    """What signs a user in once without the telephone. Only a digest, keyed with SECRET_KEY."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="backup_code_is_of_one_user", fields=["user", "digest"])
        ]

    def __str__(self) -> str:
        return f"backup code of {self.user}"

    @staticmethod
    def digest_of(user_id: int, plain: str) -> str:
        text = f"{schema_now()}\0{user_id}\0{plain}"
        return salted_hmac("accounts.backup_codes", text, algorithm="sha256").hexdigest()
