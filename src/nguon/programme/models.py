"""What plays in what order, when it recurs, under which policies; and each time it does."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.devices.models import Device, Group
from nguon.kit import ids
from nguon.newsroom.models import Bulletin
from nguon.places.models import Place


class Programme(models.Model):
    """An ordered list of items (`items.Item`), made by a place. Places below may use it in slots of their own."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120)
    items = models.JSONField(default=list)
    shared = models.BooleanField(default=False)  # offered to the places below
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OnHoliday(models.TextChoices):
    """What a slot does on public holidays."""

    PLAY = "play", _("Vẫn phát")
    SKIP = "skip", _("Không phát")
    ONLY = "only", _("Chỉ phát ngày lễ")


class Slot(models.Model):
    """When a programme recurs, where. Its dates and times are of the wall clock in Vietnam (`slots.Slot`).

    `rule` is an RRULE without DTSTART, empty for once. Its targets are places with all below them, groups, devices.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="slots")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="slots")
    first_day = models.DateField()
    at = models.TimeField()
    rule = models.CharField(max_length=300, blank=True)
    grace = models.PositiveIntegerField(default=300)  # seconds later that it may still begin
    patience = models.PositiveIntegerField(default=1800)  # seconds after its planned end that it may still go on
    on_holiday = models.CharField(max_length=10, choices=OnHoliday.choices, default=OnHoliday.PLAY)
    lunar_days = models.JSONField(default=list)  # days of the lunar month, 1–30
    except_on = models.JSONField(default=list)  # ISO dates
    also_on = models.JSONField(default=list)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    places = models.ManyToManyField(Place, blank=True, related_name="+")
    groups = models.ManyToManyField(Group, blank=True, related_name="+")
    devices = models.ManyToManyField(Device, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at"]


class Suspension(models.Model):
    """From a day to a day (empty: until told otherwise) a slot rests."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="suspensions")
    first = models.DateField()
    last = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Policy(models.Model):
    """What may sound when, how long, how often, how loud, and how bright screens may be (`policies.Policy`).

    In a place and below, or in a group. `quiet`: pairs of times of the day, `volumes` and `brightness`: [from, to, most
    percent]. What is empty is not limited.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="policies")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="policies")  # of this place; empty: all
    basis = models.CharField(max_length=300)  # the decision it stands on
    quiet = models.JSONField(default=list)
    most_sessions = models.PositiveSmallIntegerField(null=True)
    longest = models.PositiveIntegerField(null=True)  # seconds
    volumes = models.JSONField(default=list)
    brightness = models.JSONField(default=list)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place", "created_at"]


class Session(models.Model):
    """One time of a slot, with what its items turned out to be. Its broadcasts name it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="sessions")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # of the slot: who answers for it
    title = models.CharField(max_length=120)
    day = models.DateField()
    start_at = models.DateTimeField()
    length_ms = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list)  # items that gave nothing: [place in the programme, why]
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["start_at"]
        constraints = [models.UniqueConstraint(fields=["slot", "day"], name="session_once")]


class Planning(models.Model):
    """One row: how often what plans are made of has changed, and how much of that is in the plans.

    Counted, and not dated: a change that began before a compilation may be committed after it has read.
    """

    changes = models.PositiveBigIntegerField(default=0)
    compiled = models.PositiveBigIntegerField(null=True)  # `changes` as it was before the last compilation read


class Offer(models.Model):
    """A bulletin from above in the inbox of a place: an ordinary one waits to be chosen, a priority one goes in."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Chờ chọn")
        CHOSEN = "chosen", _("Đã chọn")
        DECLINED = "declined", _("Không dùng")
        ENTERED = "entered", _("Vào chương trình kế tiếp")

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="offers")
    place = models.ForeignKey(Place, models.PROTECT, related_name="offers")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+")  # where it was put
    rank = models.SmallIntegerField(default=0)  # among the priority ones of a session: smaller first
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "place"], name="offer_once"),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(decided_at__gte=F("offered_at")), name="offer_decided_later"
            ),
        ]
