"""The websites of localities. A site is one place's; everything on it is a bulletin, a page of a section or a paper."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.media.models import File, Rendition
from nguon.newsroom.models import Bulletin, Version
from nguon.places.models import Place
from nguon.portal import rules
from nguon.portal.aloud_models import ReadAloud
from nguon.review.models import Review


class Colour(models.TextChoices):
    """The looks a site may have: all of them pass WCAG 2.2 AA on white and with white on them."""

    BLUE = "blue", _("Xanh dương")
    GREEN = "green", _("Xanh lá")
    TEAL = "teal", _("Xanh ngọc")
    RED = "red", _("Đỏ")
    BROWN = "brown", _("Nâu")
    PURPLE = "purple", _("Tím")


class Site(models.Model):
    """The website of one place. It is public from `opened_at`; its address is its host, or a path of the server."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.OneToOneField(Place, models.PROTECT, related_name="site")
    slug = models.SlugField(max_length=60, unique=True)  # its path: /trang/<slug>/
    host = models.CharField(max_length=200, blank=True)  # its own name, lower case, without a port
    name = models.CharField(max_length=200)
    lead = models.CharField(max_length=200, blank=True)  # a line under the name
    colour = models.CharField(max_length=20, choices=Colour.choices, default=Colour.BLUE)
    emblem = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    owner = models.CharField(max_length=200, blank=True)  # cơ quan chủ quản
    responsible = models.CharField(max_length=200, blank=True)  # người chịu trách nhiệm: tên, chức vụ
    licence = models.CharField(max_length=200, blank=True)  # số giấy phép hoặc văn bản cho phép
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=120, blank=True)
    hours = models.TextField(blank=True)  # opening hours, a line each
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # of one that was open once and is not now
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # where its addresses lead
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="site_host_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def dialled(self) -> str:
        """Its telephone number without the words around it."""
        return rules.dialled(self.phone)


class SectionKind(models.TextChoices):
    """What a section is made of."""

    PAGE = "page", _("Trang viết")
    NEWS = "news", _("Tin bài")
    PAPERS = "papers", _("Văn bản, tài liệu")
    LINK = "link", _("Liên kết")
    BUILT = "built", _("Trang có sẵn")  # made by the system itself: timetable, map, feedback, surveys


class Section(models.Model):
    """One part of a site. Those that a law asks for say so in `basis`, and cannot be taken away.

    `key` is its path below the site. `days`: how long its newest word may be old; 0: for ever.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=20, choices=SectionKind.choices)
    title = models.CharField(max_length=120)
    hint = models.CharField(max_length=400, blank=True)  # what belongs there, for its editors
    basis = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)  # the basis was read in the text itself
    categories = models.JSONField(default=list)  # of bulletins (newsroom.Category) that stand there, for news
    target = models.CharField(max_length=500, blank=True)  # where a link leads
    days = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveSmallIntegerField(default=0)
    shown = models.BooleanField(default=True)  # in the menu of the site, once there is something in it

    class Meta:
        ordering = ["site", "number"]
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="section_key_once")]

    def __str__(self) -> str:
        return self.title


class Edition(ReadAloud):
    """One saved wording of a section that is a page. What is public is the newest that is approved.

    `body` is plain text with the marks of `portal.markup`. Nothing is overwritten.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")  # the newest review of it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["section", "-number"]
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="edition_number_once")]


class PaperKind(models.TextChoices):
    """What a document is to its readers."""

    DIRECTIVE = "directive", _("Chỉ đạo, điều hành")
    LAW = "law", _("Quy phạm pháp luật")
    OTHER = "other", _("Văn bản khác")


class Paper(ReadAloud):
    """A document in a section: a directive open to the public, a plan, a budget. A file, an address, or both.

    `sites`: others on which it stands too, in the section of the same key.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    section = models.ForeignKey(Section, models.CASCADE, related_name="papers")
    sign = models.CharField(max_length=80, blank=True)  # số, ký hiệu
    title = models.CharField(max_length=400)  # trích yếu
    issuer = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True)
    kind = models.CharField(max_length=20, choices=PaperKind.choices, default=PaperKind.OTHER)
    valid_to = models.DateField(null=True)  # the last day it holds; empty: until another takes its place
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    sites = models.ManyToManyField(Site, related_name="given_papers")
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    folded = models.TextField()  # for searching
    digest = models.CharField(max_length=64)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_on", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(url=""), name="paper_is_somewhere"),
        ]

    def __str__(self) -> str:
        return self.sign or self.title


class Posting(models.Model):
    """One bulletin on one site, at its own time. What stands there is `version`, under its approval.

    `seen_at` is the receipt: when the page was first fetched from the site's own address and was right.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="postings")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="postings")
    version = models.ForeignKey(Version, models.PROTECT, related_name="postings")
    review = models.ForeignKey(Review, models.PROTECT, related_name="+")
    page = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")  # what was approved to be shown there
    sound = models.ForeignKey(Rendition, models.PROTECT, null=True, related_name="+")  # how it is read aloud
    slug = models.SlugField(max_length=120)
    publish_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # empty: as long as the bulletin holds
    pinned = models.BooleanField(default=False)
    corrected_at = models.DateTimeField(null=True)  # when a newer version took the place of what stood there
    seen_at = models.DateTimeField(null=True)
    failed_why = models.CharField(max_length=300, blank=True)  # code of why the page was not right (`rules.STATUS`)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_why = models.CharField(max_length=400, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-publish_at"]
        indexes = [models.Index(fields=["site", "-publish_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "bulletin"], condition=Q(withdrawn_at=None), name="posting_once_on_a_site"
            ),
            models.UniqueConstraint(fields=["site", "slug"], name="posting_slug_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("publish_at")), name="posting_dates"),
        ]


class Stood(models.Model):
    """What stood in a posting before it was corrected, from when to when, under which approval. Never changed."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="stood")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, models.PROTECT, related_name="+")
    page = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # its receipt
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-until_at"]


from nguon.portal.event_models import Event, EventWording  # noqa: E402 - beside: short files
from nguon.portal.push_models import Follower, News, Notice, NoticeKind, Parcel, PushKey  # noqa: E402 - beside: short files
from nguon.portal.survey_models import Results, Sheet, Survey, SurveyKind  # noqa: E402 - beside: short files

__all__ = [
    "Colour",
    "Edition",
    "Event",
    "EventWording",
    "Follower",
    "News",
    "Notice",
    "NoticeKind",
    "Paper",
    "PaperKind",
    "Parcel",
    "Posting",
    "PushKey",
    "Results",
    "Section",
    "SectionKind",
    "Sheet",
    "Site",
    "Stood",
    "Survey",
    "SurveyKind",
]
