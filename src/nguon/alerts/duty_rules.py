"""Who is on duty at a moment, who answers for a silent place. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from nguon.kit.words import gettext_noop
from nguon.ports.notice import Failure

SILENT_AFTER = timedelta(seconds=60)  # from an alert's going out to the question who has not answered

WORDS: dict[str, str] = {
    Failure.KEY: gettext_noop("Máy chủ gửi không nhận tài khoản hoặc khóa. Báo người quản trị."),
    Failure.ADDRESS: gettext_noop("Địa chỉ hoặc số điện thoại không đúng. Hãy gọi trực tiếp và sửa lại danh sách."),
    Failure.REFUSED: gettext_noop("Máy chủ gửi từ chối tin này. Hãy gọi trực tiếp."),
    Failure.BUSY: gettext_noop("Máy chủ gửi đang bận."),
    Failure.AWAY: gettext_noop("Không kết nối được máy chủ gửi."),
    Failure.LATE: gettext_noop("Máy chủ gửi không trả lời."),
    Failure.TRUST: gettext_noop("Kết nối tới máy chủ gửi không an toàn nên không gửi. Báo người quản trị."),
    "none": gettext_noop("Máy chủ này chưa có cách gửi tới người này. Hãy gọi trực tiếp."),
}


@dataclass(frozen=True)
class Shift:
    """When somebody is on duty: from a day to a day, on some days of the week, at some hours. Local time.

    `days`: 0 is Monday; none is every day. `begins` and `ends` both or neither; if the end is not after the beginning
    it is of the next day, and the hours after midnight belong to the day on which they began.
    """

    first: date | None = None
    last: date | None = None
    days: tuple[int, ...] = ()
    begins: time | None = None
    ends: time | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether it is a time of duty at a local moment. The end is not in it."""
        clock = moment.time()
        if self.begins is None or self.ends is None:
            return self._day(moment.date())
        if self.begins < self.ends:
            return self.begins <= clock < self.ends and self._day(moment.date())
        if clock >= self.begins:
            return self._day(moment.date())
        return clock < self.ends and self._day(moment.date() - timedelta(days=1))

    def _day(self, day: date) -> bool:
        after = self.first is None or self.first <= day
        before = self.last is None or day <= self.last
        return after and before and (not self.days or day.weekday() in self.days)


def answering(place: UUID, chain: Iterable[UUID], on_duty: Collection[UUID]) -> UUID | None:
    """The place whose people are called for a silent one: itself, else the nearest above that has some on duty now.

    `chain`: from the root down to the place itself.
    """
    return next((each for each in reversed([*chain, place]) if each in on_duty), None)


def grouped(silent: Mapping[UUID, UUID], asked: Callable[[UUID], UUID | None]) -> dict[UUID | None, list[UUID]]:
    """The silent clusters (each with its place) by the place whose people are called; None: nobody is on duty."""
    found: dict[UUID | None, list[UUID]] = {}
    answers: dict[UUID, UUID | None] = {}
    for device, place in silent.items():
        if place not in answers:
            answers[place] = asked(place)
        found.setdefault(answers[place], []).append(device)
    return found


def words(failure: str) -> str:
    """What went wrong with a telling, in an officer's words, still to be translated. Empty for nothing."""
    return WORDS.get(failure, "")
