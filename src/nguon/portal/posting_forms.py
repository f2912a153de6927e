"""Reading where and when a bulletin goes up, and which postings are asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from nguon.newsroom.forms import moment
from nguon.portal.models import Site
from nguon.portal.posting_queries import Choice, Standing

NOW, LATER = "now", "later"
STANDINGS = {  # words, kind of badge
    Standing.UP: (_("Đang đăng"), "ok"),
    Standing.WAITING: (_("Chờ đến giờ"), "wait"),
    Standing.HELD: (_("Chờ duyệt lại"), "warn"),
    Standing.OVER: (_("Hết hạn đăng"), "off"),
    Standing.WITHDRAWN: (_("Đã gỡ"), "off"),
}


class PostForm(forms.Form):
    """Where a bulletin goes up: one time for all, and for a site that wants another its own (`at-<id>`)."""

    when = forms.ChoiceField(
        label=_("Đăng khi nào"),
        choices=[(NOW, _("Đăng ngay")), (LATER, _("Hẹn giờ"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    at = moment(_("Giờ đăng"))
    until = moment(_("Gỡ xuống lúc"), _("Để trống thì tin ở trên trang cho tới khi hết hiệu lực."))
    pinned = forms.BooleanField(label=_("Ghim lên đầu trang"), required=False)

    def __init__(self, data: QueryDict | None, *, choices: Sequence[Choice]) -> None:
        super().__init__(data)
        self.choices = [one for one in choices if not one.posted and not one.barred]
        fresh = not any(one.posted for one in choices)  # else the rest was left out on purpose
        for one in self.choices:
            self.fields[_chosen(one)] = forms.BooleanField(label=_name(one), required=False, initial=fresh)
            self.fields[_at(one)] = moment(_("Giờ riêng"))

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each site whether it is chosen, and its own time."""
        return [(self[_chosen(one)], self[_at(one)]) for one in self.choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("when") == LATER and not data.get("at") and "at" not in self.errors:
            own = [data.get(_at(one)) for one in self._wanted(data)]
            if not own or not all(own):
                self.add_error("at", _("Hãy chọn giờ đăng."))
        if self.choices and not self._wanted(data):
            self.add_error(None, _("Chưa chọn trang nào để đăng."))
        return data

    def sites(self) -> dict[Site, datetime | None]:
        """The chosen sites and when each shows it; None for at once."""
        data = self.cleaned_data
        common = data.get("at") if data.get("when") == LATER else None
        return {one.site: data.get(_at(one)) or common for one in self._wanted(data)}

    def _wanted(self, data: dict[str, Any]) -> list[Choice]:
        return [one for one in self.choices if data.get(_chosen(one))]


def _name(one: Choice) -> str:
    return capfirst(str(one.site.place))


def _chosen(one: Choice) -> str:
    return f"site-{one.site.pk.hex}"


def _at(one: Choice) -> str:
    return f"at-{one.site.pk.hex}"


class PostedForm(forms.Form):
    """Which postings of a site are asked for."""

    q = forms.CharField(label=_("Tìm"), required=False)
    standing = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[("", _("Tất cả")), *((one.value, words) for one, (words, _kind) in STANDINGS.items())],
    )

    def asked(self) -> dict[str, str]:
        """The filters, the wrong ones left out."""
        self.is_valid()
        data = self.cleaned_data
        return {"text": data.get("q", "").replace("\x00", ""), "standing": data.get("standing", "")}
