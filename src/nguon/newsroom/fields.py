"""Fields that forms of the newsroom share."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nguon.newsroom import films
from nguon.newsroom.films import Reel
from nguon.newsroom.models import Version
from nguon.newsroom.shown import seen

LINK = ("link_url", "link_label")


class Pasted(forms.CharField):
    """Text as typed or pasted: nothing is refused here, not even controls; the action cleans and judges it."""

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\x00", "")


class FilmFields(forms.Form):
    """The film of a bulletin, as `reel` has it from the page."""

    reel: Reel
    film = forms.Field(label=_("Phim trên bảng tin"), required=False, widget=forms.HiddenInput)

    def clean_film(self) -> tuple[str, str] | None:
        return films.chosen(self.reel)

    @property
    def film_minutes(self) -> int:
        """The longest film that is taken."""
        return int(settings.NGUON_VIDEO_MINUTES)

    @property
    def film_mb(self) -> int:
        """The largest."""
        return int(settings.NGUON_VIDEO_MB)


class ShownFields(forms.Form):
    """What is written for channels that show beside those that are heard: where people can read on."""

    link_url = Pasted(
        label=_("Đường dẫn xem thêm"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "spellcheck": "false"}),
    )
    link_label = Pasted(
        label=_("Lời mời xem thêm"),
        required=False,
        help_text=_("Ví dụ: Xem danh sách đầy đủ. Để trống thì ghi tên trang."),
    )

    @property
    def shows(self) -> bool:
        """Whether there is a channel that shows what is written."""
        return bool(seen())

    def link(self, edited: Version | None) -> tuple[str, str]:
        """Address and label; those of the version `edited` where the page does not ask, as nothing shows them."""
        if self.shows or edited is None:
            return self.cleaned_data["link_url"], self.cleaned_data["link_label"]
        return edited.link_url, edited.link_label

    def tell_what_shows(self) -> None:
        """Say in the fields of title and body that they are seen as well, and on what."""
        labels = ", ".join(gettext(plug.label).lower() for plug in seen().values())
        if not labels:
            return
        title, body = self.fields["title"], self.fields["body"]
        said = {"shown": labels, "Shown": capfirst(labels)}
        title.help_text = gettext("%(Shown)s hiện dòng này to nhất, loa không đọc. Nên ngắn và nói được việc.") % said
        body.label = gettext("Nội dung đọc lên loa và hiện trên %(shown)s") % said
