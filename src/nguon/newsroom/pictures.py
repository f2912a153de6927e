"""The pictures of a bulletin, version by version: what the editor's page says of them, and what is kept.

In a page a picture is named by a mark that only the person it was made for can use: whoever was shown a picture may
keep it in what they write, and nobody finds the pictures of others by trying names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File as Upload
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from nguon.kit.text import clean
from nguon.media import pictures as media
from nguon.media.errors import PictureRefused
from nguon.media.models import File
from nguon.newsroom.models import Picture, Version
from nguon.people.models import Person
from nguon.ports import channel

MOST = 4
LONGEST_ALT = 200  # letters
ACCEPTED = "image/jpeg,image/png,image/webp"


@dataclass(frozen=True)
class Slot:
    """One of the places for a picture in the editor's page. `mark` names the picture, empty where there is none."""

    number: int
    mark: str = ""
    alt: str = ""
    error: str = ""


def mark(person: Person, sha256: str) -> str:
    """How a picture is named in pages of this person."""
    return _signer(person).sign(sha256)


def marked(person: Person, given: str) -> File | None:
    """The picture of a mark; None if it is none of this person's, or is gone."""
    try:
        sha256 = _signer(person).unsign(given)
    except BadSignature:
        return None
    return File.objects.filter(pk=sha256, mime=media.MIME).first()


def _signer(person: Person) -> Signer:
    return Signer(salt=f"nguon.newsroom.pictures.{person.pk.hex}")


def of_version(person: Person, version: Version | None) -> list[Slot]:
    """The places for pictures as they stand in the editor's page, filled with those of a version."""
    held = list(version.pictures.all()) if version is not None else []
    found = [Slot(number, mark(person, one.file_id), one.alt) for number, one in enumerate(held, 1)]
    return found + [Slot(number) for number in range(len(found) + 1, MOST + 1)]


def sent(person: Person, data: Mapping[str, Any], files: Mapping[str, Any], now: datetime) -> list[Slot]:
    """The same as the page was sent, in the order that was asked for. A file that came is kept here and now.

    So it has its mark though the rest of the page be refused; one that is no picture leaves what stood there before,
    and says why.
    """
    found = []
    for number in range(1, MOST + 1):
        slot = Slot(number, data.get(f"picture-{number}", ""), _line(data.get(f"picture-alt-{number}", "")))
        if upload := files.get(f"picture-file-{number}"):
            slot = _taken(person, slot, upload, now)
        elif slot.mark and marked(person, slot.mark) is None:
            slot = replace(slot, mark="", error=_("Không còn ảnh này. Hãy chọn lại."))
        if data.get(f"picture-drop-{number}"):
            slot = Slot(number)
        found.append((_wanted(data.get(f"picture-place-{number}"), number), slot))
    in_order = [slot for _place, slot in sorted(found, key=lambda one: one[0])]
    full = [slot for slot in in_order if slot.mark or slot.error or slot.alt]
    empty = [slot for slot in in_order if slot not in full]
    return [replace(slot, number=number) for number, slot in enumerate(full + empty, 1)]


def _taken(person: Person, slot: Slot, upload: "Upload[Any]", now: datetime) -> Slot:
    try:
        return replace(slot, mark=mark(person, media.take_in(upload=upload, now=now).file.sha256))
    except PictureRefused as error:
        return replace(slot, error=str(error))


def _wanted(place: object, number: int) -> tuple[int, int]:
    """Where a picture is to stand; as it stood, if nothing is said."""
    said = str(place or "")
    wanted = int(said) if said.isdecimal() and len(said) == 1 else number
    return wanted, -1 if wanted < number else 1 if wanted > number else 0


def _line(text: object) -> str:
    return " ".join(clean(str(text or "").replace("\x00", "")).split())


def chosen(person: Person, slots: Iterable[Slot]) -> tuple[tuple[str, str], ...]:
    """The pictures of a page as a draft has them. Raises ValidationError with all that is wrong."""
    wrong, found = [], []
    for slot in slots:
        if slot.error:
            wrong.append(_("Ảnh %(number)d: %(why)s") % {"number": slot.number, "why": slot.error})
        file = marked(person, slot.mark) if slot.mark else None
        if file is None:
            continue
        if not slot.alt:
            wrong.append(_("Ảnh %(number)d: hãy ghi trong ảnh có gì.") % {"number": slot.number})
        elif len(slot.alt) > LONGEST_ALT:
            said = {"number": slot.number, "length": len(slot.alt), "max": LONGEST_ALT}
            wrong.append(_("Ảnh %(number)d: lời mô tả dài %(length)d ký tự, nhiều nhất là %(max)d.") % said)
        found.append((file.sha256, slot.alt))
    if wrong:
        raise ValidationError(wrong)
    return tuple(found)


def as_typed(person: Person, slots: Iterable[Slot]) -> tuple[channel.Picture, ...]:
    """The pictures of a page that is still being written, small: they are sent again whenever somebody stops typing."""
    found = []
    for slot in slots:
        file = marked(person, slot.mark) if slot.mark else None
        if file is not None:
            data, (width, height) = media.small(file.sha256)
            found.append(channel.Picture(data, media.MIME, slot.alt[:LONGEST_ALT] or _("Ảnh"), width, height))
    return tuple(found)


def of(version: Version) -> tuple[channel.Picture, ...]:
    """The pictures of a version as channels take them."""
    rows = version.pictures.select_related("file")
    return tuple(
        channel.Picture(media.bytes_of(one.file), one.file.mime, one.alt, one.width, one.height) for one in rows
    )


def attach(version: Version, pictures: Iterable[tuple[str, str]]) -> None:
    """Make these the pictures of a new version: (SHA-256 of a kept file, what is on it)."""
    files = File.objects.in_bulk([sha256 for sha256, _alt in pictures])
    for number, (sha256, alt) in enumerate(pictures, 1):
        width, height = media.size_of(files[sha256])
        size = {"width": width, "height": height}
        Picture.objects.create(version=version, number=number, file=files[sha256], alt=alt, **size)


def held(version: Version) -> tuple[tuple[str, str], ...]:
    """The pictures of a version as a draft has them."""
    return tuple(version.pictures.values_list("file_id", "alt"))
