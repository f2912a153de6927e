"""Approving the rendered thing, by its hash. What is reviewed is named by a string; review knows nothing more of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.places.models import Place


class State(models.TextChoices):
    """Where a review stands."""

    SUBMITTED = "submitted", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETURNED = "returned", _("Trả lại")
    WITHDRAWN = "withdrawn", _("Đã rút")


class Review(models.Model):
    """One submission and its decision, over the exact text and audio. Never reopened: a change needs a new one."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    subject = models.CharField(max_length=100, db_index=True)  # app.model:id
    title = models.CharField(max_length=300)
    place = models.ForeignKey(Place, models.PROTECT, related_name="reviews")
    text_hash = models.CharField(max_length=64)
    media_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SUBMITTED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="decisions")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-submitted_at"]
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=Q(state="submitted"), name="review_one_open"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("author"))),
                name="review_author_is_not_approver",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("submitted_by")),
                name="review_submitter_is_not_approver",
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(reason=""), name="review_return_says_why"),
        ]
