"""Anything that plays: what is known of it, what it said last, how it got its key."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nguon.devices import channels
from nguon.kit import ids
from nguon.places.models import Place


class Group(models.Model):
    """A named set of devices of one place and below (`Loa gần trường học`). Its id is an area on the wire."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=120)
    place = models.ForeignKey(Place, models.PROTECT, related_name="device_groups")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """The life of a device in the registry."""

    PLANNED = "planned", _("Chờ lắp đặt")
    ACTIVE = "active", _("Đang dùng")
    REPAIR = "repair", _("Đang sửa chữa")
    RETIRED = "retired", _("Đã thôi dùng")


class Device(models.Model):
    """One cluster of loudspeakers, board or gateway. `channel` is the kind of channel that drives it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=160, db_index=True)
    channel = models.CharField(max_length=40, default="speaker")
    place = models.ForeignKey(Place, models.PROTECT, related_name="devices")  # the hamlet, or higher
    groups = models.ManyToManyField(Group, blank=True, related_name="devices")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    vendor = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    sim = models.CharField(max_length=40, blank=True)
    horns = models.PositiveSmallIntegerField(default=2)
    volume = models.PositiveSmallIntegerField(default=80)
    warm_up = models.PositiveIntegerField(default=0)  # ms its amplifier needs before a sound
    stagger = models.PositiveIntegerField(default=0)  # ms it begins planned sounds later than its neighbours
    data_budget = models.PositiveIntegerField(null=True, blank=True)  # MB a month of its SIM
    proof = models.BooleanField(default=False)  # sends back the sound it played
    simulated = models.BooleanField(default=False)
    unplugged = models.BooleanField(default=False)  # of a simulated device: its plug is pulled
    photo_asked = models.UUIDField(null=True, blank=True)  # the newest request for a photo of its screen
    photo_asked_at = models.DateTimeField(null=True, blank=True)
    photo_every = models.PositiveSmallIntegerField(null=True, blank=True)  # minutes; empty: not by itself
    settings_version = models.PositiveIntegerField(default=1)
    password = models.CharField(max_length=200, blank=True)  # as the broker stores it: salted hash
    credential = models.PositiveIntegerField(default=0)  # counts up each time a password is given or revoked
    public_key = models.CharField(
        max_length=64, blank=True
    )  # Ed25519, base64; the private half never leaves the device
    enrolled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def channel_label(self) -> str:
        """What kind of device it is, as officers call it."""
        return channels.label(self.channel)

    @property
    def audible(self) -> bool:
        """Whether it is heard; what is only seen has no horns, amplifier or volume."""
        return channels.audible(self.channel)


class EnrolmentCode(models.Model):
    """A code to be typed once into a device. Only its hash is kept."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Screen(models.Model):
    """A device that shows a code of its own, and waits until somebody says which one of the registry it is.

    Of code and ticket only hashes are kept. `device`: which one it was said to be; `taken_at`: when it was told so.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=64, unique=True)
    ticket = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=60, blank=True)
    software = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="screens")
    taken_at = models.DateTimeField(null=True)


class Requisition(models.Model):
    """A right to a screen that belongs to somebody else: by which decision, when, and to which part of it.

    `hours` are [from, to] of each day; `area` is left, top, width, height in percent.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="requisitions")
    owner = models.CharField(max_length=200)
    contact = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=300)
    first_day = models.DateField()
    last_day = models.DateField()
    hours = models.JSONField()
    area = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="requisition_last_not_before_first"
            )
        ]


class Breach(models.Model):
    """What the owner of a screen says was shown and was not agreed."""

    requisition = models.ForeignKey(Requisition, models.PROTECT, related_name="breaches")
    words = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]


class Seen(models.TextChoices):
    """What is to be said of a photo: whether it can be what people see."""

    PICTURE = "picture", _("Thấy rõ")
    BLANK = "blank", _("Màn tối đen dù đang chiếu")
    STILL = "still", _("Màn đứng hình")
    OFF = "off", _("Màn đang tắt theo giờ")
    NONE = "none", _("Không chụp được")


class ScreenPhoto(models.Model):
    """What a screen showed, as its device sent it. Its id is the device's own word, so that it may send it twice.

    `broadcast` is what was shown and `title` its title then; `asked` the request it answers. `path` is the file's name
    in the storage: empty where no picture came.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="photos", db_index=False)
    taken_at = models.DateTimeField(db_index=True)  # by the clock the device goes by
    received_at = models.DateTimeField()
    asked = models.UUIDField(null=True)
    broadcast = models.UUIDField(null=True, db_index=True)
    title = models.CharField(max_length=300, blank=True)
    seen = models.CharField(max_length=10, choices=Seen.choices)
    path = models.CharField(max_length=200, blank=True)
    width = models.PositiveSmallIntegerField(default=0)  # pixels
    height = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-taken_at", "-received_at"]
        indexes = [models.Index(fields=["device", "-taken_at"])]


class DeviceState(models.Model):
    """The newest that is known of a device: one row each, written in batches by the listener, never by a person."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="state")
    online = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_index=True)  # server time of the last write of this row
    seen_at = models.DateTimeField(null=True)  # server time of the last message
    online_since = models.DateTimeField(null=True)
    playing = models.UUIDField(null=True)  # broadcast
    volume = models.PositiveSmallIntegerField(null=True)
    power = models.CharField(max_length=40, null=True)
    temperature = models.FloatField(null=True)
    signal = models.SmallIntegerField(null=True)  # dBm
    disk_free = models.BigIntegerField(null=True)  # bytes
    clock_offset = models.BigIntegerField(null=True)  # ms, device minus server; without battery 56 years
    software = models.CharField(max_length=40, null=True)
    held = models.PositiveIntegerField(null=True)
    settings_held = models.PositiveIntegerField(default=0)
    plan_held = models.PositiveIntegerField(default=0)
    keys_held = models.PositiveIntegerField(default=0)
    planned_until = models.DateTimeField(null=True)
    planned_ready = models.PositiveSmallIntegerField(null=True)  # percent of its planned files that are on its disk
    data_used = models.BigIntegerField(null=True)  # bytes this month


class Refusal(models.Model):
    """A message from a device, or to one, that was refused: a security event."""

    at = models.DateTimeField(db_index=True)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="refusals")
    topic = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=300, blank=True)
