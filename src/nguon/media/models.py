"""Files by the hash of their bytes, and renditions by the hash of what they were made from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids


class File(models.Model):
    """A file in storage, found by its SHA-256. Never changed; the same bytes are stored once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()  # bytes
    mime = models.CharField(max_length=60)
    duration_ms = models.PositiveIntegerField(null=True)
    loudness = models.FloatField(null=True)  # LUFS integrated, measured after encoding
    true_peak = models.FloatField(null=True)  # dBTP, measured after encoding
    path = models.CharField(max_length=200)  # name in Django's default storage
    created_at = models.DateTimeField()


class Source(models.TextChoices):
    """Where the sound of a rendition comes from."""

    SPEECH = "speech", _("Giọng đọc máy")
    UPLOAD = "upload", _("Tệp tải lên")
    RECORDING = "recording", _("Ghi âm")


class State(models.TextChoices):
    """How far a rendition is."""

    QUEUED = "queued", _("Đang chờ")
    WORKING = "working", _("Đang tạo âm thanh")
    READY = "ready", _("Nghe được")
    FAILED = "failed", _("Không tạo được")


class Rendition(models.Model):
    """Audio made for loudspeakers. `key` is the hash of (source, spoken text or file, voice, settings): a cache."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=20, choices=Source.choices)
    spoken = models.TextField(blank=True)
    original = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    voice = models.CharField(max_length=80, blank=True)  # plug/voice, for instance espeak/vi
    rate = models.PositiveSmallIntegerField(default=0)  # syllables a minute
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)  # 0–1
    error = models.CharField(max_length=400, blank=True)  # words for the officer
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="renditions")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="ready") | Q(file__isnull=False), name="rendition_ready_has_file")
        ]
