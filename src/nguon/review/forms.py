"""Reading a decision."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READY: list[Promise | str] = [
    _("Sai thời gian hoặc địa điểm"),
    _("Đọc sai tên riêng, số hoặc chữ viết tắt"),
    _("Dài quá, cần rút gọn"),
    _("Chưa rõ ai phải làm gì"),
    _("Chưa có văn bản làm căn cứ"),
]


class ApproveForm(forms.Form):
    """What the approver's page showed and played, by its hashes."""

    text_hash = forms.CharField(required=False)
    media_hash = forms.CharField(required=False)

    def seen(self) -> dict[str, str]:
        """The two hashes; what is missing matches nothing."""
        return {name: self.cleaned_data.get(name, "") for name in ("text_hash", "media_hash")}


class ReturnForm(forms.Form):
    """Ready reasons, tapped, and words of one's own."""

    ready = forms.MultipleChoiceField(
        required=False, choices=[(str(number), words) for number, words in enumerate(READY)]
    )
    words = forms.CharField(required=False)

    def reason(self) -> str:
        """One text of all reasons; empty if none was given."""
        tapped = [str(READY[int(number)]) for number in self.cleaned_data.get("ready", [])]
        return ". ".join(part.rstrip(". ") for part in [*tapped, self.cleaned_data.get("words", "")] if part)
