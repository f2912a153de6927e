"""Duty in words for a page: when somebody is on it, a number as it is read."""

from datetime import date

from django.utils.translation import gettext as _

from nguon.alerts.models import Duty
from nguon.delivery.rules import joined


def days() -> tuple[str, ...]:
    """The days of a week, Monday first, as in the middle of a sentence."""
    return (_("thứ hai"), _("thứ ba"), _("thứ tư"), _("thứ năm"), _("thứ sáu"), _("thứ bảy"), _("chủ nhật"))


def when(duty: Duty) -> str:
    """`17:00–07:00, thứ hai đến thứ sáu, đến hết 31/12/2026`."""
    parts = [_hours(duty), _days(duty.days), _dates(duty.valid_from, duty.valid_to)]
    return ", ".join(part for part in parts if part)


def _hours(duty: Duty) -> str:
    if duty.begins is None or duty.ends is None:
        return _("Cả ngày")
    return f"{duty.begins:%H:%M}–{duty.ends:%H:%M}"


def _days(chosen: list[int]) -> str:
    found = sorted(set(chosen))
    if not found or len(found) == 7:
        return _("mọi ngày")
    named = days()
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        return _("%(first)s đến %(last)s") % {"first": named[found[0]], "last": named[found[-1]]}
    return joined([named[day] for day in found], _("và"))


def _dates(first: date | None, last: date | None) -> str:
    parts = [_("từ %s") % f"{first:%d/%m/%Y}" if first else "", _("đến hết %s") % f"{last:%d/%m/%Y}" if last else ""]
    return " ".join(part for part in parts if part)


def number(phone: str) -> str:
    """A telephone number in groups, as people read it aloud: `0905 000 123`, `+84 905 000 123`."""
    head, rest = (phone[:3], phone[3:]) if phone.startswith("+") else (phone[:4], phone[4:])
    if len(phone) < 8:
        return phone
    groups = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    if len(groups) > 1 and len(groups[-1]) < 2:
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join([head, *groups])
