"""Cases: what was told, where it stands, who has it, what was answered. Who told it is apart (`private_models`)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.delivery.models import Broadcast
from nguon.devices.models import Device
from nguon.feedback.climb_models import Reminder, Sent
from nguon.feedback.guard_models import Arrival, Held, Spent
from nguon.feedback.open_models import Authority, Client, Forwarded, Posted
from nguon.feedback.pole_models import PoleCode
from nguon.feedback.private_models import (
    Consent,
    Gone,
    Lot,
    PrivacyRequest,
    Reporter,
    Retention,
    Wish,
    Wording,
)
from nguon.feedback.setup_models import DayOff, Field, Route, Severity, Step, Template, Term, Unit
from nguon.kit import ids
from nguon.media.models import File
from nguon.newsroom.models import Bulletin
from nguon.people.models import Office
from nguon.places.models import Place
from nguon.review.models import Review


class Source(models.TextChoices):
    """How it came."""

    WEB = "web", _("Trang thông tin điện tử")
    POLE = "pole", _("Mã QR ở cụm loa, bảng tin")
    PHONE = "phone", _("Điện thoại")
    PAPER = "paper", _("Đơn, thư")
    PERSON = "person", _("Trực tiếp")
    OTHER = "other", _("Hệ thống khác")  # by Open311


class CaseState(models.TextChoices):
    """As `rules.State`, with the words people and officers read."""

    NEW = "new", _("Mới gửi")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    ASSIGNED = "assigned", _("Đã giao cơ quan xử lý")
    WORKING = "working", _("Đang xử lý")
    ASKED = "asked", _("Chờ người gửi bổ sung")
    ANSWERED = "answered", _("Đã trả lời")
    CLOSED = "closed", _("Đã kết thúc")
    DUPLICATE = "duplicate", _("Trùng với phản ánh khác")
    REFUSED = "refused", _("Không tiếp nhận")
    PASSED_ON = "passed-on", _("Đã chuyển cơ quan khác")
    DIVERTED = "diverted", _("Hướng dẫn gửi khiếu nại, tố cáo")
    REOPEN = "reopen", _("Đề nghị xem lại")


class Case(models.Model):
    """One thing that was told. Its newest state is here, all of them in `Event`.

    `words` is what the reporter wrote, never changed; `public_words` what everybody may read of it once moderated.
    `tail` is a salted hash of the four digits that go with the code: the end of the telephone number, or given.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=20, unique=True)
    tail = models.CharField(max_length=128)
    place = models.ForeignKey(Place, models.PROTECT, related_name="cases")  # where it is: a hamlet, or higher
    field = models.ForeignKey(Field, models.PROTECT, null=True, related_name="cases")
    severity = models.CharField(max_length=20, choices=Severity.choices, default=Severity.ORDINARY)
    source = models.CharField(max_length=20, choices=Source.choices)
    words = models.TextField()
    folded = models.TextField()
    answers = models.JSONField(default=dict)  # to the questions of its field
    happened_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="cases")  # the pole it is about
    broadcast = models.ForeignKey(Broadcast, models.SET_NULL, null=True, related_name="cases")  # what it is about
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.NEW)
    held = models.CharField(max_length=60, blank=True)  # `Held`: why it waits as perhaps abuse; empty: it does not
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="cases")  # who answers for it
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cases")
    route = models.ForeignKey(Route, models.SET_NULL, null=True, related_name="+")  # the rule that sent it there
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    too = models.PositiveIntegerField(default=0)  # how many met it too
    public_title = models.CharField(max_length=200, blank=True)
    public_words = models.TextField(blank=True)
    public_at = models.DateTimeField(null=True)  # moderated: it stands in the public register since
    received_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    news_by = models.DateTimeField(null=True)  # late: the reporter is to hear something by then
    stood = models.DurationField(null=True)  # how long its clock stood while the reporter was asked
    asked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    reminded = models.PositiveSmallIntegerField(default=0)  # how far it has climbed (`climbing`)
    next_look_at = models.DateTimeField(null=True)  # when the clock of cases looks at it again
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["state", "answer_by"]),
            models.Index(fields=["place", "-received_at"]),
            models.Index(fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="case_to_look_at"),
            models.Index(fields=["received_at"], condition=~Q(held=""), name="case_held"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="duplicate") | Q(duplicate_of__isnull=False), name="case_twin"),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "working", "asked", "answered"]) | Q(office__isnull=False),
                name="case_at_work_has_office",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Event(models.Model):
    """One step of a case: append-only. `words` are for the reporter, `note` for officers only."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=CaseState.choices)  # as it is from then on
    verb = models.CharField(max_length=40)  # feedback.accept and so on: what was done
    words = models.TextField(blank=True)
    note = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["case", "at", "id"]


class Asked(models.Model):
    """An office beside the one that answers, asked for its part; or one that sent the case back."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="asked")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at"]


class Attachment(models.Model):
    """A photo or a paper of a case, without any word of where it was taken. Nobody outside sees it unless `public`."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    public = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # empty: the reporter
    at = models.DateTimeField()

    class Meta:
        ordering = ["case", "number"]


class Answer(models.Model):
    """One wording of the answer. What is published is approved by somebody else, by its hash."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)  # given to the reporter
    bulletin = models.ForeignKey(Bulletin, models.SET_NULL, null=True, related_name="+")  # said aloud, or on the site
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["case", "-number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="answer_number_once")]


class Content(models.Model):
    """How content the reporter is with an answer: 1–5."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="contents")
    score = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000, blank=True)
    reopen = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="content_score")]


class Too(models.Model):
    """Somebody met it too. `mark` is a hash by which the same browser counts once a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="toos")
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "mark"], name="too_once")]


class Correction(models.Model):
    """What an officer made of a suggestion: that is what the next suggestions learn from."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="correction")
    suggested = models.ForeignKey(Field, models.CASCADE, null=True, related_name="+")
    field = models.ForeignKey(Field, models.CASCADE, related_name="+")
    at = models.DateTimeField()


__all__ = [
    "Answer",
    "Arrival",
    "Asked",
    "Attachment",
    "Authority",
    "Case",
    "CaseState",
    "Client",
    "Consent",
    "Content",
    "Correction",
    "DayOff",
    "Event",
    "Field",
    "Forwarded",
    "Gone",
    "Held",
    "Lot",
    "PoleCode",
    "Posted",
    "PrivacyRequest",
    "Reminder",
    "Reporter",
    "Retention",
    "Route",
    "Sent",
    "Severity",
    "Source",
    "Spent",
    "Step",
    "Template",
    "Term",
    "Too",
    "Unit",
    "Wish",
    "Wording",
]
