"""What an officer reads of programmes: why something sounds or not, what is wrong, when it comes back."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from nguon.programme.items import MOST_ITEMS, Fault, Kind
from nguon.programme.recurrence import DAYS, Every, Repeat, parts_of
from nguon.programme.rules import joined
from nguon.programme.slots import Why

KINDS: dict[Kind, str | Promise] = {
    Kind.MUSIC: gettext_lazy("Nhạc"),
    Kind.BULLETIN: gettext_lazy("Bản tin đã chọn"),
    Kind.NEWEST: gettext_lazy("Tin mới nhất"),
    Kind.RELAY: gettext_lazy("Tiếp âm"),
    Kind.PAUSE: gettext_lazy("Khoảng nghỉ"),
}
ICONS = {
    Kind.MUSIC: "music",
    Kind.BULLETIN: "text",
    Kind.NEWEST: "repeat",
    Kind.RELAY: "signal",
    Kind.PAUSE: "pause",
}
FAULTS: dict[Fault, str | Promise] = {
    Fault.NO_CHOICE: gettext_lazy("Chưa chọn gì để phát. Hãy chọn trong danh sách, hoặc bỏ mục này."),
    Fault.NO_STREAM: gettext_lazy("Chưa có địa chỉ tiếp âm. Hãy ghi ít nhất một địa chỉ."),
    Fault.BAD_STREAM: gettext_lazy("Địa chỉ tiếp âm phải bắt đầu bằng http:// hoặc https://, mỗi dòng một địa chỉ."),
    Fault.MANY_STREAMS: gettext_lazy("Nhiều nhất 5 địa chỉ tiếp âm. Hãy bỏ bớt."),
    Fault.NO_LENGTH: gettext_lazy("Thời lượng phải từ 1 trở lên."),
    Fault.LONG: gettext_lazy("Quá dài: tiếp âm nhiều nhất 4 giờ, khoảng nghỉ nhiều nhất 10 phút."),
    Fault.MANY: gettext_lazy("Quá nhiều mục. Hãy chia thành hai chương trình."),
    Fault.EMPTY: gettext_lazy("Chương trình chưa có mục nào. Hãy thêm ít nhất một mục."),
}
WHY: dict[Why, str | Promise] = {
    Why.RULE: gettext_lazy("Theo lịch"),
    Why.ADDED: gettext_lazy("Thêm riêng cho ngày này"),
    Why.EXCEPTED: gettext_lazy("Đã bỏ riêng ngày này"),
    Why.SUSPENDED: gettext_lazy("Khung giờ đang tạm nghỉ"),
    Why.HOLIDAY: gettext_lazy("Nghỉ lễ"),
    Why.NO_HOLIDAY: gettext_lazy("Khung giờ này chỉ phát ngày lễ"),
    Why.LUNAR: gettext_lazy("Không đúng ngày âm lịch đã chọn"),
    Why.NOT_VALID: gettext_lazy("Ngoài thời hạn của khung giờ"),
    Why.QUIET: gettext_lazy("Rơi vào giờ yên tĩnh"),
    Why.LONG: gettext_lazy("Dài hơn mức cho phép của một buổi"),
    Why.MANY: gettext_lazy("Đã đủ số buổi cho phép trong ngày"),
    Why.HIGHER: gettext_lazy("Nhường cho tin quan trọng hơn"),
    Why.BUSY: gettext_lazy("Trùng giờ với chương trình khác"),
    Why.CUT: gettext_lazy("Bị ngắt trước khi hết"),
    Why.RESUMED: gettext_lazy("Tạm ngừng rồi phát tiếp"),
    Why.WAITED: gettext_lazy("Bắt đầu muộn vì chờ chương trình khác"),
}
UNFIT: dict[tuple[str, str], str | Promise] = {
    ("length", "short"): gettext_lazy("Chương trình chưa có gì để phát (dài 0 giây). Hãy thêm mục vào chương trình."),
    ("length", "long"): gettext_lazy("Chương trình dài hơn 12 giờ. Hãy rút ngắn hoặc chia thành nhiều khung giờ."),
    ("valid_to", "before"): gettext_lazy("Ngày kết thúc phải sau ngày bắt đầu."),
    ("lunar_days", "unknown"): gettext_lazy("Ngày âm lịch phải từ 1 đến 30, cách nhau bằng dấu phẩy."),
    ("rule", "unknown"): gettext_lazy("Cách lặp lại này không dùng được. Hãy chọn một cách trong danh sách."),
    ("rule", "never"): gettext_lazy(
        "Với các ngày đã chọn thì khung giờ này không bao giờ phát. Kiểm tra ngày, thời hạn và các ngày bỏ."
    ),
    ("first_day", "past"): gettext_lazy("Giờ này đã qua. Hãy chọn ngày hoặc giờ khác."),
    ("first_day", "days"): gettext_lazy(
        "Khung giờ này không theo ngày trong tuần nên chỉ dời được giờ. Muốn dời sang ngày khác, chọn “Chỉ hôm nay”."
    ),
}


def fault(found: Fault) -> str:
    """What is wrong with an item, and what to do."""
    return str(FAULTS[found])


def why(found: Why, by: str = "") -> str:
    """A reason; `by` is what stood in the way: a decision or another programme."""
    said = str(WHY[found])
    if not by:
        return said
    if found in (Why.QUIET, Why.LONG, Why.MANY):
        return _("%(why)s (%(basis)s)") % {"why": said, "basis": by}
    return f"{said}: {by}"


def whys(found: Iterable[Why], by: str = "") -> str:
    """All reasons of a sounding in one line. That it is in the timetable is not said where there is more to say."""
    reasons = [each for each in dict.fromkeys(found) if each is not Why.RULE]
    if not reasons:
        return str(WHY[Why.RULE])
    return "; ".join([*(str(WHY[each]) for each in reasons[:-1]), why(reasons[-1], by)])


def unfit(field: str, reason: str) -> str:
    """Why a slot cannot be kept, and what to do."""
    said = UNFIT.get((field, reason))
    return str(said) if said else _("Khung giờ này không dùng được.")


def most_items() -> str:
    """How many items a programme may have."""
    return _("Nhiều nhất %(most)d mục.") % {"most": MOST_ITEMS}


WEEKDAYS = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


def weekday(day: date) -> str:
    """The name of a day of the week, at the head of a line."""
    return _capital(str(WEEKDAYS[day.weekday()]))


def repeat(chosen: Repeat, first: date | None = None) -> str:
    """When it comes back: "Hằng ngày", "Thứ Hai, thứ Tư và thứ Sáu hằng tuần", "Một lần, 20/11/2026"."""
    if chosen.every is Every.ONCE:
        return _("Một lần, %(day)s") % {"day": f"{first:%d/%m/%Y}"} if first else _("Một lần")
    if chosen.every is Every.DAILY:
        return _("Hằng ngày")
    if chosen.every is Every.WORKING:
        return _("Thứ Hai đến thứ Sáu")
    if chosen.every is Every.WEEKLY:
        return _capital(_("%(days)s hằng tuần") % {"days": _and(str(WEEKDAYS[day]) for day in chosen.weekdays)})
    if chosen.every is Every.MONTHLY:
        return _("Ngày %(days)s hằng tháng") % {"days": _and(map(str, chosen.month_days))}
    if chosen.every is Every.LUNAR:
        return _("Ngày %(days)s âm lịch") % {"days": _and(map(str, chosen.lunar_days))}
    return _capital(_other(chosen))


def _other(chosen: Repeat) -> str:
    """A rule that cannot be chosen here, as well as it can be said."""
    parts = parts_of(chosen.rule)
    said = [_often(parts.get("FREQ", ""), parts.get("INTERVAL", "1"))]
    if "BYDAY" in parts:
        said.append(_("vào %(days)s") % {"days": _and(map(_by_day, parts["BYDAY"].split(",")))})
    if "BYMONTHDAY" in parts:
        said.append(_("ngày %(days)s") % {"days": _and(map(_by_number, parts["BYMONTHDAY"].split(",")))})
    if "BYMONTH" in parts:
        said.append(_("tháng %(months)s") % {"months": _and(parts["BYMONTH"].split(","))})
    if "BYSETPOS" in parts:
        said.append(
            _("lần thứ %(numbers)s trong kỳ") % {"numbers": _and(map(_by_number, parts["BYSETPOS"].split(",")))}
        )
    if chosen.lunar_days:
        said.append(_("ngày %(days)s âm lịch") % {"days": _and(map(str, chosen.lunar_days))})
    if "COUNT" in parts:
        said.append(_("tất cả %(count)s lần") % {"count": parts["COUNT"]})
    if len(parts.get("UNTIL", "")) >= 8:
        until = parts["UNTIL"]
        said.append(_("đến %(day)s") % {"day": f"{until[6:8]}/{until[4:6]}/{until[:4]}"})
    return ", ".join(filter(None, said))


def _often(freq: str, interval: str) -> str:
    units = {
        "DAILY": (_("hằng ngày"), _("cứ %(count)s ngày một lần")),
        "WEEKLY": (_("hằng tuần"), _("cứ %(count)s tuần một lần")),
        "MONTHLY": (_("hằng tháng"), _("cứ %(count)s tháng một lần")),
        "YEARLY": (_("hằng năm"), _("cứ %(count)s năm một lần")),
    }
    each, several = units.get(freq, (_("theo quy tắc riêng"), _("theo quy tắc riêng")))
    return each if interval == "1" else several % {"count": interval}


def _by_day(written: str) -> str:
    """`MO`, `2MO`, `-1FR`."""
    name, number = written[-2:], written[:-2].removeprefix("+")
    named = str(WEEKDAYS[DAYS.index(name)]) if name in DAYS else written
    if not number:
        return named
    if number == "-1":
        return _("%(day)s cuối cùng") % {"day": named}
    return _("%(day)s lần thứ %(number)s") % {"day": named, "number": number.removeprefix("-")}


def _by_number(written: str) -> str:
    return pgettext("day of a month", "cuối cùng") if written == "-1" else written


def _and(parts: Iterable[str]) -> str:
    return joined(parts, _("và"), shown=99)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
