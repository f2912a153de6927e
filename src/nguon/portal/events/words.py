"""When an event is and where it stands, in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from nguon.portal.models import EventWording
from nguon.review.models import State
from nguon.ui.words import full


@dataclass(frozen=True)
class Standing:
    """A badge: its words and kind; why, where there is a reason."""

    badge: str
    kind: str
    why: str = ""


def standing(wording: EventWording, shown: bool) -> Standing:
    """Where the newest wording of an event stands. `shown`: whether everybody sees one of its wordings."""
    state = wording.review.state if wording.review else ""
    if wording.event.withdrawn_at is not None:
        return Standing(_("Đã rút"), "off")
    if wording.event.cancelled_at is not None:
        return Standing(_("Đã hủy"), "off")
    if state == State.SUBMITTED:
        return Standing(_("Bản sửa chờ duyệt") if shown else _("Chờ duyệt"), "wait")
    if state == State.APPROVED:
        return Standing(_("Dân đang thấy"), "ok")
    return Standing(_("Bị trả lại"), "bad", wording.review.reason if wording.review else "")


def when(wording: EventWording) -> str:
    """`Thứ Bảy, 28/11/2026, 07:30 – 11:00`; of several days `từ … đến …, mỗi ngày 07:30 – 11:00`."""
    hours = hours_of(wording)
    if wording.first == wording.last:
        return f"{full(wording.first)}, {hours}"
    days = _("Từ %(first)s đến %(last)s") % {"first": _lowered(wording.first), "last": _lowered(wording.last)}
    daily = _("mỗi ngày")  # by name: the collector of sentences does not look inside an f-string
    return f"{days}, {hours}" if wording.begins is None else f"{days}, {daily} {hours}"


def hours_of(wording: EventWording) -> str:
    """`cả ngày`, `từ 07:30`, `07:30 – 11:00`."""
    if wording.begins is None:
        return _("cả ngày")
    if wording.ends is None:
        return _("từ %(hour)s") % {"hour": f"{wording.begins:%H:%M}"}
    return f"{wording.begins:%H:%M} – {wording.ends:%H:%M}"


def _lowered(day: date) -> str:
    said = full(day)
    return said[:1].lower() + said[1:]
