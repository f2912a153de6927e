"""What happens in a locality and everybody may come to: its wordings, of which the newest approved is public."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from nguon.kit import ids
from nguon.portal.aloud_models import ReadAloud
from nguon.review.models import Review


class Event(models.Model):
    """One event. Its words are in wordings; nothing is overwritten.

    `cancelled_at`: it will not be, and everybody is told so. `withdrawn_at`: it is shown no more.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    cancelled_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class EventWording(ReadAloud):
    """One saved wording of an event: where and when it is, on which sites.

    From the day `first` to the day `last`, each day from `begins` to `ends` in local time; without `begins` all day,
    without `ends` the end is not said. `body` is plain text with the marks of `portal.markup`.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    sites = models.ManyToManyField("portal.Site", related_name="event_wordings")
    title = models.CharField(max_length=200)
    where = models.CharField(max_length=300)
    first = models.DateField()
    last = models.DateField()
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    body = models.TextField(blank=True)
    contact = models.CharField(max_length=300, blank=True)
    folded = models.TextField()  # for searching
    digest = models.CharField(max_length=64)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["event", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="event_wording_number_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="event_days"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(begins__isnull=False, ends__gt=F("begins")), name="event_hours"
            ),
        ]

    def __str__(self) -> str:
        return self.title
