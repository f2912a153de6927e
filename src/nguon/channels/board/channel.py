"""The channel of boards: what is shown, how long, and whether it can be read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from nguon.channels.board import colours, document, findings, readability
from nguon.channels.wired import Wired
from nguon.kit.text import line
from nguon.kit.words import gettext_noop
from nguon.ports.channel import Glass, Page, Picture, Points, Preview, Scene, Shown, Sketch, SpeechJob, Wording

GLASSES = (
    Glass(gettext_noop("Màn ngang"), 1920, 1080),
    Glass(gettext_noop("Màn dọc"), 1080, 1920),
    Glass(gettext_noop("Bảng LED"), 320, 96),
)
HINT = gettext_noop("Tên bản tin là dòng chữ lớn nhất trên bảng: người đi đường đọc dòng này trước.")


class Board(Wired):
    """Anything that shows the page of a board: televisions, LED walls, small computers."""

    kind = "board"
    label = gettext_noop("Bảng tin")
    audible = False
    pictured = True
    driven = True
    preview = Preview(gettext_noop("Trên bảng tin"), "board:preview", GLASSES, HINT)
    opens_at = "/bang/"
    arranged_at = "board:board"

    def check(self) -> None:
        """Nothing outside is needed: a board is a page of this server."""

    def speech(self, wording: Wording) -> SpeechJob:
        """It has no voice."""
        raise ValueError(gettext_noop("Bảng tin không đọc thành tiếng."))

    def page(self, wording: Wording) -> Page | None:
        """The document and how long it takes to be read once. Raises ValueError (Vietnamese) if it cannot be shown.

        Of `options`, `alert` makes it a warning: {level (or None), hazard, issued (an aware moment), map (a Sketch, or
        None where nobody knows)}. A film is shown as it is, in place of all words.
        """
        if wording.film is not None:
            return Page(b"", wording.film.mime, wording.film.duration_ms, kept=wording.film.sha256)
        body = _body(wording)
        made = document.read(body)
        pictures = document.pictures(made)
        if not made.title and not made.text and not pictures:
            raise ValueError(gettext_noop("Chưa có chữ nào để hiện."))
        return Page(body, document.MIME, document.reading_ms(made.title, made.text, len(pictures)))

    def judge(self, wording: Wording) -> tuple[str, ...]:
        """What keeps it from being read on any of the usual screens."""
        if wording.film is not None:
            return ()
        shown = document.read(_body(wording))
        screens = [(glass.width, glass.height) for glass in GLASSES]
        return tuple(map(findings.say, readability.judged(shown, screens)))

    def scene(self, device: UUID) -> Scene | None:
        """What its layout shows when no order is on."""
        from nguon.channels.board.models import Told  # the settings read this folder before there are tables

        found = Told.objects.filter(device=device).select_related("file").first()
        return Scene(found.file_id, found.file.size, frozenset(found.files)) if found else None

    def tend(self, now: datetime) -> None:
        """Pages come, are withdrawn, and are over."""
        from nguon.channels.board import hanging, tallying

        hanging.refresh(now)
        tallying.forget(now)

    def shown(self, device: UUID, day: date, rows: Sequence[Shown], now: datetime) -> bool:
        """What a board showed of its playlists."""
        from nguon.channels.board import tallying

        tallying.take(device=device, day=day, rows=rows, now=now)
        return True


def _body(wording: Wording) -> bytes:
    marks = wording.options.get("alert")
    alert = _alert(marks) if marks else None
    link = _link(wording.link_url, wording.link_label) if wording.link_url else None
    pictures = [_picture(one) for one in wording.pictures]
    shown: dict[str, Any] = {"link": link, "alert": alert, "pictures": pictures}
    try:
        return document.document(wording.title, wording.body, wording.issuer, lang=wording.language, **shown)
    except document.TooLarge as error:
        raise ValueError(gettext_noop("Nội dung dài quá, bảng tin không nhận. Hãy cắt bớt hoặc chia ra.")) from error


def _picture(given: Picture) -> document.Picture:
    """Raises ValueError if it is none that boards show."""
    values = {name: getattr(given, name) for name in ("mime", "width", "height", "alt", "data")}
    return msgspec.convert(values, document.Picture)


def _link(url: str, label: str) -> document.Link:
    """With its label, or the name of its site: who takes out a telephone wants to know where it leads."""
    try:
        return document.link(label or urlsplit(url).hostname or "", url)
    except ValueError as error:
        raise ValueError(gettext_noop("Đường dẫn xem thêm không đúng. Hãy chép lại cả dòng địa chỉ.")) from error


def _alert(marks: dict[str, Any]) -> document.Alert:
    sketch: Sketch | None = marks.get("map")
    return colours.alert(marks["level"] or 0, marks["hazard"], marks["issued"], _map(sketch) if sketch else None)


def _map(sketch: Sketch) -> document.Map:
    kinds: tuple[tuple[Literal["area", "outline", "sea"], tuple[Points, ...]], ...] = (
        ("sea", sketch.waters),
        ("area", sketch.areas),
        ("outline", sketch.borders),
    )
    return document.Map(
        width=sketch.width,
        height=sketch.height,
        shapes=tuple(document.Shape(kind, points) for kind, rings in kinds for points in rings),
        lines=sketch.lines,
        names=tuple(document.Name(line(name), x, y) for name, x, y in sketch.names),
    )
