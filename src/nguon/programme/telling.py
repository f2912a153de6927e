"""A week in an officer's words: for each time of a slot what becomes of it, of which kind that is, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.programme import words
from nguon.programme.advice import OWN_WISH, Advice, Trouble
from nguon.programme.policies import Quiet
from nguon.programme.slots import Why
from nguon.programme.weeks import Block, Column, Fate
from nguon.ui import words as said_of
from nguon.wire.ladder import Level

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Told:
    """One time of a slot. `kind` is that of a badge, `state` and `why` are words; times are minutes of the day."""

    block: Block
    kind: str
    state: str
    why: str
    own: bool

    @property
    def slot_id(self) -> UUID:
        """Of which slot."""
        return UUID(self.block.slot.id)

    @property
    def title(self) -> str:
        """The programme."""
        return self.block.slot.title

    @property
    def from_minute(self) -> int:
        """Minutes since midnight."""
        return _minute(self.block.start, self.block.start.date())

    @property
    def to_minute(self) -> int:
        """Minutes since the midnight before it began; more than 1440 if it goes into the next day."""
        return _minute(self.block.end + MINUTE - timedelta(microseconds=1), self.block.start.date())

    @property
    def width(self) -> int:
        """How long in minutes, in the day's picture."""
        return max(4, min(1440, self.to_minute) - self.from_minute)

    @property
    def ms(self) -> int:
        """Its length."""
        return self.block.slot.length // timedelta(milliseconds=1)

    @property
    def relay(self) -> bool:
        """Whether it is another station, or music: what gives way."""
        return self.block.slot.level <= Level.RELAY


@dataclass(frozen=True)
class Hush:
    """Quiet hours of a day, in minutes, with the decision they stand on."""

    start: int
    end: int
    words: str
    basis: str

    @property
    def width(self) -> int:
        """How many minutes."""
        return self.end - self.start


@dataclass(frozen=True)
class Day:
    """One day for a page."""

    day: date
    name: str
    short: str
    moon: str
    holiday: str
    today: bool
    past: bool
    told: tuple[Told, ...]
    hush: tuple[Hush, ...]


def days(columns: Iterable[Column], own: frozenset[str], today: date) -> list[Day]:
    """The days of a week. `own`: ids of the slots that the place itself made."""
    return [_day(column, own, today) for column in columns]


def _day(column: Column, own: frozenset[str], today: date) -> Day:
    moon = f"{column.moon.day}/{column.moon.month}"
    return Day(
        day=column.day,
        name=words.weekday(column.day),
        short=_short(column.day),
        moon=moon,
        holiday=column.holiday,
        today=column.day == today,
        past=column.day < today,
        told=tuple(tell(block, own) for block in column.blocks),
        hush=tuple(_hush(each, column.day) for each in column.quiet),
    )


def _short(day: date) -> str:
    names = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))
    return names[day.weekday()]


def _hush(span: Quiet, day: date) -> Hush:
    start, end = _minute(span.start, day), _minute(span.end, day)
    return Hush(start, end, f"{_hour(start)}–{_hour(end)}", span.policy.basis)


def hours(spans: Iterable[tuple[datetime, datetime]], day: date) -> list[str]:
    """Spans of one day in words; what ends at midnight and what begins there are one: "21:00–05:00"."""
    found = [(_minute(start, day), _minute(end, day)) for start, end in spans]
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == 1440:
        (_, first_end), (last_start, _) = found[0], found[-1]
        found = [*found[1:-1], (last_start, first_end)]
    return [f"{_hour(start)}–{_hour(end)}" for start, end in found]


def hushes(days_: Iterable[Day]) -> list[tuple[str, str]]:
    """The quiet hours of several days, each said once: (hours, the decision they stand on)."""
    said: dict[tuple[str, str], None] = {}
    for day in days_:
        of: dict[str, list[tuple[datetime, datetime]]] = {}
        midnight = datetime.combine(day.day, time())
        for each in day.hush:
            of.setdefault(each.basis, []).append((midnight + each.start * MINUTE, midnight + each.end * MINUTE))
        said |= {(", ".join(hours(spans, day.day)), basis): None for basis, spans in of.items()}
    return list(said)


def _hour(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minute(at: datetime, day: date) -> int:
    return (at - datetime.combine(day, time())) // MINUTE


def tell(block: Block, own: frozenset[str] = frozenset()) -> Told:
    """What becomes of one time of a slot."""
    worst = block.worst
    kind, state = _state(block, worst)
    shown = worst if kind != "ok" else block.fates[0]
    return Told(block, kind, state, words.whys(shown.why, shown.by), block.slot.id in own)


def _state(block: Block, worst: Fate) -> tuple[str, str]:
    if block.everywhere:
        return "ok", _("Phát")
    if not block.heard:
        wished = all(why in OWN_WISH for fate in block.fates for why in fate.why)
        return ("off", _("Không phát")) if wished else ("bad", _("Không phát được"))
    if block.reached < block.devices:
        said = _("Phát ở %(reached)d trên %(all)d cụm") % {"reached": block.reached, "all": block.devices}
        return "warn", said
    if not worst.whole:
        return "warn", _("Phát không hết, ngừng lúc %(at)s") % {"at": f"{worst.parts[-1].end:%H:%M}"}
    if Why.WAITED in worst.why:
        return "warn", _("Phát muộn, lúc %(at)s") % {"at": f"{worst.parts[0].start:%H:%M}"}
    return "warn", _("Có đoạn tạm ngừng, phát xong lúc %(at)s") % {"at": f"{worst.parts[-1].end:%H:%M}"}


@dataclass(frozen=True)
class Counsel:
    """One line of advice beside the form of a slot: of which kind, and the words."""

    kind: str
    words: str


def counsel(found: Advice) -> list[Counsel]:
    """All that an officer should know before a slot is kept, the gravest first."""
    return [Counsel("bad" if each.silent else "warn", _trouble(each)) for each in found.troubles]


def _trouble(each: Trouble) -> str:
    reason = words.why(each.why, "" if each.title else each.by)
    first = f"{each.first:%H:%M} {date_format(each.first, 'd/m/Y')}"
    if each.title:
        return _of_other(each, first)
    if each.why is Why.QUIET and not each.silent:
        return _("Bị ngắt giữa chừng vì đến giờ yên tĩnh (%(basis)s). %(often)s") % {
            "basis": each.by,
            "often": _often(each.times, first),
        }
    return f"{reason}. {_often(each.times, first)}"


def _of_other(each: Trouble, first: str) -> str:
    values = {"title": each.title, "often": _often(each.times, first)}
    if each.silent:
        return _("“%(title)s” sẽ không phát được vì trùng với khung giờ này. %(often)s") % values
    if each.why is Why.RESUMED:
        return _("“%(title)s” đang phát sẽ tạm ngừng, rồi phát tiếp sau khung giờ này. %(often)s") % values
    if each.why is Why.WAITED:
        return _("“%(title)s” sẽ phát muộn vì chờ khung giờ này. %(often)s") % values
    return _("“%(title)s” sẽ không phát hết vì khung giờ này. %(often)s") % values


def _often(times: int, first: str) -> str:
    said = ngettext(
        "%(count)d lần trong 4 tuần tới, sớm nhất %(first)s.",
        "%(count)d lần trong 4 tuần tới, sớm nhất %(first)s.",
        times,
    )
    return said % {"count": times, "first": first}


def advised(why: Why, longest: timedelta | None = None) -> str:
    """What could be done about it, besides another time."""
    if why is Why.LONG:
        ms = longest // timedelta(milliseconds=1) if longest else 0
        shorter = _("Bỏ bớt mục cho chương trình còn tối đa %(length)s.") % {"length": said_of.duration(ms)}
        return shorter if longest else _("Bỏ bớt mục, hoặc chia chương trình làm hai.")
    if why is Why.MANY:
        return _("Ghép vào chương trình khác trong ngày, hoặc chuyển sang ngày khác.")
    return ""
