"""Pure rules of delivery: targets, the course of one delivery, when to send again, and words for what went wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from nguon.kit.words import gettext_noop

FINAL = frozenset({"finished", "failed", "stopped", "expired", "refused"})
BY_CLOCK = frozenset({"clock", "late", "future"})  # refused for its time: the device asks the hour, it is sent again
SOUNDING = frozenset({"started"})
FIRST_REPEAT = timedelta(seconds=10)
LONGEST_REPEAT = timedelta(minutes=5)

UNHEARD = "unheard"  # planned, and nothing was heard of it

WORDS = {
    "fetch": gettext_noop("Không tải được tệp. Kiểm tra mạng hoặc dung lượng SIM của thiết bị."),
    "hash": gettext_noop("Tệp tải về không đúng bản đã duyệt nên thiết bị không phát."),
    "disk": gettext_noop("Thẻ nhớ của thiết bị đã đầy hoặc hỏng."),
    "player": gettext_noop("Bộ phát của thiết bị bị lỗi."),
    "late": gettext_noop("Bản tin đến thiết bị khi đã quá hạn phát."),
    "clock": gettext_noop("Đồng hồ của thiết bị sai giờ."),
    "right": gettext_noop("Ngoài giờ được dùng bảng này theo văn bản huy động, trưng dụng."),
    "not-for-me": gettext_noop("Thiết bị cho rằng lệnh này không dành cho mình. Kiểm tra địa bàn của thiết bị."),
    "unsigned": gettext_noop("Lệnh không có chữ ký hợp lệ nên thiết bị từ chối."),
    "malformed": gettext_noop("Thiết bị nhận được lệnh bị hỏng."),
    "unknown": gettext_noop("Thiết bị không hiểu lệnh. Có thể phần mềm của thiết bị đã cũ."),
    "stopped": gettext_noop("Đã dừng theo lệnh."),
    "offline": gettext_noop("Thiết bị mất kết nối từ lúc gửi đến khi hết hạn."),
    "silent": gettext_noop("Thiết bị đang kết nối nhưng không trả lời."),
    "busy": gettext_noop("Đến giờ thì thiết bị đang phát tin khác, hết giờ chờ nên bỏ qua."),
    "quiet": gettext_noop("Trúng giờ nghỉ nên thiết bị không phát."),
    "off": gettext_noop("Thiết bị mất điện vào giờ phát."),
    "relay": gettext_noop("Không địa chỉ tiếp âm nào có tiếng."),
    UNHEARD: gettext_noop("Thiết bị chưa báo về. Có thể vẫn phát theo lịch, có mạng lại sẽ báo."),
    "unfinished": gettext_noop("Thiết bị đã nhận nhưng không báo phát xong trước khi hết hạn."),
}

UNKNOWN = gettext_noop("Không rõ nguyên nhân.")


@dataclass(frozen=True)
class Targets:
    """Whom a broadcast is for: places with all below them, groups, and single devices."""

    places: tuple[UUID, ...] = ()
    groups: tuple[UUID, ...] = ()
    devices: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.groups or self.devices)


class Answer(NamedTuple):
    """One receipt as it came from one device. Ids are 32 hexadecimal digits, `at` is ms by the device's clock."""

    broadcast: str
    device: str
    seq: int
    stage: str
    at: int
    reason: str = ""
    detail: str = ""
    position_ms: int = 0


class Course(NamedTuple):
    """What a run of answers says of one delivery: the newest answer decides, each stage keeps its first time (ms)."""

    progress: str
    last_seq: int
    reason: str = ""
    detail: str = ""
    position_ms: int = 0
    received_at: int | None = None
    ready_at: int | None = None
    started_at: int | None = None
    finished_at: int | None = None


def course_of(answer: Answer) -> Course:
    """The course a single answer tells. Whatever it says, the device has received the order by then."""
    _, _, seq, stage, at, reason, detail, position = answer
    return Course(
        stage,
        seq,
        reason,
        detail,
        position,
        at,
        at if stage == "ready" else None,
        at if stage == "started" else None,
        at if stage == "finished" else None,
    )


def merge(one: Course, two: Course) -> Course:
    """Two courses of the same delivery as one. Associative, commutative and idempotent (for distinct numbers)."""
    newest = one if one.last_seq >= two.last_seq else two
    return newest._replace(
        received_at=_first(one.received_at, two.received_at),
        ready_at=_first(one.ready_at, two.ready_at),
        started_at=_first(one.started_at, two.started_at),
        finished_at=_first(one.finished_at, two.finished_at),
    )


def _first(one: int | None, two: int | None) -> int | None:
    return two if one is None else one if two is None else min(one, two)


def repeat_after(sends: int) -> timedelta:
    """How long to wait for an answer after the n-th send (n ≥ 1) before sending again: doubling, bounded."""
    doubled: timedelta = FIRST_REPEAT * (2 ** min(max(sends, 1) - 1, 10))
    return min(doubled, LONGEST_REPEAT)


def why_expired(progress: str, *, ever_seen: bool) -> str:
    """The reason to store when a delivery runs out of time."""
    if progress != "waiting":
        return "unfinished"
    return "silent" if ever_seen else "offline"


def words(reason: str) -> str:
    """A reason in an officer's words, still to be translated. Empty for no reason."""
    return WORDS.get(reason, UNKNOWN if reason else "")


def outermost(chosen: Iterable[UUID], parents: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    """The chosen places without those in another chosen one, in the order given. `parents` must have no circle."""
    wanted = dict.fromkeys(chosen)
    kept = []
    for place in wanted:
        above = parents.get(place)
        while above is not None and above not in wanted:
            above = parents.get(above)
        if above is None:
            kept.append(place)
    return tuple(kept)


def joined(names: Iterable[str], conjunction: str, shown: int = 3, more: str = "") -> str:
    """`a`, `a và b`, `a, b và c`; of more than `shown` names the rest is counted, as in `a, b và 4 nơi khác`.

    `more` holds `%d`; without it every name is shown.
    """
    parts = list(names)
    if more and len(parts) > shown:
        parts = [*parts[: shown - 1], more % (len(parts) - shown + 1)]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
