"""What boards get from others or from a table, what of it was agreed to, and how it goes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.media.models import File
from nguon.places.models import Place
from nguon.review.models import Review


class Kind(models.TextChoices):
    """What it is about: it says with which names and units one begins."""

    TIMETABLE = "timetable", _("Lịch, bảng giờ")
    WEATHER = "weather", _("Thời tiết, số liệu đo")
    PRICES = "prices", _("Giá cả")
    TITLES = "titles", _("Tin vắn")


class Source(models.Model):
    """What has a page now, or none: a timetable, or a feed. `page` counts until `page_until` (empty: stays)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="board_sources")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    current = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")  # the newest that was written
    shown = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")  # the approved one that is in use
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # The course of a feed
    next_at = models.DateTimeField(null=True)  # the next look
    asked_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)  # the last look that brought what was asked for
    failures = models.PositiveIntegerField(default=0)  # looks in a row that did not
    fault = models.CharField(max_length=20, blank=True)  # `outside.addresses.Fault` or `rules.Trouble` of the last look
    fault_detail = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    values = models.JSONField(null=True)  # {head, rows, lines} of the last good look
    seen_at = models.DateTimeField(null=True)  # of which moment they are: by the feed's own word, or when they were had
    as_of = models.DateTimeField(null=True)  # of which hour the page says they are
    # What boards show
    page = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    page_until = models.DateTimeField(null=True)
    remake_at = models.DateTimeField(null=True)  # when the page may be another one by itself

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["next_at"], condition=Q(ended_at=None), name="board_source_due")]

    def __str__(self) -> str:
        return self.current.title if self.current else ""


class Edition(models.Model):
    """What a source is, as it was written once: never changed, approved as a whole (`rules.Terms`)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    terms = models.JSONField()
    digest = models.CharField(max_length=64)
    sample = models.JSONField(null=True)  # {head, rows, lines}: what a feed gave when it was written
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="board_edition_number_once")]
