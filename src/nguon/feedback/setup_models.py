"""What the desk is set up with: fields, routing, deadlines, days off, prepared answers. All of it is data."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.people.models import Office
from nguon.places.models import Place


class Severity(models.TextChoices):
    """How quickly it must go."""

    URGENT = "urgent", _("Khẩn")
    ORDINARY = "ordinary", _("Bình thường")
    COMPLEX = "complex", _("Phức tạp")


class Field(models.Model):
    """What a case is about: roads, waste, loudspeakers… `place`: empty for everywhere."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = models.SlugField(max_length=40, unique=True)  # its service_code for other programs
    name = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)  # what belongs there, for people
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    questions = models.JSONField(
        default=list
    )  # more to ask: [{"key", "label", "kind": text|choice, "choices", "needed"}]
    words = models.JSONField(default=list)  # words that speak for it, for suggestions
    radius_m = models.PositiveIntegerField(default=150)  # within which two cases may be one
    open = models.BooleanField(default=True)  # answered cases may stand in the public register
    active = models.BooleanField(default=True)
    number = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number", "name"]

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """One routing rule. The first that fits decides; `place` is whose rule it is: it looks at cases there and below.

    `when` holds what must all be so: fields (keys), sources, severities, words (any of them), devices (true: told
    at one), places (ids). An empty one fits everything.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    when = models.JSONField(default=dict)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    severity = models.CharField(max_length=20, choices=Severity.choices, blank=True)  # set by it; empty: left
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["place", "number"]


class Unit(models.TextChoices):
    """What a deadline counts in."""

    WORKING_HOURS = "working-hours", _("giờ làm việc")
    WORKING_DAYS = "working-days", _("ngày làm việc")
    DAYS = "days", _("ngày")


class Step(models.TextChoices):
    """What is due."""

    ACCEPT = "accept", _("Tiếp nhận")
    ANSWER = "answer", _("Trả lời")
    NEWS = "news", _("Báo tiến độ")  # again and again once the answer is late
    DATA_REPLY = "data-reply", _("Trả lời yêu cầu về dữ liệu cá nhân")
    DATA_CHANGE = "data-change", _("Rút lại sự đồng ý, sửa dữ liệu cá nhân")
    DATA_ERASE = "data-erase", _("Xóa dữ liệu cá nhân")
    DATA_MORE = "data-more", _("Gia hạn yêu cầu về dữ liệu cá nhân")  # once


class Term(models.Model):
    """How long a step may take, by which rule, from when to when. The most special that holds at intake counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # empty: everywhere
    field = models.ForeignKey(Field, models.CASCADE, null=True, related_name="+")  # empty: all
    severity = models.CharField(max_length=20, choices=Severity.choices, blank=True)  # empty: all
    step = models.CharField(max_length=20, choices=Step.choices)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=Unit.choices)
    basis = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)  # read in the text itself
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="term_dates"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="term_is_some_time"),
        ]


class DayOff(models.Model):
    """A day that differs from the calendar of the country: off here, or worked for another (làm bù)."""

    day = models.DateField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # empty: everywhere
    works = models.BooleanField(default=False)
    why = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day", "place"], name="day_off_once"),
            models.UniqueConstraint(fields=["day"], condition=Q(place=None), name="day_off_everywhere_once"),
        ]


class Template(models.Model):
    """Prepared words: an answer, a question, a refusal. `{ten}`, `{ma}`, `{noi_dung}`, `{don_vi}` are filled in."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # empty: everywhere
    state = models.CharField(max_length=20)  # which step it is for (`rules.State`)
    field = models.ForeignKey(Field, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["title"]
