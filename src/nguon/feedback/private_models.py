"""Personal data of reporters, in tables of their own: read only with the right CONTACTS, and each reading is noted.

After Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 as far as its text is known to us: consent is given, not assumed; its
purpose and wording are kept; what is asked about one's data has its own deadlines.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nguon.kit import ids
from nguon.places.models import Place


class Wording(models.Model):
    """What one agrees to, in the words that were shown: purpose, kinds of data, who keeps them, rights."""

    number = models.PositiveSmallIntegerField(unique=True)
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        ordering = ["-number"]


class Reporter(models.Model):
    """Who told a case, as far as they said. `gone_at`: made nameless."""

    case = models.OneToOneField("feedback.Case", models.CASCADE, primary_key=True, related_name="reporter")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300, blank=True)
    share = models.BooleanField(default=False)  # the name may stand in the public register
    gone_at = models.DateTimeField(null=True)


class Consent(models.Model):
    """A yes to a wording, for a purpose; or that it was taken back."""

    case = models.ForeignKey("feedback.Case", models.CASCADE, related_name="consents")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)  # contact, publish
    given_at = models.DateTimeField()
    by_officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "purpose"], condition=Q(withdrawn_at=None), name="consent_of_case_once"
            )
        ]


class Wish(models.TextChoices):
    """What somebody may ask of their data."""

    SEE = "see", _("Xem và nhận bản sao dữ liệu")
    CORRECT = "correct", _("Sửa dữ liệu")
    WITHDRAW = "withdraw", _("Rút lại sự đồng ý")
    ERASE = "erase", _("Xóa dữ liệu")


class PrivacyRequest(models.Model):
    """What somebody asked of their data, and what became of it. `reply_by` and `done_by` are its deadlines."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    case = models.ForeignKey("feedback.Case", models.SET_NULL, null=True, related_name="privacy_requests")
    code = models.CharField(max_length=20)  # of the case, which may be gone
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    wish = models.CharField(max_length=20, choices=Wish.choices)
    words = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    done_by = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_how = models.CharField(max_length=400, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    photos = models.BooleanField(default=True)  # to be erased: with the photos
    reply = models.TextField(blank=True)  # what the officer answered
    extended_at = models.DateTimeField(null=True)  # once
    extended_why = models.CharField(max_length=400, blank=True)  # told to whoever asked

    class Meta:
        ordering = ["done_by"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "wish"], condition=Q(done_at=None), name="privacy_request_open_once"
            )
        ]


class Gone(models.Model):
    """What is left of a case that was deleted: that there was one, and how it ended."""

    code = models.CharField(max_length=20, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    field = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    deleted_at = models.DateTimeField()
    why = models.CharField(max_length=40)  # clock, erase


class Lot(models.TextChoices):
    """Cases that are kept equally long."""

    ENDED = "ended", _("Đã kết thúc, đã chuyển hoặc đã hướng dẫn")
    SET_ASIDE = "set-aside", _("Trùng, không tiếp nhận hoặc bị giữ vì nghi quấy phá")


class Retention(models.Model):
    """How long cases are kept after their end: with whom they are of, then at all. What holds that day counts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    lot = models.CharField(max_length=20, choices=Lot.choices)
    nameless_months = models.PositiveSmallIntegerField()  # then nobody can be known from it
    deleted_months = models.PositiveSmallIntegerField()  # then only `Gone` is left
    basis = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)  # read in the text itself
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["lot", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_months__gte=models.F("nameless_months"), nameless_months__gt=0),
                name="retention_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=models.F("valid_from")),
                name="retention_dates",
            ),
        ]
