"""What is said: bulletins and their versions. Nothing is overwritten."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.media.models import File, Film, Rendition
from nguon.people.models import Office
from nguon.places.models import Place
from nguon.review.models import Review


class Category(models.TextChoices):
    """Fields of essential information, after Nghị định 49/2024/NĐ-CP, article 6, as far as its text is known to us."""

    POLICY = "policy", _("Chủ trương, chính sách, pháp luật")
    PROJECTS = "projects", _("Chương trình, dự án, an sinh xã hội")
    LOCAL = "local", _("Thông tin, chỉ đạo của địa phương")
    SCIENCE = "science", _("Kiến thức khoa học, kỹ thuật, đời sống")
    SECURITY = "security", _("An ninh, trật tự, quân sự")
    EMERGENCY = "emergency", _("Thiên tai, cháy nổ, dịch bệnh, cứu nạn")
    PEOPLE = "people", _("Người tốt, việc tốt")
    LAWBREAKING = "lawbreaking", _("Đấu tranh với vi phạm, tiêu cực")
    GOODS = "goods", _("Sản phẩm, hàng hóa, dịch vụ")
    REPLY = "reply", _("Trả lời phản ánh, kiến nghị")


class PriorityClass(models.TextChoices):
    """The three classes of Thông tư 39/2020/TT-BTTTT. Emergencies are issued as alerts, not from here."""

    ORDINARY = "ordinary", _("Thông thường")
    PRIORITY = "priority", _("Ưu tiên")
    EMERGENCY = "emergency", _("Khẩn cấp")


class Bulletin(models.Model):
    """One thing to be told. Its wording is in versions; the newest is the one that counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="bulletins")  # as it was when issued
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="bulletins")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulletins")
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.LOCAL)
    priority = models.CharField(max_length=20, choices=PriorityClass.choices, default=PriorityClass.ORDINARY)
    language = models.CharField(max_length=12, default="vi")
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    current = models.OneToOneField("Version", models.PROTECT, null=True, related_name="+")  # the newest version
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")), name="bulletin_dates"
            )
        ]


class Version(models.Model):
    """One saved wording. `text_hash` is over all that decides how it reads and sounds: its readings and music too.

    `readings` are those of the issuing place that it called for when it was saved, [written, spoken]: a reading that is
    changed later changes nothing here.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    folded = models.TextField()  # title and body without marks, for searching
    voice = models.CharField(max_length=80, blank=True)
    rate = models.PositiveSmallIntegerField(default=0)
    repeat = models.BooleanField(default=False)  # the key facts once more at the end
    sound = models.ForeignKey(
        File, models.PROTECT, null=True, related_name="+"
    )  # uploaded or recorded instead of spoken
    mix = models.JSONField(default=dict)  # the music around it (`media.rules.Mix`), by hashes of files
    readings = models.JSONField(default=list)
    link_url = models.CharField(max_length=500, blank=True)  # where people read on
    link_label = models.CharField(max_length=80, blank=True)
    film = models.ForeignKey(Film, models.PROTECT, null=True, related_name="versions")  # for channels that show
    film_alt = models.CharField(max_length=200, blank=True)  # what is seen in it, in words
    text_hash = models.CharField(max_length=64)
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="+")  # the newest review of it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["bulletin", "-number"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "number"], name="version_number_once")]


class Picture(models.Model):
    """A picture of one version, for channels that show. `width` and `height` in pixels."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="pictures")
    number = models.PositiveSmallIntegerField()  # where it stands, from 1
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    alt = models.CharField(max_length=200)  # what is on it, in words
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="picture_number_once")]


class Variant(models.Model):
    """The form of one version for one channel."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="variants")
    channel = models.CharField(max_length=40)
    rendition = models.ForeignKey(Rendition, models.PROTECT, null=True, related_name="variants")
    page = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")  # what is shown; made once, kept
    extra = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "channel"], name="variant_once")]
