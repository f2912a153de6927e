"""Somebody who speaks live: who, whither, from when to when, why it ended, and what was heard."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.delivery.models import Broadcast
from nguon.kit import ids
from nguon.media.models import File
from nguon.places.models import Place


class State(models.TextChoices):
    """The life of a session."""

    READY = "ready", _("Chưa lên sóng")
    ON_AIR = "on-air", _("Đang phát trực tiếp")
    ENDED = "ended", _("Đã kết thúc")


class Why(models.TextChoices):
    """Why a session ended; the values are those of `rules`."""

    SPEAKER = "speaker", _("Người nói kết thúc")
    STOPPED = "stopped", _("Có người bấm dừng phát")
    LIMIT = "limit", _("Hết thời gian cho phép")
    LOST = "lost", _("Mất đường truyền từ máy người nói")
    RIGHT = "right", _("Người nói đăng xuất hoặc không còn quyền phát")
    FAULT = "fault", _("Máy chủ không xử lý được âm thanh")
    SERVER = "server", _("Máy chủ bị tắt giữa chừng")


class LiveSession(models.Model):
    """One time somebody speaks. Its sound goes through the relay under `name`, which only listeners are told."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="live_sessions")  # in whose name
    title = models.CharField(max_length=200)
    targets = models.JSONField()  # places, groups, devices: lists of ids (`delivery.rules.Targets`)
    minutes = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.READY)
    broadcast = models.OneToOneField(Broadcast, models.PROTECT, null=True, related_name="live")
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)  # at the latest
    alive_at = models.DateTimeField(null=True)  # when it was last carried
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, choices=Why.choices, blank=True)
    recording = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready") | Q(broadcast__isnull=False, began_at__isnull=False), name="live_began"
            )
        ]


class LiveLimit(models.Model):
    """How long one may speak live in the name of a place and of all below it that says nothing else."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()
