"""What a requisition may be, and its hours as spans. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from nguon.kit.clock import LOCAL
from nguon.kit.words import gettext_noop

MOST_DAYS = 366
MOST_SPANS = 400  # what a device is told in one message has room for these
DAY = timedelta(days=1)
Hours = tuple[time, time]  # equal: the whole day; the second smaller: past midnight
Span = tuple[datetime, datetime]


class Wrong(ValueError):
    """What cannot be, by the name of the field and in words for the officer."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Area:
    """A part of a screen, in percent from its upper left corner."""

    left: int = 0
    top: int = 0
    width: int = 100
    height: int = 100

    @property
    def whole(self) -> bool:
        """Whether it is all of the screen."""
        return self == Area()


WHOLE = Area()


def spans(first: date, last: date, hours: Sequence[Hours]) -> tuple[Span, ...]:
    """The hours of all days from `first` to `last`, in order, those that touch joined."""
    found: list[Span] = []
    for day in range((last - first).days + 1):
        for begins, ends in sorted(hours):
            start = datetime.combine(first + day * DAY, begins, LOCAL)
            end = datetime.combine(first + day * DAY, ends, LOCAL)
            end += DAY if end <= start else timedelta()
            if found and start <= found[-1][1]:
                found[-1] = found[-1][0], max(found[-1][1], end)
            else:
                found.append((start, end))
    return tuple(found)


def check(first: date, last: date, hours: Sequence[Hours], area: Area) -> None:
    """Nothing if it can be. Raises Wrong."""
    if last < first:
        raise Wrong("last_day", gettext_noop("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
    if (last - first).days >= MOST_DAYS:
        raise Wrong("last_day", gettext_noop("Nhiều nhất một năm. Hết hạn thì lập đợt mới theo văn bản mới."))
    if not hours:
        raise Wrong("begins", gettext_noop("Hãy ghi giờ được dùng trong ngày."))
    if len(spans(first, last, hours)) > MOST_SPANS:
        raise Wrong("last_day", gettext_noop("Quá nhiều khung giờ. Hãy chia thành các đợt ngắn hơn."))
    if area.left + area.width > 100:
        raise Wrong("width", gettext_noop("Phần màn hình vượt quá mép phải: lề trái cộng chiều rộng nhiều nhất 100."))
    if area.top + area.height > 100:
        raise Wrong("height", gettext_noop("Phần màn hình vượt quá mép dưới: lề trên cộng chiều cao nhiều nhất 100."))
