"""Files by the hash of their bytes, and renditions by the hash of what they were made from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.places.models import Place


class File(models.Model):
    """A file in storage, found by its SHA-256. Never changed; the same bytes are stored once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()  # bytes
    mime = models.CharField(max_length=60)
    duration_ms = models.PositiveIntegerField(null=True)
    loudness = models.FloatField(null=True)  # LUFS integrated, measured after encoding
    true_peak = models.FloatField(null=True)  # dBTP, measured after encoding
    path = models.CharField(max_length=200)  # name in Django's default storage
    peaks = models.BinaryField(null=True)  # the waveform: a byte for each equal part; null: not drawn yet, none: cannot
    created_at = models.DateTimeField()


class Source(models.TextChoices):
    """Where the sound of a rendition comes from."""

    SPEECH = "speech", _("Giọng đọc máy")
    UPLOAD = "upload", _("Tệp tải lên")
    RECORDING = "recording", _("Ghi âm")
    MUSIC = "music", _("Nhạc")


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
    mix = models.JSONField(default=dict)  # music around the voice (`rules.Mix`), by hashes of files
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # whose voice accounts are used
    spoken_by = models.CharField(max_length=80, blank=True)  # the voice that spoke, if not the one asked for
    spoken_why = models.CharField(max_length=400, blank=True)  # why another did, in words for the officer
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)  # 0–1
    error = models.CharField(max_length=400, blank=True)  # words for the officer
    findings = models.JSONField(default=list)  # what was found in the sound and where (`checks.Finding`)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="renditions")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="ready") | Q(file__isnull=False), name="rendition_ready_has_file")
        ]


class Film(models.Model):
    """A film for screens, named by what was given; `file` is what is shown of it. One that is ready never changes."""

    original = models.OneToOneField(File, models.PROTECT, primary_key=True, related_name="+")
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)  # 0–1
    error = models.CharField(max_length=400, blank=True)  # words for the officer
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="films")
    began_at = models.DateTimeField(null=True)  # when its making did
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="ready") | Q(file__isnull=False), name="film_ready_has_file")
        ]


class VoiceAccount(models.Model):
    """An account with a provider of voices, for a place and all below it. One of a nearer place goes first."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="voice_accounts")
    provider = models.CharField(max_length=40)  # key of the plug
    name = models.CharField(max_length=120)
    values = models.JSONField(default=dict)  # settings that are no secret
    secrets = models.BinaryField(default=bytes)  # settings that are, encrypted (`nguon.vault`)
    position = models.PositiveSmallIntegerField(default=0)  # order within the place; the smallest is tried first
    deadline = models.PositiveSmallIntegerField(default=60)  # seconds given to it before the next is asked
    budget = models.PositiveIntegerField(null=True)  # characters a month; empty: no limit
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # đồng for 1,000 characters
    enabled = models.BooleanField(default=True)
    failing = models.CharField(max_length=10, blank=True)  # the kind of its newest failure since it last spoke
    failed_in_a_row = models.PositiveSmallIntegerField(default=0)  # how often since it last spoke
    resting_until = models.DateTimeField(null=True)  # passed over until then (`media.chain.rest`)
    ended_at = models.DateTimeField(null=True)  # given up for good, without its secrets; kept for what it spoke
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.provider}, {self.place})"


class VoiceUse(models.Model):
    """What one account spoke in one month."""

    account = models.ForeignKey(VoiceAccount, models.CASCADE, related_name="uses")
    month = models.DateField()  # its first day
    characters = models.PositiveIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=400, blank=True)  # words for the officer
    last_failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="voice_use_once_a_month")]


class PlaceVoice(models.Model):
    """The voice with which a place, and all below it that chose none, begins a bulletin."""

    place = models.OneToOneField(Place, models.PROTECT, primary_key=True, related_name="+")
    voice = models.CharField(max_length=80)  # plug/voice
    updated_at = models.DateTimeField()


class VoiceTrial(models.Model):
    """One voice heard on a sentence, by itself: no other speaks instead. Those asked for together share a `batch`."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    batch = models.UUIDField(db_index=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")  # who may see it
    text = models.CharField(max_length=400)  # as it was typed
    account = models.ForeignKey(VoiceAccount, models.CASCADE, null=True, related_name="trials")  # empty: our own voice
    rendition = models.ForeignKey(Rendition, models.PROTECT, related_name="trials")
    took_ms = models.PositiveIntegerField(null=True)  # until the voice had spoken, without what came after
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]


class Reading(models.Model):
    """How a place wants something read: a correction of the reader, for the place and all below it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="readings")
    written = models.CharField(max_length=120)
    spoken = models.CharField(max_length=400)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # no more in force; kept, because it was heard

    class Meta:
        ordering = ["written"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "written"], condition=Q(ended_at=None), name="reading_one_way_at_a_place"
            )
        ]


class Music(models.Model):
    """Music a place puts around what it says: a jingle before or after, or a bed under the voice."""

    class Kind(models.TextChoices):
        """What it is for."""

        JINGLE = "jingle", _("Nhạc hiệu")
        BED = "bed", _("Nhạc nền")

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="music")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")  # as it was given; mixed is what is made of it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]


class UsualMusic(models.Model):
    """The music with which a new bulletin of a place begins. Where a place says nothing, the nearest above counts."""

    class Use(models.TextChoices):
        """Where in a bulletin: the names are those of `rules.Mix`."""

        OPENING = "opening", _("Nhạc hiệu mở đầu")
        CLOSING = "closing", _("Nhạc hiệu kết thúc")
        BED = "bed", _("Nhạc nền")

    place = models.ForeignKey(Place, models.PROTECT, related_name="usual_music")
    use = models.CharField(max_length=20, choices=Use.choices)
    music = models.ForeignKey(Music, models.PROTECT, null=True, related_name="usual")  # empty: none, whatever is above
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "use"], name="usual_music_once")]
