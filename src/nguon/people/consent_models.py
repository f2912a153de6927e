"""What waits for a second person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.places.models import Place


class ChangeState(models.TextChoices):
    """How a proposed change stands."""

    WAITING = "waiting", _("Chờ người thứ hai")
    DONE = "done", _("Đã đồng ý")
    REFUSED = "refused", _("Không đồng ý")
    WITHDRAWN = "withdrawn", _("Đã rút")
    EXPIRED = "expired", _("Đã quá hạn")


class Change(models.Model):
    """A change that one person proposed and another decides. What it does is `verb` with `said`."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    verb = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)  # of the verb and what is said: the same does not wait twice
    subject = models.CharField(max_length=100)  # as in the journal
    title = models.CharField(max_length=300)  # what it is about, as its proposer read it
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    about = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # who may not decide either
    said = models.JSONField(default=dict)  # what `apply` needs; ids as hexadecimal digits
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ChangeState.choices, default=ChangeState.WAITING)
    proposed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=100, blank=True)  # the id of what it made
    collected_at = models.DateTimeField(null=True)  # when the proposer took the password it allowed

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn", "expired"]) | Q(decided_by__isnull=False),
                name="change_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="change_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(about=None) | ~Q(decided_by=F("about")),
                name="change_not_by_whom_it_is_about",
            ),
            models.UniqueConstraint(fields=["fingerprint"], condition=Q(state="waiting"), name="change_waits_once"),
        ]

    def __str__(self) -> str:
        return self.title
