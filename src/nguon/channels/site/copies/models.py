"""A copy of a whole site that somebody asked for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.media.models import File
from nguon.portal.models import Site


class State(models.TextChoices):
    """How far a copy is."""

    WAITING = "waiting", _("Đang chờ")
    WORKING = "working", _("Đang làm")
    READY = "ready", _("Tải về được")
    FAILED = "failed", _("Không xong")
    CANCELLED = "cancelled", _("Đã thôi")
    GONE = "gone", _("Đã xóa")  # its ZIP is kept no more


GOING = (State.WAITING, State.WORKING)


class Copy(models.Model):
    """One copy. `run` is the ticket of whoever works on it: an older one counts no more.

    `done` of `known` addresses were asked for; `missing` lists [address, page with the link] of what was not there.
    `base`: the server's own address as whoever asked saw it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="copies")
    sounds = models.BooleanField(default=True)
    base = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    run = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    missing = models.JSONField(default=list)
    lost = models.PositiveIntegerField(default=0)  # how many were not there, of which `missing` has the first
    cut = models.PositiveIntegerField(default=0)  # addresses left out, as there were too many
    error = models.CharField(max_length=400, blank=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)  # when its ZIP goes
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(state__in=GOING), name="site_copy_one_at_a_time")
        ]
