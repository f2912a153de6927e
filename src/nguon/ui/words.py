"""How times, lengths and sizes are said to an officer. Pure but for the language of the reader: `now` is passed in."""

from datetime import date, datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.kit.clock import LOCAL

_KB = 1024


def day(value: date, today: date) -> str:
    """A day as "hôm nay", "hôm qua", "ngày mai" or "20/11/2026"."""
    names = {0: _("hôm nay"), -1: _("hôm qua"), 1: _("ngày mai")}
    return names.get((value - today).days, f"{value:%d/%m/%Y}")


def when(value: date | datetime, now: datetime, *, with_time: bool = True) -> str:
    """A moment in Vietnam: "08:15 hôm nay", "08:15 20/11/2026"; without the hour for a date or `with_time=False`."""
    today = now.astimezone(LOCAL).date()
    if not isinstance(value, datetime):
        return day(value, today)
    local = value.astimezone(LOCAL)
    named = day(local.date(), today)
    return f"{local:%H:%M} {named}" if with_time else named


def full(value: date | datetime) -> str:
    """The whole form for a tooltip: "Thứ Sáu, 20/11/2026, 08:15:30"."""
    local = value.astimezone(LOCAL) if isinstance(value, datetime) else value
    named = f"{_weekday(local.weekday())}, {local:%d/%m/%Y}"
    return f"{named}, {local:%H:%M:%S}" if isinstance(local, datetime) else named


def ago(value: datetime, now: datetime) -> str:
    """How long since, or until, a moment, in the largest whole unit: "5 phút trước", "còn 2 giờ", "vừa xong"."""
    gap = now - value
    if abs(gap) < timedelta(seconds=10):
        return _("vừa xong") if gap >= timedelta(0) else _("ngay bây giờ")
    said = _length(abs(gap))
    return _("%(length)s trước") % {"length": said} if gap > timedelta(0) else _("còn %(length)s") % {"length": said}


def duration(ms: int) -> str:
    """A length of sound, from milliseconds: "45 giây", "1 phút 20 giây", "1 giờ 5 phút". Seconds go above an hour."""
    seconds = max(0, round(ms / 1000))
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        parts = [_hours(hours), _minutes(minutes) if minutes else ""]
    elif minutes:
        parts = [_minutes(minutes), _seconds(left) if left else ""]
    else:
        parts = [_seconds(left)]
    return " ".join(part for part in parts if part)


def size(count: int) -> str:
    """A size from bytes, in the decimals of the reader: "640 byte", "1,4 MB"."""
    value = float(max(0, count))
    for unit in ("byte", "KB", "MB", "GB"):
        if value < _KB or unit == "GB":
            break
        value /= _KB
    digits = 0 if unit == "byte" or value >= 100 else 1
    said = f"{value:.{digits}f}".removesuffix(".0")
    return f"{number_format(said)} {unit}"


def _length(gap: timedelta) -> str:
    seconds = int(gap.total_seconds())
    if seconds < 60:
        return _seconds(seconds)
    if seconds < 3600:
        return _minutes(seconds // 60)
    if seconds < 86400:
        return _hours(seconds // 3600)
    days = seconds // 86400
    return ngettext("%(count)d ngày", "%(count)d ngày", days) % {"count": days}


def _seconds(count: int) -> str:
    return ngettext("%(count)d giây", "%(count)d giây", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d phút", "%(count)d phút", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d giờ", "%(count)d giờ", count) % {"count": count}


def _weekday(index: int) -> str:
    names = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật"))
    return names[index]
