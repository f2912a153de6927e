"""The tables of the channel: layouts of boards, which board has which, what each was told; and those of sources."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.channels.board.feeds.models import Edition, Kind, Source
from nguon.channels.board.upper.models import (
    BoardClass,
    Entry,
    FarBoard,
    FarShown,
    Grant,
    Heard,
    UpperItem,
    UpperSource,
)
from nguon.devices.models import Device
from nguon.kit import ids
from nguon.media.models import File
from nguon.places.models import Place

__all__ = [
    "BoardClass",
    "Edition",
    "Entry",
    "FarBoard",
    "FarShown",
    "Glass",
    "Grant",
    "Heard",
    "Item",
    "Kind",
    "Layout",
    "Page",
    "Region",
    "RegionKind",
    "Shape",
    "Source",
    "Tally",
    "Told",
    "UpperItem",
    "UpperSource",
]


class Shape(models.TextChoices):
    """The shape of a screen, as far as a layout is made for one."""

    WIDE = "wide", _("Màn ngang")
    TALL = "tall", _("Màn dọc")
    STRIP = "strip", _("Bảng LED")


class RegionKind(models.TextChoices):
    """What a region is for, as officers call it (`scene.Kind`)."""

    MAIN = "main", _("Tin chính")
    LIST = "list", _("Danh sách tin")
    CRAWL = "crawl", _("Dòng chạy")
    CLOCK = "clock", _("Đồng hồ")
    LOGO = "logo", _("Tên đơn vị")


class Layout(models.Model):
    """How the screens of a place and below are divided. `usual`: for all of its shape that have no other."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="board_layouts")
    name = models.CharField(max_length=120)
    shape = models.CharField(max_length=10, choices=Shape.choices, default=Shape.WIDE)
    usual = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["place", "shape"], condition=Q(usual=True), name="board_layout_usual_once")
        ]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A part of the screen, in percent. `lines`: the words of a region that shows whose board it is, one a line."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    layout = models.ForeignKey(Layout, models.CASCADE, related_name="regions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=RegionKind.choices)
    left = models.PositiveSmallIntegerField()
    top = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    lines = models.TextField(blank=True)

    class Meta:
        ordering = ["layout", "number"]


class Item(models.Model):
    """Something that is shown in a region, and when. `source` and `subject` say what (`sources`).

    `weekdays`: 0 is Monday, none means all. `seconds` none: as long as it takes to be read.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    region = models.ForeignKey(Region, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20)
    subject = models.UUIDField()
    weekdays = models.JSONField(default=list)
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    priority = models.PositiveSmallIntegerField(default=0)
    seconds = models.PositiveIntegerField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["region", "number"]


class Glass(models.Model):
    """What is known of a board's screen: its shape, and its layout if it is not the usual one."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="+")
    shape = models.CharField(max_length=10, choices=Shape.choices, default=Shape.WIDE)
    layout = models.ForeignKey(Layout, models.SET_NULL, null=True, related_name="glasses")


class Told(models.Model):
    """The scene that a board is told to show. `files`: the hashes of all that it may fetch for it."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="+")
    layout = models.ForeignKey(Layout, models.SET_NULL, null=True, related_name="+")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    files = models.JSONField(default=list)


class Page(models.Model):
    """What a page is one of that boards were told of, and on which day they were last. `source`, `subject`: of an item;
    `part`: which part of the subject, where that counts.
    """

    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=20)
    subject = models.UUIDField(db_index=True)
    part = models.CharField(max_length=32, blank=True)
    told_on = models.DateField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "source", "subject", "part"], name="board_page_of_once")
        ]


class Tally(models.Model):
    """How often and how long (ms) a board showed a page by itself on one day of Vietnam, as it told at `told_at`.

    `first_at`, `last_at`: when its first and its last turn began.
    """

    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)
    sha256 = models.CharField(max_length=64)
    times = models.PositiveIntegerField()
    ms = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "day", "sha256"], name="board_tally_once")]
