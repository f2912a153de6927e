"""The article of a site, version 1: what is to be read, and nothing of how it looks. Pure.

The same words give the same bytes: an article is made once, has one hash, is approved by it, and stands on every site.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from nguon.kit.text import line, paragraphs
from nguon.ports import channel

MIME = "application/vnd.nguon.article+json"


class Link(msgspec.Struct, frozen=True):
    """Where to read on."""

    label: str
    url: str


class Picture(msgspec.Struct, frozen=True):
    """A picture: its size in pixels, what is on it in words, its bytes (base64 in the document)."""

    mime: Literal["image/webp", "image/jpeg", "image/png"]
    width: Annotated[int, Meta(ge=1)]
    height: Annotated[int, Meta(ge=1)]
    alt: str
    data: bytes


class Article(msgspec.Struct, frozen=True):
    """What stands on a site. `text` is its paragraphs; a recording alone has none."""

    v: Literal[1]
    lang: str
    title: str
    text: tuple[str, ...]
    issuer: str
    link: Link | None = None
    pictures: tuple[Picture, ...] = ()


def document(wording: channel.Wording) -> bytes:
    """The article of a wording. Raises ValueError (msgspec.ValidationError) for a picture that no site shows."""
    link = Link(line(wording.link_label), wording.link_url) if wording.link_url else None
    pictures = tuple(map(_picture, wording.pictures))
    text = paragraphs(wording.body)
    made = Article(1, wording.language, line(wording.title), text, line(wording.issuer), link, pictures)
    return msgspec.json.encode(made)


def read(data: bytes) -> Article:
    """The article of these bytes. Raises ValueError (msgspec.ValidationError) if they are none."""
    return msgspec.json.decode(data, type=Article)


def opening(text: Sequence[str], most: int = 160) -> str:
    """The first words of an article, so many letters at most: for lists, cards and searches."""
    words = " ".join(text)
    return words if len(words) <= most else f"{words[: most + 1].rpartition(' ')[0] or words[:most]}…"


def _picture(given: channel.Picture) -> Picture:
    values = {name: getattr(given, name) for name in ("mime", "width", "height", "alt", "data")}
    return msgspec.convert(values, Picture)
