"""What people fill in. Every refusal says what to do next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.feedback.models import Field
from nguon.feedback.sizes import MOST_PHOTOS, MOST_PHOTOS_MB
from nguon.feedback.suggesting import LegalPath, legal_path
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.media import pictures
from nguon.places.models import Place

SHORTEST = 10  # letters of a report
LONGEST = 5000
LONG_AGO = timedelta(days=366)


class Photos(forms.FileField):
    """So many files of one field at most, as a list."""

    widget = type("PhotosInput", (forms.FileInput,), {"allow_multiple_selected": True})

    def __init__(self, *, most: int = MOST_PHOTOS, **more: Any) -> None:
        super().__init__(**more)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, each looked at. Raises ValidationError."""
        found = [super(Photos, self).clean(one, initial) for one in data or [] if one]
        if len(found) > self.most:
            raise forms.ValidationError(_("Chọn nhiều nhất %d ảnh.") % self.most)
        if any((one.size or 0) > pictures.MOST_MB * 1024 * 1024 for one in found):
            raise forms.ValidationError(_("Có ảnh nặng hơn %d MB. Hãy chọn ảnh nhỏ hơn.") % pictures.MOST_MB)
        return found


def photos_field() -> Photos:
    """The field for photos with its hint."""
    return Photos(
        label=_("Ảnh (nếu có)"),
        required=False,
        help_text=_(
            "Nhiều nhất %(count)d ảnh JPEG, PNG hoặc WebP, tổng cộng không quá %(size)d MB. Hệ thống tự xóa vị trí và "
            "thông tin máy chụp trong ảnh. Nên tránh chụp rõ mặt người, biển số xe."
        )
        % {"count": MOST_PHOTOS, "size": MOST_PHOTOS_MB},
        widget=Photos.widget(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
    )


class WhatForm(forms.Form):
    """The first step: what it is and where."""

    words = forms.CharField(
        label=gettext_lazy("Nội dung phản ánh, kiến nghị"),
        max_length=LONGEST,
        min_length=SHORTEST,
        help_text=gettext_lazy("Việc gì, từ khi nào, ảnh hưởng ra sao. Viết như nói chuyện, không cần theo mẫu."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Viết vài câu về việc cần phản ánh."),
            "min_length": gettext_lazy("Viết thêm vài chữ để cán bộ hiểu việc gì."),
        },
    )
    field = forms.ChoiceField(
        label=gettext_lazy("Về việc gì"),
        required=False,
        help_text=gettext_lazy("Chưa rõ thì để trống, cán bộ sẽ xếp giúp."),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Ở thôn, khu phố nào"),
        error_messages={"required": gettext_lazy("Chọn thôn, khu phố nơi xảy ra việc.")},
    )
    where = forms.CharField(
        label=gettext_lazy("Chỗ cụ thể (nếu biết)"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Ví dụ: trước trường tiểu học, đầu ngõ 12."),
    )
    happened_at = forms.DateTimeField(
        label=gettext_lazy("Xảy ra lúc nào (nếu nhớ)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        error_messages={"invalid": gettext_lazy("Ghi ngày giờ như 24/11/2026 17:05, hoặc để trống.")},
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    pole = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    heard = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)
    no_petition = forms.BooleanField(
        label=gettext_lazy("Đây không phải đơn khiếu nại, tố cáo. Tôi gửi như một phản ánh."), required=False
    )

    def __init__(self, locality: Place, hamlets: Iterable[Place], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        inside = list(hamlets)
        fields = [("", _("Chưa rõ"))] + [(one.key, one.name) for one in fields_of(locality)]
        self.fields["field"].choices = fields  # type: ignore[attr-defined]
        chosen = [("", _("Chọn…"))] if inside else []
        chosen += [(one.pk.hex, str(one)) for one in inside]
        whole = _("Nơi khác trong %s") % locality if inside else str(locality)
        self.fields["place"].choices = [*chosen, (locality.pk.hex, whole)]  # type: ignore[attr-defined]
        self.petition: LegalPath | None = None

    def clean_words(self) -> str:
        """NFC, without controls."""
        words = clean(self.cleaned_data["words"])
        if len(words) < SHORTEST:
            raise forms.ValidationError(_("Viết thêm vài chữ để cán bộ hiểu việc gì."))
        return words

    def clean_happened_at(self) -> datetime | None:
        """Nothing is reported that is still to come."""
        at: datetime | None = self.cleaned_data["happened_at"]
        now = clock.now()
        if at and at > now + timedelta(minutes=5):
            raise forms.ValidationError(_("Thời điểm này chưa tới. Kiểm tra lại ngày giờ."))
        if at and at < now - LONG_AGO:
            raise forms.ValidationError(_("Thời điểm này đã hơn một năm. Ghi thời gian vào phần nội dung."))
        return at

    def clean(self) -> dict[str, Any]:
        """Whoever may mean a complaint or a denunciation is told its own path first."""
        found = super().clean() or {}
        if not found.get("no_petition"):
            self.petition = legal_path(found.get("words", ""))
        if self.petition:
            self.add_error("no_petition", _("Đọc phần dưới đây, rồi đánh dấu nếu đây vẫn là một phản ánh."))
        if found.get("latitude") is None or found.get("longitude") is None:
            found["latitude"] = found["longitude"] = None
        return found

    def carried(self) -> list[tuple[str, str]]:
        """(name, value) of all that was typed, to go with the second step. The field only if it was chosen."""
        return [(name, self.data.get(name, "")) for name in self.fields]


def fields_of(locality: Place) -> list[Field]:
    """What can be told about in a locality."""
    from nguon.places.queries import above  # beside: only this list looks upwards

    up = [place.pk for place in above(locality.pk, clock.today())]
    found = Field.objects.filter(active=True)
    return [one for one in found if one.place_id is None or one.place_id in up]


class WhoForm(forms.Form):
    """The second step: photos, who it is, and what they agree to. Nothing is ticked before."""

    name = forms.CharField(label=gettext_lazy("Họ và tên (không bắt buộc)"), max_length=120, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Số điện thoại (không bắt buộc)"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Bốn số cuối dùng để tra cứu kết quả."),
        validators=[
            RegexValidator(r"^\+?[\d .\-()]{8,20}$", gettext_lazy("Ghi số điện thoại như 0905 123 456, hoặc để trống."))
        ],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    contact = forms.BooleanField(
        label=gettext_lazy("Tôi đồng ý để cơ quan giữ tên, số điện thoại và liên hệ lại về việc này."),
        required=False,
    )
    publish = forms.BooleanField(
        label=gettext_lazy(
            "Tôi đồng ý cho đăng lời kể và ảnh của tôi lên sổ công khai, sau khi cán bộ kiểm tra. "
            "Không đồng ý thì chỉ có thể đăng bản tóm tắt không cho biết tôi là ai."
        ),
        required=False,
    )
    share = forms.BooleanField(label=gettext_lazy("Ghi cả tên tôi trong sổ công khai."), required=False)
    website = forms.CharField(required=False)  # for machines: people do not see it
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    nonce = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, chosen: Field | None, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["photos"] = photos_field()
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.asked = [(f"q-{one['key']}", one) for one in (chosen.questions if chosen else [])]
        for name, one in self.asked:
            self.fields[name] = _question(one)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The further questions of the field that was chosen."""
        return [self[name] for name, _one in self.asked]

    def answers(self) -> dict[str, str]:
        """What was answered to them, by their keys."""
        given = {one["key"]: self.cleaned_data.get(name, "") for name, one in self.asked}
        return {key: value for key, value in given.items() if value}

    def clean(self) -> dict[str, Any]:
        """Who leaves a name or number agrees that it is kept; who agrees to nothing leaves none."""
        found = super().clean() or {}
        found["name"] = clean(found.get("name") or "")
        if (found["name"] or found.get("phone")) and not found.get("contact"):
            self.add_error("contact", _("Đánh dấu ô này, hoặc xóa tên và số điện thoại để gửi không nêu tên."))
        if found.get("share") and not (found["name"] and found.get("publish")):
            self.add_error("share", _("Muốn ghi tên trong sổ công khai thì cần có tên và đồng ý cho đăng."))
        return found

    def consents(self) -> frozenset[str]:
        """The purposes agreed to."""
        return frozenset(purpose for purpose in ("contact", "publish") if self.cleaned_data.get(purpose))


def _question(one: dict[str, Any]) -> forms.Field:
    needed = bool(one.get("needed"))
    if one.get("kind") == "choice":
        choices = [("", _("Chọn…"))] + [(each, each) for each in one.get("choices", [])]
        return forms.ChoiceField(label=one["label"], choices=choices, required=needed)
    return forms.CharField(label=one["label"], max_length=300, required=needed)


class FollowForm(forms.Form):
    """Code and four digits."""

    code = forms.CharField(
        label=gettext_lazy("Mã phản ánh"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    tail = forms.CharField(
        label=gettext_lazy("Bốn số đi cùng mã"),
        max_length=10,
        help_text=gettext_lazy("Bốn số cuối của điện thoại đã để lại, hoặc bốn số hệ thống đã cho khi gửi."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class SupplementForm(forms.Form):
    """What the reporter adds when asked."""

    words = forms.CharField(
        label=gettext_lazy("Nội dung bổ sung"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Viết điều cán bộ đang hỏi.")},
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["photos"] = photos_field()


def scores() -> tuple[str, ...]:
    """How content one may be, in words, from 1 to 5."""
    return _("Rất không hài lòng"), _("Không hài lòng"), _("Bình thường"), _("Hài lòng"), _("Rất hài lòng")


class ContentForm(forms.Form):
    """How content somebody is with the answer."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("Bạn thấy cách giải quyết thế nào?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một mức.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Vì sao (cần viết khi đề nghị xem lại)"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reopen = forms.BooleanField(label=gettext_lazy("Chưa thỏa đáng, đề nghị xem lại"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["score"].choices = list(enumerate(scores(), 1))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Who wants it looked at again says why."""
        found = super().clean() or {}
        found["why"] = clean(found.get("why") or "")
        if found.get("reopen") and not found["why"]:
            self.add_error("why", _("Viết điều chưa thỏa đáng, để cơ quan biết cần xem lại gì."))
        return found
