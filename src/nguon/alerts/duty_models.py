"""Who is called when loudspeakers do not answer, which did not, who was told and how, and what was reached by hand."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.alerts.models import Alert
from nguon.devices.models import Device
from nguon.kit import ids
from nguon.places.models import Place


class Duty(models.Model):
    """Somebody on duty for a place and whatever below it has nobody of its own. Personal data."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="duties")
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120, blank=True)  # chức vụ
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    order = models.PositiveSmallIntegerField(default=1)  # whom one calls first
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    days = models.JSONField(default=list)  # of the week, 0 is Monday; empty: every day
    begins = models.TimeField(null=True)  # hours of such a day, local; an end before the beginning is of the next day
    ends = models.TimeField(null=True)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="", email=""), name="duty_can_be_reached"),
            models.CheckConstraint(
                condition=Q(begins=None, ends=None) | Q(begins__isnull=False, ends__isnull=False), name="duty_hours"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="duty_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Silence(models.Model):
    """A cluster from which nothing came 60 seconds after an alert went to it. Once for an alert and cluster."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="silences")
    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # where it stood then
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "device__name"]
        constraints = [models.UniqueConstraint(fields=["alert", "device"], name="silence_once")]


class Told(models.TextChoices):
    """How far a telling is."""

    WAITING = "waiting", _("Đang gửi")
    TOLD = "told", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    NEEDLESS = "needless", _("Không cần nữa")


class Telling(models.Model):
    """One person told by one way of the silent clusters of one alert: the outbox row, and what was answered."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="tellings")
    silences = models.ManyToManyField(Silence, related_name="tellings")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # whose duty; empty: nobody's
    duty = models.ForeignKey(Duty, models.SET_NULL, null=True, related_name="+")  # empty: the fallback, or a signer
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    way = models.CharField(max_length=20)  # `ports.notice.Notifier.kind`; empty: there is none that reaches them
    address = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=Told.choices, default=Told.WAITING)
    created_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # empty: nothing more to do
    claimed_until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True)  # `ports.notice.Failure`
    answer = models.CharField(max_length=300, blank=True)  # what the other side said

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="telling_due")]


class Reached(models.Model):
    """The people of a silent place were told by somebody who went there, or called."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="reached")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["alert", "place"], name="reached_once")]
