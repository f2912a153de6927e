"""Layouts in words for officers: the names of regions, what is wrong with them, why something does not show."""

from collections.abc import Sequence

from django.utils.translation import gettext

from nguon.channels.board.layouts import LEAST_HEIGHT, LEAST_WIDTH, Box, Fault, Found
from nguon.channels.board.models import RegionKind
from nguon.channels.board.scene import MOST_REGIONS
from nguon.channels.board.scene_rules import Why
from nguon.kit.words import gettext_noop

FAULTS = {
    Fault.NO_MAIN: gettext_noop("Chưa có vùng “Tin chính”. Mỗi bố cục cần đúng một vùng này để hiện lệnh phát."),
    Fault.TWO_MAINS: gettext_noop(
        "Có nhiều hơn một vùng “Tin chính”. Hãy giữ một, đổi các vùng kia thành “Danh sách tin”."
    ),
    Fault.TOO_MANY: gettext_noop("Có quá nhiều vùng. Mỗi bố cục có nhiều nhất %(most)d vùng."),
    Fault.OUTSIDE: gettext_noop(
        "Vùng “%(one)s” ra ngoài màn hình: lề cộng với chiều rộng, hoặc với chiều cao, không được quá 100 %%."
    ),
    Fault.OVERLAP: gettext_noop("Vùng “%(one)s” đè lên vùng “%(two)s”. Hãy dời hoặc thu nhỏ một trong hai."),
    Fault.SMALL: gettext_noop(
        "Vùng “%(one)s” nhỏ quá, đứng xa không đọc được: rộng ít nhất %(width)d %%, cao ít nhất %(height)d %%."
    ),
    Fault.EMPTY: gettext_noop("Vùng “%(one)s” chưa có gì để hiện nên sẽ để trống. Hãy thêm tin hoặc bỏ vùng này."),
}
WHY = {
    Why.SHOWS: gettext_noop("đang hiện"),
    Why.BEFORE: gettext_noop("chưa đến ngày"),
    Why.AFTER: gettext_noop("đã hết hạn"),
    Why.HOURS: gettext_noop("ngoài khung giờ"),
    Why.WEEKDAY: gettext_noop("không phải ngày trong tuần đã chọn"),
    Why.OUTRANKED: gettext_noop("có mục ưu tiên hơn"),
}
WEEKDAYS = (
    gettext_noop("Thứ hai"),
    gettext_noop("Thứ ba"),
    gettext_noop("Thứ tư"),
    gettext_noop("Thứ năm"),
    gettext_noop("Thứ sáu"),
    gettext_noop("Thứ bảy"),
    gettext_noop("Chủ nhật"),
)


def names(kinds: Sequence[str]) -> list[str]:
    """What each region is called: by what it is for, with a number where there are several."""
    found = []
    for index, kind in enumerate(kinds):
        label = str(RegionKind(kind).label)
        found.append(f"{label} {kinds[: index + 1].count(kind)}" if kinds.count(kind) > 1 else label)
    return found


def fault(found: Found, boxes: Sequence[Box]) -> str:
    """What is wrong, and what to do."""
    named = names([str(box.kind) for box in boxes])
    one, two = (*(named[index] for index in found.regions), "", "")[:2]
    facts = {"one": one, "two": two, "most": MOST_REGIONS, "width": LEAST_WIDTH, "height": LEAST_HEIGHT}
    return gettext(FAULTS[found.fault]) % facts


def why(reason: Why) -> str:
    """Why an item shows or not."""
    return gettext(WHY[reason])


def weekdays(days: Sequence[int]) -> str:
    """Some days of the week; empty if it is all of them."""
    return ", ".join(gettext(WEEKDAYS[day]) for day in sorted(days)) if 0 < len(set(days)) < len(WEEKDAYS) else ""


def waits() -> str:
    """Why an item that holds does not stand there at this very moment."""
    return gettext("đợi đến lượt")


def gone() -> str:
    """Why an item has no page, when nothing is known of it any more."""
    return gettext("không còn nội dung này")
