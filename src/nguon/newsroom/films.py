"""The film of a bulletin, version by version: what the editor's page says of it, and what is kept.

Like a picture it is named in pages by a mark that only the person it was made for can use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from nguon.kit.text import clean
from nguon.media import films as media
from nguon.media.errors import FilmRefused
from nguon.media.models import Film, State
from nguon.newsroom.models import Version
from nguon.newsroom.pictures import LONGEST_ALT
from nguon.people.models import Person
from nguon.ports import channel


@dataclass(frozen=True)
class Reel:
    """The place for a film in a page. `mark` names the film, empty where there is none; `said` how far it is."""

    mark: str = ""
    alt: str = ""
    error: str = ""
    film: Film | None = None

    @property
    def waits(self) -> bool:
        """Whether it is still being made."""
        return self.film is not None and self.film.state in media.WAITING

    @property
    def said(self) -> str:
        """How far its making is, in words."""
        return media.said(self.film) if self.film is not None else ""


def mark(person: Person, sha256: str) -> str:
    """How a film is named in pages of this person."""
    return _signer(person).sign(sha256)


def marked(person: Person, given: str) -> Film | None:
    """The film of a mark; None if it is none of this person's, or is gone."""
    try:
        sha256 = _signer(person).unsign(given)
    except BadSignature:
        return None
    return Film.objects.select_related("file").filter(pk=sha256).first()


def _signer(person: Person) -> Signer:
    return Signer(salt=f"nguon.newsroom.films.{person.pk.hex}")


def of_version(person: Person, version: Version | None) -> Reel:
    """The film of a version as it stands in pages of this person."""
    if version is None or version.film is None:
        return Reel()
    return Reel(mark(person, version.film.pk), version.film_alt, film=version.film)


def sent(person: Person, data: Mapping[str, Any], files: Mapping[str, Any], now: datetime) -> Reel:
    """The same as the page was sent. A film that came is kept here and now, though the rest of the page be refused.

    One that is no film leaves what stood there before, and says why.
    """
    if data.get("film-drop"):
        return Reel()
    given = str(data.get("film") or "")
    alt = " ".join(clean(str(data.get("film-alt") or "").replace("\x00", "")).split())
    reel = Reel(given, alt, film=marked(person, given) if given else None)
    if upload := files.get("film-file"):
        try:
            film = media.take_in(upload=upload, now=now)
        except FilmRefused as error:
            return replace(reel, error=str(error))
        return Reel(mark(person, film.pk), alt, film=film)
    if given and reel.film is None:
        return Reel("", alt, _("Không còn phim này. Hãy chọn lại."))
    return reel


def chosen(reel: Reel) -> tuple[str, str] | None:
    """The film of a page as a draft has it: (SHA-256 of what was given, what is seen). Raises ValidationError."""
    wrong = [reel.error] if reel.error else []
    if reel.film is not None and not reel.alt:
        wrong.append(_("Hãy ghi trong phim có gì."))
    elif reel.film is not None and len(reel.alt) > LONGEST_ALT:
        said = {"length": len(reel.alt), "max": LONGEST_ALT}
        wrong.append(_("Lời mô tả phim dài %(length)d ký tự, nhiều nhất là %(max)d.") % said)
    if wrong:
        raise ValidationError(wrong)
    return (reel.film.pk, reel.alt) if reel.film is not None else None


def of(version: Version) -> channel.Film | None:
    """The film of a version as channels take it; None if there is none, or it is not made."""
    return shown(version.film) if version.film is not None else None


def shown(film: Film) -> channel.Film | None:
    """A film as channels take it; None if it is not made."""
    if film.state != State.READY or film.file is None:
        return None
    return channel.Film(film.file.sha256, film.file.mime, film.file.duration_ms or 0)


def unseen(film: Film) -> str:
    """Why a film that is not made is not seen, in words for the officer."""
    if film.state == State.FAILED:
        return _("Phim chưa dùng được nên chưa có gì để xem. Bỏ phim thì bảng hiện chữ.")
    return _("Phim chuyển xong thì xem được ở đây. Có phim thì bảng chỉ chiếu phim, chữ dành cho loa.")


def lacks(version: Version) -> str:
    """What keeps a version from being approved because of its film, in words for the officer; empty if nothing."""
    film = version.film
    if film is None or film.state == State.READY:
        return ""
    if film.state == State.FAILED:
        return _("Phim chưa dùng được: %(why)s Hãy vào sửa bản tin, bỏ phim hoặc gửi phim khác.") % {"why": film.error}
    return _("%(said)s Phim chuyển xong thì gửi duyệt được.") % {"said": media.said(film)}


def held(version: Version) -> tuple[str, str]:
    """The film of a version as a draft has it."""
    return version.film_id or "", version.film_alt
