"""What the doors remember: second factors, wrong tries, open sessions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids


class FactorKind(models.TextChoices):
    """What somebody shows besides the password."""

    TOTP = "totp", _("Mã 6 số trên điện thoại")
    PASSKEY = "passkey", _("Khóa truy cập")


class Factor(models.Model):
    """One second factor of a person."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=FactorKind.choices)
    name = models.CharField(max_length=60)
    secrets = models.BinaryField(default=b"")  # of TOTP, sealed by the vault for this row
    last_step = models.BigIntegerField(default=0)  # of TOTP: the newest half minute whose figures were taken
    credential = models.CharField(max_length=1400, null=True, unique=True)  # of a passkey: its id, base64url
    public_key = models.BinaryField(default=b"")  # of a passkey: its attested credential data (aaguid, id, COSE key)
    counter = models.BigIntegerField(default=0)  # of a passkey: its count of signatures; many always say 0
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="totp", credential=None) | Q(kind="passkey", credential__isnull=False),
                name="factor_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One of ten codes on paper. It opens the door once; only its digest is kept."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]


class Tries(models.Model):
    """Wrong tries in a row at one door: of one name from unknown browsers, of one known browser, of one address."""

    key = models.CharField(max_length=64, primary_key=True)  # a digest: the table tells nobody who was tried
    wrong = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True)  # nothing is looked at before
    last_at = models.DateTimeField(db_index=True)


class Measure(models.Model):
    """How often something was done since `until` less its time, where it may be done only so often (`measure`)."""

    key = models.CharField(max_length=64, primary_key=True)  # a digest: the table tells nobody who did it
    number = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)  # then it begins anew


class Visit(models.Model):
    """One session of a person, as they see it on their own page."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="visits")
    session = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]
