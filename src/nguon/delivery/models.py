"""To whom it goes: broadcasts, their targets, and one delivery per device with what it answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.devices.models import Device, Group
from nguon.kit import ids
from nguon.media.models import File
from nguon.places.models import Place


class State(models.TextChoices):
    """The life of a broadcast."""

    PLANNED = "planned", _("Theo lịch")
    QUEUED = "queued", _("Chờ gửi")
    LIVE = "live", _("Đang phát")
    DONE = "done", _("Đã xong")
    STOPPED = "stopped", _("Đã dừng")
    EXPIRED = "expired", _("Hết hạn")


OPEN = (State.PLANNED, State.QUEUED, State.LIVE)  # not over


class Broadcast(models.Model):
    """One thing going out to one target set at one time. Its id is the order's id on the wire.

    A planned one is in the plans of devices before its time; it is a part (`part`) of a `session`, one time of a slot.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    subject = models.CharField(max_length=100, db_index=True)  # what is said: app.model:id
    review = models.UUIDField(null=True)  # the approval it goes out under
    title = models.CharField(max_length=300)
    place = models.ForeignKey(Place, models.PROTECT, related_name="broadcasts")  # who issues it
    channel = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="broadcasts")
    issuer = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # the authority that orders it
    seq = models.PositiveBigIntegerField(default=0)  # number of its order, rising by issuer; 0: planned
    signers = models.JSONField(default=list)  # ids of the people whose keys sign it; none: the issuer's key
    drill = models.BooleanField(default=False)
    streams = models.JSONField(default=list)  # addresses of a sound that comes as it is made; then there is no file
    length_ms = models.PositiveIntegerField(default=0)  # how long it sounds
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    issued_at = models.DateTimeField()
    start_at = models.DateTimeField(null=True)  # empty: as soon as it arrives
    begin_by = models.DateTimeField(null=True)  # planned: later it does not begin
    can_be_cut = models.BooleanField(default=False)
    session = models.UUIDField(null=True, db_index=True)
    part = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    stop_sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-issued_at"]
        indexes = [
            models.Index(fields=["state", "-issued_at"]),
            models.Index(
                fields=["claimed_until"],
                condition=Q(state="queued") | Q(state="stopped", stop_sent_at=None),
                name="broadcast_to_send",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="broadcast_expires_later"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, streams=[]) | (Q(file=None) & ~Q(streams=[])), name="broadcast_sounds"
            ),
        ]


class Form(models.Model):
    """What a broadcast is on a channel other than its own: the same said, shown on boards. One order, one answer."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="forms")
    channel = models.CharField(max_length=40)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    length_ms = models.PositiveIntegerField()  # how long it is shown

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "channel"], name="form_once")]


class Target(models.Model):
    """One target of a broadcast: a place with all below it, a group, or one device."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="targets")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(place__isnull=False, group=None, device=None)
                    | Q(place=None, group__isnull=False, device=None)
                    | Q(place=None, group=None, device__isnull=False)
                ),
                name="target_is_one_thing",
            )
        ]


class Progress(models.TextChoices):
    """How far one device is with one broadcast."""

    WAITING = "waiting", _("Chưa nhận")
    RECEIVED = "received", _("Đã nhận")
    READY = "ready", _("Đã tải xong")
    STARTED = "started", _("Đang phát")
    PREEMPTED = "preempted", _("Tạm ngừng")
    FINISHED = "finished", _("Đã phát xong")
    FAILED = "failed", _("Không phát được")
    STOPPED = "stopped", _("Đã dừng")
    EXPIRED = "expired", _("Hết hạn")
    REFUSED = "refused", _("Thiết bị từ chối")


class Delivery(models.Model):
    """One broadcast × one device: the outbox row and what was answered."""

    broadcast = models.ForeignKey(
        Broadcast, models.CASCADE, related_name="deliveries", db_index=False
    )  # in delivery_once
    device = models.ForeignKey(Device, models.CASCADE, related_name="deliveries")
    progress = models.CharField(max_length=20, choices=Progress.choices, default=Progress.WAITING)
    last_seq = models.PositiveBigIntegerField(default=0)  # number of the answer behind `progress`; older ones lose
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    sends = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    next_send_at = models.DateTimeField(null=True)  # empty: nothing more to send
    received_at = models.DateTimeField(null=True)  # these four by the device's clock
    ready_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    position_ms = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(db_index=True)  # server time of the last write
    proof = models.ForeignKey(File, models.PROTECT, null=True, related_name="+", db_index=False)  # the sound it played

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "device"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["next_send_at"], condition=Q(next_send_at__isnull=False), name="delivery_to_send_again"
            )
        ]


class PlanDocument(models.Model):
    """What devices of the same areas live by: the bytes they fetch, and the broadcasts in it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes of the body
    channel = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    broadcasts = models.ManyToManyField(Broadcast, related_name="plans")


class DevicePlan(models.Model):
    """The plan a device is to hold. `version` counts up on each device, whatever the document."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="plan")
    document = models.ForeignKey(PlanDocument, models.PROTECT, related_name="holders")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()


class Receipt(models.Model):
    """Each answer as it came: the evidence behind a delivery. A repeat is ignored by its device and number."""

    broadcast = models.UUIDField()
    device = models.ForeignKey(Device, models.CASCADE, related_name="receipts", db_index=False)
    seq = models.PositiveBigIntegerField()
    stage = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    position_ms = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()  # device clock
    recorded_at = models.DateTimeField()  # server clock

    class Meta:
        constraints = [  # the broadcast first: what comes in together is written in one corner of the index
            models.UniqueConstraint(fields=["broadcast", "device", "seq"], name="receipt_once")
        ]
