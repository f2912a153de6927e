"""The outbox of what officers are told of cases that wait."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids


class Sent(models.TextChoices):
    """How far a reminder is."""

    WAITING = "waiting", _("Đang gửi")
    TOLD = "told", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    NEEDLESS = "needless", _("Không cần nữa")


class Reminder(models.Model):
    """One person reminded of one case by one way. What waits for the same person and way goes as one letter."""

    NEWS = 0  # the reporter of a late case is to hear something
    SILENT = 1000  # the reporter never said what was asked; no case climbs so high

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    case = models.ForeignKey("feedback.Case", models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()  # how far the case had climbed: 1 before its deadline, 2 late, 3 higher…
    way = models.CharField(max_length=20)  # `ports.notice.Notifier.kind`; empty: there is none that reaches them
    state = models.CharField(max_length=20, choices=Sent.choices, default=Sent.WAITING)
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # empty: nothing more to do
    claimed_until = models.DateTimeField(null=True)
    bundle = models.UUIDField(null=True)  # the reminder in whose letter it goes
    told_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True)  # `ports.notice.Failure`, or none

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="reminder_due")]
