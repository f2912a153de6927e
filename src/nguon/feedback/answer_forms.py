"""What an officer writes for the answer of a case, and for everybody."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nguon.feedback.answering import LONGEST
from nguon.feedback.desk_forms import Line, Words
from nguon.feedback.models import Attachment
from nguon.feedback.moderating import LONGEST_TITLE, LONGEST_WORDS


class AnswerForm(forms.Form):
    """The words of the answer."""

    text = Words(
        label=_("Câu trả lời"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Nói rõ đã làm gì, kết quả ra sao, ai chịu trách nhiệm. Không ghi tên, số điện thoại người gửi."),
        error_messages={"required": _("Hãy viết câu trả lời.")},
    )


class AnnounceForm(forms.Form):
    """The bulletin of an answer."""

    title = Line(label=_("Tên bản tin"), max_length=300)
    body = Words(
        label=_("Nội dung công khai"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Mọi người đều nghe, đọc được. Không để tên, số điện thoại, địa chỉ người gửi."),
    )


class PublishForm(forms.Form):
    """What everybody reads of a case."""

    title = Line(label=_("Tiêu đề công khai"), max_length=LONGEST_TITLE)
    words = Words(label=_("Nội dung công khai"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 12}))
    photos = forms.TypedMultipleChoiceField(label=_("Ảnh công khai"), coerce=UUID, required=False)

    def __init__(self, photos: Iterable[Attachment], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offered = self.fields["photos"]
        assert isinstance(offered, forms.TypedMultipleChoiceField)
        offered.choices = [(str(one.pk), str(one.number)) for one in photos if one.file.mime.startswith("image/")]

    def values(self) -> dict[str, Any]:
        """What the action is told."""
        return dict(self.cleaned_data)
