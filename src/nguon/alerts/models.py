"""Alerts: what is said of a danger, who agreed to it, and each time it was said."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.delivery.models import Broadcast
from nguon.devices.models import Device, Group
from nguon.kit import ids
from nguon.media.models import File, Rendition
from nguon.places.models import Place


class State(models.TextChoices):
    """As `rules.State`, with the words an officer reads."""

    DRAFT = "draft", _("Đang soạn")
    WAITING = "waiting", _("Chờ người ký")
    LIVE = "live", _("Đang phát")
    REPLACED = "replaced", _("Đã có tin mới thay")
    CANCELLED = "cancelled", _("Đã dừng")
    EXPIRED = "expired", _("Hết hạn")
    WITHDRAWN = "withdrawn", _("Đã rút")


class Alert(models.Model):
    """One message about one danger. A correction, an update or the all clear is another, which `follows` it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="alerts")  # who issues it
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    hazard = models.CharField(max_length=40)  # code in `cap.hazards`
    kind = models.CharField(max_length=20)  # `cap.hazards.Kind`
    level = models.PositiveSmallIntegerField(null=True)  # of risk, 1–5
    drill = models.BooleanField(default=False)
    headline = models.CharField(max_length=300)
    text = models.TextField()
    facts = models.JSONField(default=dict)  # what filled the blanks of the prepared words, to be changed or corrected
    prepared = models.BooleanField(default=False)  # signed beforehand, goes out at one tap (`prepared`)
    source = models.CharField(max_length=300, blank=True)  # whose word it rests on: office, number, hour
    places = models.ManyToManyField(Place, related_name="+")
    groups = models.ManyToManyField(Group, related_name="+")
    devices = models.ManyToManyField(Device, related_name="+")
    area = models.JSONField(null=True)  # polygon that was drawn: [[latitude, longitude], …]
    staged = models.BooleanField(default=False)  # one cluster first, then wider at a person's word
    stage = models.PositiveSmallIntegerField(default=0)  # of `rules.STAGES`, how wide it went by now
    pilot = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")  # staged: the cluster that is first
    near = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # staged: the commune after it
    widened_at = models.DateTimeField(null=True)  # from then on its cadence counts
    reach = models.JSONField(default=dict)  # `rules.Reach`, as it was when submitted
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    needed = models.PositiveSmallIntegerField(default=2)
    digest = models.CharField(max_length=64, blank=True)  # of what is agreed to; empty while it is a draft
    sound = models.ForeignKey(Rendition, models.PROTECT, null=True, related_name="+")
    lasts = models.DurationField()  # from the moment it goes out
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    live_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said = models.PositiveIntegerField(default=0)  # how many times
    next_at = models.DateTimeField(null=True)  # when it is said again; empty: not

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "-created_at"]),
            models.Index(fields=["next_at"], condition=Q(state="live"), name="alert_to_say"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | ~Q(digest=""), name="alert_agreed_has_digest"
            ),
            models.CheckConstraint(
                condition=Q(live_at=None) | Q(expires_at__gt=F("live_at")), name="alert_expires_later"
            ),
            models.CheckConstraint(condition=Q(level=None) | Q(level__gte=1, level__lte=5), name="alert_level"),
        ]

    def __str__(self) -> str:
        return self.headline


class Consent(models.Model):
    """One person's hand under exactly what `digest` names."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="consents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["alert", "person", "digest"], name="consent_once")]


class Saying(models.Model):
    """One time an alert was said: the siren with its prepared words, or the whole text."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="sayings")
    number = models.PositiveIntegerField()
    whole = models.BooleanField()  # the text; else the siren
    broadcast = models.OneToOneField(Broadcast, models.PROTECT, related_name="alert_saying")
    at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)  # when it was looked who had not answered

    class Meta:
        ordering = ["at"]
        indexes = [
            models.Index(fields=["at"], condition=Q(whole=False, looked_at=None), name="saying_to_look_at"),
        ]
        constraints = [models.UniqueConstraint(fields=["alert", "number", "whole"], name="saying_once")]


class SirenSound(models.Model):
    """The sound of a siren, made once (`cap.hazards.Siren`)."""

    pattern = models.CharField(max_length=20, primary_key=True)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")


from nguon.alerts.duty_models import Duty, Reached, Silence, Telling, Told  # noqa: E402 - beside: short files

__all__ = ["Alert", "Consent", "Duty", "Reached", "Saying", "Silence", "SirenSound", "State", "Telling", "Told"]
