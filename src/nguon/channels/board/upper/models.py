"""Given: classes of boards, what they show, who may take it and what they tell. Taken: from whom, and what came."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from nguon.devices.models import Device
from nguon.kit import ids
from nguon.media.models import File
from nguon.newsroom.models import Bulletin
from nguon.places.models import Place


class BoardClass(models.Model):
    """A kind of large boards that a place gives a playlist to. `digest` is of the items that `version` counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="board_classes")
    name = models.CharField(max_length=120)
    days = models.PositiveSmallIntegerField(default=3)  # that a playlist goes on without word from us
    version = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()  # when `version` last rose
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """A bulletin in the playlist of a class. What is given of it is the wording that counts, while it is approved."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    board_class = models.ForeignKey(BoardClass, models.CASCADE, related_name="entries")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    weekdays = models.JSONField(default=list)  # 1: Monday; none: every day
    minutes = models.JSONField(default=list)  # [[begin, end), …] of the day; none: the whole day
    seconds = models.PositiveSmallIntegerField(null=True)  # none: as long as it takes to be read
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # what was shown of it is still told

    class Meta:
        ordering = ["rank", "added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["board_class", "bulletin"], condition=Q(removed_at=None), name="board_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="board_entry_days",
            ),
        ]


class Grant(models.Model):
    """A lower system that may take the playlists of some classes. Of its token we keep only a digest."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="board_grants")  # that gives
    name = models.CharField(max_length=200)  # of who takes
    classes = models.ManyToManyField(BoardClass, related_name="grants")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # the last time it asked for a playlist
    told_at = models.DateTimeField(null=True)  # the last report

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Heard(models.Model):
    """A report that was taken in, so that it counts once."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="reports")
    number = models.UUIDField()
    board_class = models.ForeignKey(BoardClass, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    came_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "number"], name="board_report_once")]
        indexes = [models.Index(fields=["came_at"])]


class FarBoard(models.Model):
    """A large board of a lower system, as it last stood."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="boards")
    board_class = models.ForeignKey(BoardClass, models.CASCADE, related_name="+")
    number = models.UUIDField()  # what it is called below
    name = models.CharField(max_length=300)
    online = models.BooleanField()
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["grant", "board_class", "number"], name="far_board_once")]


class FarShown(models.Model):
    """How often a board below showed an entry on one day. The entry may be gone since: so it is a plain id."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="shown")
    board_class = models.ForeignKey(BoardClass, models.CASCADE, related_name="+")
    board = models.UUIDField()
    entry = models.UUIDField()
    day = models.DateField()
    times = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "board_class", "board", "entry", "day"], name="far_shown_once")
        ]


class UpperSource(models.Model):
    """A class of the system above whose playlist boards of ours show. `secrets`: `vault.seal({"token": …})`."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="upper_sources")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="nguon")  # which adapter of `ports.Upper`
    address = models.CharField(max_length=500)  # of the playlist
    secrets = models.BinaryField(default=b"")
    every = models.PositiveSmallIntegerField(default=5)  # minutes between two looks, and two reports
    boards = models.ManyToManyField(Device, related_name="upper_sources", blank=True)  # that are told of
    keys = models.JSONField(default=list)  # public keys whose signature holds; none: nobody agreed to one yet
    offered = models.JSONField(default=list)  # that signed what came and wait for somebody to agree
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # How it goes.
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=20, blank=True)
    fault_detail = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    lacking = models.PositiveSmallIntegerField(default=0)  # pages of the playlist that could not be had yet
    # What is held of it.
    title = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=32, blank=True)  # what the class is called above
    version = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    # What was told.
    report_next_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    report_failures = models.PositiveIntegerField(default=0)
    report_fault = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UpperItem(models.Model):
    """One page of the playlist that is held, with its bytes here. `terms`: the item as it came."""

    source = models.ForeignKey(UpperSource, models.CASCADE, related_name="items")
    number = models.UUIDField()  # what it is called above
    rank = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    seconds = models.PositiveSmallIntegerField()
    terms = models.JSONField()

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="upper_item_once")]
