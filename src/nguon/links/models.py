"""What went out as CAP and by which key, whom we listen to, and every message that came, as it came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.alerts.models import Alert
from nguon.kit import ids
from nguon.places.models import Place


class Seal(models.Model):
    """The key by which one issuing place signs CAP, and its certificate (PEM). A newer one stands beside the older."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="cap_seals")
    name = models.CharField(max_length=200)  # the office, as the certificate names it
    certificate = models.TextField()
    secrets = models.BinaryField(default=b"")  # `vault.seal({"key": PEM})`
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]


class DocumentKind(models.TextChoices):
    """What a document says of its alert: that it is given, that it goes wider now, or that it was stopped by hand."""

    ISSUE = "issue", _("Phát tin")
    WIDEN = "widen", _("Phát rộng thêm")
    CANCEL = "cancel", _("Hủy tin")


class Document(models.Model):
    """One signed CAP message of ours. Its bytes never change once somebody may have fetched them."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="cap_documents")
    kind = models.CharField(max_length=10, choices=DocumentKind.choices)
    stage = models.PositiveSmallIntegerField(default=0)  # how wide the alert had gone by then (`alerts.rules.Stage`)
    sender = models.CharField(max_length=200)
    identifier = models.CharField(max_length=100, unique=True)
    sent = models.DateTimeField()
    expires_at = models.DateTimeField()
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="documents")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent"]
        indexes = [models.Index(fields=["expires_at"])]
        constraints = [
            models.UniqueConstraint(fields=["alert", "kind"], condition=~Q(kind="widen"), name="cap_document_once"),
            models.UniqueConstraint(fields=["alert", "stage"], condition=Q(kind="widen"), name="cap_widened_once"),
        ]


class Source(models.Model):
    """Somebody whose CAP messages we take: for which place they speak, where their feed is, whose signature holds."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="cap_sources")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=1000, blank=True)  # of the feed; empty: files brought by officers only
    certificates = models.TextField(blank=True)  # PEM of signers, one after the other
    unsigned = models.BooleanField(default=False)  # it signs nothing, and somebody answers for taking it all the same
    every = models.PositiveSmallIntegerField(default=2)  # minutes between two looks
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The course of its feed; not part of what the second person agrees to.
    next_at = models.DateTimeField(null=True)  # the next look; empty: never
    asked_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)  # the last look that went well
    failures = models.PositiveIntegerField(default=0)  # looks in a row that did not
    fault = models.CharField(max_length=20, blank=True)  # `outside.addresses.Fault` of the last look
    fault_detail = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    missed = models.JSONField(default=dict)  # address of an entry that could not be had → [tries, next look]

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["next_at"], condition=Q(ended_at=None), name="cap_source_due")]
        constraints = [
            models.CheckConstraint(condition=Q(unsigned=True) | ~Q(certificates=""), name="cap_source_trusts_somebody")
        ]

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    """What became of a message at the door. Only the first two may become an alert of ours."""

    SIGNED = "signed", _("Chữ ký đúng")
    UNSIGNED = "unsigned", _("Không có chữ ký")
    UNTRUSTED = "untrusted", _("Chưa tin được")
    INVALID = "invalid", _("Sai quy cách")
    REPEATED = "repeated", _("Trùng tin đã có")


TAKEN = (Verdict.SIGNED, Verdict.UNSIGNED)


class Received(models.Model):
    """One message as it came. `raw` is kept for ever and never changed; `content` is what of it may be read on."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="received")
    raw = models.BinaryField()
    content = models.BinaryField(default=b"")  # the bytes that were signed; empty: those of `raw`
    sha256 = models.CharField(max_length=64)  # of `raw`
    address = models.CharField(max_length=2000, blank=True)  # where it was fetched, or the name of the file
    stamp = models.CharField(max_length=40, blank=True)  # when the feed said it was changed
    came_at = models.DateTimeField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    problems = models.JSONField(default=list)  # [[path, code, text, line], …] of `cap.faults.Problem`
    signer = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # SHA-256 of the signer's certificate
    identifier = models.CharField(max_length=500, blank=True)
    sender = models.CharField(max_length=500, blank=True)
    sent = models.DateTimeField(null=True)
    message_type = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    headline = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-came_at"]
        indexes = [
            models.Index(fields=["source", "-came_at"]),
            models.Index(fields=["source", "address"]),
            models.Index(fields=["sender", "identifier"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="cap_received_bytes_once"),
            models.UniqueConstraint(
                fields=["source", "sender", "identifier", "sent"],
                condition=Q(verdict__in=("signed", "unsigned")),
                name="cap_received_message_once",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.identifier or self.address


class Mention(models.Model):
    """An earlier message that a received one names: it may have come, or come later, or never."""

    received = models.ForeignKey(Received, models.CASCADE, related_name="mentions")
    sender = models.CharField(max_length=500)
    identifier = models.CharField(max_length=500)
    sent = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sender", "identifier"])]


class Taken(models.Model):
    """An alert of ours that an officer wrote from a received message."""

    received = models.ForeignKey(Received, models.PROTECT, related_name="taken")
    alert = models.OneToOneField(Alert, models.PROTECT, related_name="cap_origin")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
