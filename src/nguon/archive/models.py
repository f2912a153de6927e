"""What is kept: recordings with what is known of them, what they sound like, and how they came in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.media.models import File
from nguon.places.models import Place


class Category(models.TextChoices):
    """Kinds of programme, as stations sort them."""

    NEWS = "news", _("Thời sự, bản tin")
    NOTICE = "notice", _("Thông báo")
    FEATURE = "feature", _("Chuyên mục, phóng sự")
    TALK = "talk", _("Phát biểu, phỏng vấn")
    EDUCATION = "education", _("Tuyên truyền, phổ biến kiến thức")
    MUSIC = "music", _("Ca nhạc")
    DRAMA = "drama", _("Kịch, câu chuyện truyền thanh")
    OTHER = "other", _("Loại khác")


class Recording(models.Model):
    """One recording. The place is the one that made it, as it was then; who answers for it now sees it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="recordings")
    title = models.CharField(max_length=300)
    programme = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=20, choices=Category.choices, blank=True)
    speaker = models.CharField(max_length=200, blank=True)
    recorded_on = models.DateField(null=True)  # first and last day of when it was made: a day, a month, a year
    recorded_until = models.DateField(null=True)
    notes = models.TextField(blank=True)
    exact = models.TextField()  # words of all these and of the file's name, with marks, for searching
    folded = models.TextField()  # the same without marks
    guesses = models.JSONField(default=dict)  # field → how sure (0–1) and what it was read from; gone when confirmed
    doubtful = models.BooleanField(default=False)  # one of them is unsure
    name = models.CharField(max_length=400)  # of the file as it came
    folder = models.CharField(max_length=1000, blank=True)
    original = models.ForeignKey(File, models.PROTECT, related_name="+")
    cleaned = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")  # with less noise, if asked for
    file = models.ForeignKey(File, models.PROTECT, related_name="+")  # levelled for loudspeakers
    duration_ms = models.PositiveIntegerField()  # of the levelled one
    sound_hash = models.CharField(max_length=64, db_index=True)  # SHA-256 of the decoded samples
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["place", "recorded_on"])]
        constraints = [
            models.UniqueConstraint(fields=["place", "sound_hash"], name="recording_sound_once_at_a_place"),
            models.CheckConstraint(
                condition=Q(recorded_on=None, recorded_until=None) | Q(recorded_until__gte=F("recorded_on")),
                name="recording_period",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Print(models.Model):
    """What a recording sounds like (`archive.prints`): 32 bits for every eighth of a second, big-endian."""

    recording = models.OneToOneField(Recording, models.CASCADE, primary_key=True, related_name="print")
    data = models.BinaryField()


class Mark(models.Model):
    """One value of a print and where it stands: how recordings that may be alike are found."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="marks")
    value = models.IntegerField(db_index=True)
    at = models.PositiveIntegerField()  # eighths of a second


class Pair(models.Model):
    """Two recordings that sound alike. Nothing is ever merged but by a person."""

    class Kind(models.TextChoices):
        """In what way."""

        SAME = "same", _("Gần như trùng nhau")
        PART = "part", _("Một bản là một phần của bản kia")

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("Chưa xem")
        KEPT = "kept", _("Giữ cả hai")
        MERGED = "merged", _("Đã gộp")

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    first = models.ForeignKey(Recording, models.CASCADE, related_name="+")  # the one that was there before
    second = models.ForeignKey(Recording, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    share = models.FloatField()  # of the shorter one that is alike, 0–1
    offset_ms = models.IntegerField()  # where the second begins in the first
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-share", "created_at"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="pair_once")]


class Transcript(models.Model):
    """What is said in a recording, as a machine heard it."""

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("Chờ chép lời")
        WORKING = "working", _("Đang chép lời")
        READY = "ready", _("Đã chép lời")
        FAILED = "failed", _("Không chép được")

    recording = models.OneToOneField(Recording, models.CASCADE, primary_key=True, related_name="transcript")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.FloatField(default=0)  # 0–1
    error = models.CharField(max_length=400, blank=True)  # words for the officer
    text = models.TextField(blank=True)
    exact = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    segments = models.JSONField(default=list)  # [first ms, last ms, text] in the levelled sound
    by = models.CharField(max_length=80, blank=True)  # the plug and its model
    updated_at = models.DateTimeField()


class Batch(models.Model):
    """One import: where from, for which place, how far."""

    class Source(models.TextChoices):
        """Where the files come from."""

        FOLDER = "folder", _("Thư mục trên máy chủ")
        UPLOAD = "upload", _("Tệp tải lên")

    class State(models.TextChoices):
        """How far it is."""

        COLLECTING = "collecting", _("Đang nhận tệp")
        LISTING = "listing", _("Đang lập danh sách")
        RUNNING = "running", _("Đang nhập")
        PAUSED = "paused", _("Tạm dừng")
        DONE = "done", _("Đã xong")
        CANCELLED = "cancelled", _("Đã hủy")

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    title = models.CharField(max_length=300)
    path = models.BinaryField(default=bytes)  # of the folder, as the disk has it
    within = models.BinaryField(default=bytes)  # the folder it must stay in; empty: the operator named it
    denoise = models.BooleanField(default=False)  # take noise away
    state = models.CharField(max_length=12, choices=State.choices)
    listed = models.BooleanField(default=False)  # all files of the folder are written down
    reason = models.CharField(max_length=400, blank=True)  # why it stopped by itself, in words for the officer
    run = models.UUIDField(null=True)  # whoever works on it now; a newer one takes over
    beat_at = models.DateTimeField(null=True)  # when that one last said so
    worked_ms = models.PositiveBigIntegerField(default=0)  # time spent on files
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]


class Item(models.Model):
    """One file of an import, and what became of it."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Chờ nhập")
        WORKING = "working", _("Đang nhập")
        OPENED = "opened", _("Đã mở tệp nén")
        DONE = "done", _("Đã vào kho")
        DUPLICATE = "duplicate", _("Đã có trong kho")
        SKIPPED = "skipped", _("Bỏ qua")
        FAILED = "failed", _("Không nhập được")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    key = models.CharField(max_length=64)  # `rules.item_key` of the path
    raw = models.BinaryField()  # the path inside the folder or the zip, as it is there
    name = models.CharField(max_length=400)  # for people
    folder = models.CharField(max_length=1000, blank=True)  # for people
    size = models.PositiveBigIntegerField(default=0)  # bytes
    given = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")  # what was uploaded
    container = models.ForeignKey("self", models.CASCADE, null=True, related_name="members")  # the zip it lies in
    staged = models.CharField(max_length=200, blank=True)  # an uploaded zip, in Django's default storage, until opened
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=400, blank=True)  # words for the officer
    tries = models.PositiveSmallIntegerField(default=0)  # times that a worker died on it
    position = models.PositiveIntegerField(default=0)  # in the order of the folder
    recording = models.ForeignKey(Recording, models.PROTECT, null=True, related_name="items")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["batch", "state"])]
        constraints = [models.UniqueConstraint(fields=["batch", "key"], name="item_once_in_a_batch")]
