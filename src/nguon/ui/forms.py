"""The form of the living style page."""

from django import forms

_FIELDS = [("local", "Thông tin, chỉ đạo của địa phương"), ("security", "An ninh, trật tự")]
_CHANNELS = [("loa", "Cụm loa"), ("bang", "Bảng tin điện tử"), ("web", "Trang thông tin của xã")]


class KitForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(label="Tiêu đề", max_length=120, help_text="Một câu ngắn, người nghe hiểu ngay.")
    body = forms.CharField(label="Nội dung", widget=forms.Textarea)
    category = forms.ChoiceField(label="Lĩnh vực", choices=_FIELDS)
    starts = forms.DateTimeField(
        label="Bắt đầu có hiệu lực", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    channels = forms.MultipleChoiceField(label="Phát trên", choices=_CHANNELS, widget=forms.CheckboxSelectMultiple)
    sound = forms.FileField(
        label="Tệp âm thanh",
        required=False,
        help_text="MP3, WAV hoặc M4A, dài nhất 60 phút.",
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    repeat = forms.BooleanField(label="Phát lại vào 17:00 cùng ngày", required=False)
