"""Judging what came in, when to look again, and what of a message becomes an alert. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from nguon.cap import hazards, profile, read, sign
from nguon.cap.codes import MessageType, Response, Scope, Severity, Status, Urgency
from nguon.cap.faults import CapError, Problem, Untrusted
from nguon.cap.hazards import Kind
from nguon.cap.model import Alert, Area, Info, Point
from nguon.kit.clock import LOCAL
from nguon.kit.text import fold

LONGEST_WAIT = timedelta(minutes=15)  # between two looks at a feed that fails; an alert may stand there all the same
MISSED_FIRST, MISSED_LONGEST = timedelta(minutes=1), timedelta(hours=6)
ENDLESS = timedelta(days=1)  # that a message without an end is taken for current
EARTH = 6371.0  # kilometres


# judging


@dataclass(frozen=True)
class Judged:
    """A message at the door. `alert` is what it says, also if it is not believed; None if it cannot be read.

    `content`: the bytes that were signed, or all of them where no signature was asked for.
    """

    verdict: str
    alert: Alert | None
    content: bytes
    problems: tuple[Problem, ...] = ()
    signer: sign.Signer | None = None


def judge(data: bytes, *, certificates: str, unsigned: bool, at: datetime) -> Judged:
    """Whether a message is good CAP 1.2 and bears the signature of somebody on the list. Bad input raises nothing."""
    try:
        trusted = [certificates.encode()] if certificates.strip() else []
        verified = sign.verify(data, trusted, at=at, unsigned=unsigned)
        alert = read.parse(verified.data)
    except Untrusted as error:
        return _doubted(data, error)
    except CapError as error:
        return Judged("invalid", None, data, error.problems)
    verdict = "signed" if verified.signer else "unsigned"
    return Judged(verdict, alert, verified.data, signer=verified.signer)


def _doubted(data: bytes, error: Untrusted) -> Judged:
    try:
        alert = read.parse(data)
    except CapError as worse:
        return Judged("invalid", None, data, (*worse.problems, *error.problems))
    return Judged("untrusted", alert, data, error.problems)


def whose(subject: str) -> str:
    """The name in the subject of a certificate (`CN=Đài tỉnh,O=…`), or the subject as it is."""
    found = re.search(r"(?:^|,)CN=((?:\\.|[^,\\])+)", subject)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else subject


# looking again


def next_look(now: datetime, every: int, failures: int) -> datetime:
    """When a feed is looked at again: after so many minutes, doubled for each failure in a row up to LONGEST_WAIT."""
    usual = timedelta(minutes=every)
    return now + min(usual * (1 << min(failures, 10)), max(LONGEST_WAIT, usual))


def missed_again(tries: int, now: datetime) -> datetime:
    """When an entry that could not be had `tries` times is asked for again."""
    return now + min(MISSED_FIRST * (1 << min(tries - 1, 20)), MISSED_LONGEST)


# what a message becomes


class Bar(StrEnum):
    """Why no alert may be made of a message."""

    UNTRUSTED = "untrusted"
    NOT_PUBLIC = "not-public"
    NOT_REAL = "not-real"  # a test, a draft, a matter between machines
    ANSWER = "answer"  # an acknowledgement or a report of an error
    EMPTY = "empty"
    NOTHING_TO_END = "nothing-to-end"  # it ends what was not said here
    EXPIRED = "expired"
    ENDED = "ended"  # somebody named it later: there is newer word


def bar(alert: Alert, *, taken: bool, followed: bool, superseded: bool, now: datetime) -> Bar | None:
    """Why a message becomes no alert; None if it may. `followed`: something it names was said here."""
    checks = (
        (not taken, Bar.UNTRUSTED),
        (alert.scope != Scope.PUBLIC, Bar.NOT_PUBLIC),
        (alert.status not in (Status.ACTUAL, Status.EXERCISE), Bar.NOT_REAL),
        (alert.message_type in (MessageType.ACK, MessageType.ERROR), Bar.ANSWER),
        (end_of(alert) <= now, Bar.EXPIRED),
        (superseded, Bar.ENDED),
        (ends(alert) and not followed, Bar.NOTHING_TO_END),
        (not alert.infos, Bar.EMPTY),
    )
    return next((why for holds, why in checks if holds), None)


def end_of(alert: Alert) -> datetime:
    """When a message is over: by its own word, or a day after it was sent if it has none. Nothing holds for ever."""
    return alert.expires or alert.sent + ENDLESS


def ends(alert: Alert) -> bool:
    """Whether a message says that there is no more danger."""
    told = alert.info("vi")
    over = told is not None and (told.urgency == Urgency.PAST or Response.ALL_CLEAR in told.responses)
    return alert.message_type == MessageType.CANCEL or (alert.message_type == MessageType.UPDATE and over)


def hazard_of(info: Info) -> str:
    """The code of our hazard: as the message says, or by the words of its event; `khac` if nothing fits."""
    known = {one.code for one in hazards.all()}
    named = next((one.value for one in info.event_codes if one.name == profile.HAZARD), "")
    if named in known:
        return named
    for text in (info.event, info.headline):
        words = text.casefold()
        found = [(len(name), code) for name, code in _names() if re.search(rf"\b{re.escape(name)}\b", words)]
        if found:
            return max(found)[1]
    return "khac"


def _names() -> list[tuple[str, str]]:
    ours = [(part.strip().casefold(), one.code) for one in hazards.all() for part in one.name.split(",")]
    return [*((name, code) for name, code in ours if name), *_ENGLISH]


_ENGLISH = [
    ("tropical depression", "ap_thap_nhiet_doi"),
    ("typhoon", "bao"),
    ("tropical storm", "bao"),
    ("tropical cyclone", "bao"),
    ("hurricane", "bao"),
    ("heavy rain", "mua_lon"),
    ("rainfall", "mua_lon"),
    ("flood", "lu"),
    ("flash flood", "lu_quet"),
    ("landslide", "lu_quet"),
    ("inundation", "ngap_lut"),
    ("heat", "nang_nong"),
    ("heatwave", "nang_nong"),
    ("drought", "han_han"),
    ("saline intrusion", "xam_nhap_man"),
    ("cold", "ret_hai"),
    ("frost", "ret_hai"),
    ("thunderstorm", "loc_set_mua_da"),
    ("lightning", "loc_set_mua_da"),
    ("hail", "loc_set_mua_da"),
    ("tornado", "loc_set_mua_da"),
    ("gale", "gio_manh_tren_bien"),
    ("wind", "gio_manh_tren_bien"),
    ("storm surge", "nuoc_dang"),
    ("fog", "suong_mu"),
    ("earthquake", "dong_dat"),
    ("tsunami", "song_than"),
    ("wildfire", "chay_rung"),
    ("forest fire", "chay_rung"),
    ("fire", "chay_no"),
    ("explosion", "chay_no"),
    ("epidemic", "dich_benh"),
    ("dam release", "xa_lu"),
    ("missing person", "tim_nguoi"),
]


def level_of(info: Info) -> int | None:
    """The level of risk, 1–5: as the message says, or the lowest with its severity; None for none."""
    said = next((one.value for one in info.parameters if one.name == profile.LEVEL), "")
    if said in ("1", "2", "3", "4", "5"):
        return int(said)
    if info.severity == Severity.UNKNOWN:
        return None
    return next((one.level for one in hazards.levels() if one.severity == info.severity), None)


def kind_of(alert: Alert, info: Info) -> Kind:
    """Which of our kinds of text a message is."""
    named = next((one.value for one in info.parameters if one.name == profile.KIND), "")
    if alert.message_type == MessageType.CANCEL and named:
        return Kind.MISTAKE
    if ends(alert):
        return Kind.OVER
    return Kind(named) if named in (Kind.WARNING, Kind.CORRECTION) else Kind.WARNING


def vietnamese(info: Info) -> bool:
    """Whether its words can be said here."""
    return info.language.lower().split("-")[0] == "vi"


def text_of(info: Info, longest: int) -> tuple[str, bool]:
    """What happened and what to do, as one text of at most so many characters; whether something was left out."""
    parts = [" ".join(part.split()) for part in (info.description, info.instruction)]
    whole = " ".join(part for part in parts if part)
    if len(whole) <= longest:
        return whole, False
    # What to do is worth more than what happened.
    room = max(0, longest - len(parts[1]) - 1) if len(parts[1]) < longest else 0
    head = _sentences(parts[0], room)
    return " ".join(part for part in (head, _sentences(parts[1], longest - len(head) - 1)) if part), True


def signed(message: Alert, info: Info) -> str:
    """Whose word it is and of what hour, to be said each time; nothing where the text is of our kind and says it."""
    if any(one.name == profile.KIND for one in info.parameters):
        return ""
    at = message.sent.astimezone(LOCAL)
    office = " ".join((info.sender_name or message.sender).split())[:150]
    return hazards.signed(office, hazards.said_hour(at.hour, at.minute))


def _sentences(text: str, most: int) -> str:
    """As many whole sentences as fit."""
    if len(text) <= most:
        return text
    cut = text[:most]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "; "))
    return cut[: end + 1] if end > 0 else ""


# where


def inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Whether a point lies in a closed polygon (even-odd; latitude and longitude taken as flat, as CAP's are small)."""
    y, x = point
    found = False
    for (y1, x1), (y2, x2) in pairwise(polygon):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


def distance(one: Point, other: Point) -> float:
    """Kilometres between two points, along the surface."""
    lat1, lat2 = radians(one[0]), radians(other[0])
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def within(point: Point, areas: Iterable[Area]) -> bool:
    """Whether a point lies in any polygon or circle of the areas."""
    return any(
        any(inside(point, polygon) for polygon in area.polygons)
        or any(distance(point, circle.centre) <= circle.radius for circle in area.circles)
        for area in areas
    )


def geocodes(areas: Iterable[Area]) -> frozenset[str]:
    """The codes of places in our list that the areas name."""
    return frozenset(one.value for area in areas for one in area.geocodes if one.name == profile.PLACE)


def named(areas: Iterable[Area], names: Mapping[str, object]) -> frozenset[str]:
    """Which of the folded names (`thon loc ha`) the areas list as they are, of those that say where by words only.

    Many hamlets bear one name: where there is a code or a shape, that is what counts.
    """
    parts: set[str] = set()
    for area in areas:
        if area.geocodes or area.polygons or area.circles:
            continue
        for part in re.split(r"[;,\n]| va | and ", fold(area.description)):
            parts.add(" ".join(part.split()))
    return frozenset(parts & set(names))
