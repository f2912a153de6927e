"""Surveys and consultations of a site, and what was answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.media.models import File
from nguon.review.models import Review


class SurveyKind(models.TextChoices):
    """What it is for."""

    SURVEY = "survey", _("Khảo sát ý kiến")
    DRAFT = "draft", _("Lấy ý kiến dự thảo")


class Results(models.TextChoices):
    """When everybody may see the count."""

    AFTER = "after", _("Khi đã kết thúc")
    ALWAYS = "always", _("Ngay khi đang lấy ý kiến")
    NEVER = "never", _("Không công bố số phiếu")


class Survey(models.Model):
    """What a site asks people, from when to when. Once approved it does not change: another is another.

    `questions` as `surveys.rules.to_json`. `outcome`: what became of it, said when it is over.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey("portal.Site", models.PROTECT, related_name="surveys")
    kind = models.CharField(max_length=20, choices=SurveyKind.choices, default=SurveyKind.SURVEY)
    slug = models.SlugField(max_length=120)
    title = models.CharField(max_length=200)
    intro = models.TextField(blank=True)
    questions = models.JSONField(default=list)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")  # the draft that is asked about
    filename = models.CharField(max_length=200, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    results = models.CharField(max_length=20, choices=Results.choices, default=Results.AFTER)
    outcome = models.TextField(blank=True)
    outcome_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["site", "slug"], name="survey_slug_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="survey_closes_later"),
        ]

    def __str__(self) -> str:
        return self.title


class Sheet(models.Model):
    """What one person answered: numbers of questions → values. `mark`: a hash, so that a browser answers once."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="sheets")
    answers = models.JSONField()
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)  # its words are no words for anybody

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["survey", "mark"], name="sheet_once")]
