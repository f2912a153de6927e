"""A site for programs: news as RSS and Atom, what the loudspeakers said as a podcast.

Every feed is the same bytes as long as nothing of it changes, so that who asks again may be told so.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from nguon.channels.site import air
from nguon.newsroom.models import Category
from nguon.portal import queries
from nguon.portal.models import Posting, Site
from nguon.ui.skin import Skin

MOST = 50  # entries of a feed
SUMMARY = 400  # characters
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


class Made(NamedTuple):
    """A feed: its bytes, its media type, and when something of it changed last."""

    data: bytes
    kind: str
    changed: datetime

    @property
    def digest(self) -> str:
        """What tells it from any other wording of it."""
        return sha256(self.data).hexdigest()


class _Steady:
    """Of a feed: when it changed is what we say, and not the present moment where it has no entries."""

    feed: dict[str, Any]

    def latest_post_date(self) -> datetime:
        """When something of it changed last."""
        changed: datetime = self.feed["changed"]
        return changed


class _Rss(_Steady, feedgenerator.Rss201rev2Feed):
    """RSS 2.0 of news."""


class _Atom(_Steady, feedgenerator.Atom1Feed):
    """Atom of news."""


class _Podcast(_Rss):
    """RSS 2.0 with the elements that podcast programs read."""

    def rss_attributes(self) -> dict[str, str]:
        """The names used."""
        return {**super().rss_attributes(), "xmlns:itunes": ITUNES}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Whose it is."""
        super().add_root_elements(handler)
        handler.addQuickElement("itunes:author", self.feed["author_name"])
        handler.addQuickElement("itunes:summary", self.feed["description"])
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:category", "", {"text": "News"})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """How long it is."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:duration", str(item["seconds"]))
        handler.addQuickElement("itunes:summary", item["description"])


def absolute(skin: Skin, path: str) -> str:
    """The whole address of a path below a site."""
    return f"{skin.root}/{path.removeprefix(skin.front)}"


def news(site: Site, skin: Skin, now: datetime, *, field: Category | None = None, atom: bool = False) -> Made:
    """The newest articles, of one field if it is said."""
    rows = _newest(site, now).filter(bulletin__category=field) if field else _newest(site, now)
    found = list(rows[:MOST])
    changed = max((_changed(row) for row in found), default=site.updated_at)
    name = reverse("site:field", args=[field.value, "atom" if atom else "rss"]) if field else ""
    own = name or reverse("site:atom" if atom else "site:rss")
    feed = (_Atom if atom else _Rss)(
        title=f"{field.label if field else _('Tin mới')} · {site.name}",
        link=absolute(skin, skin.front),
        description=site.lead or site.name,
        language="vi",
        author_name=site.owner or site.name,
        feed_url=absolute(skin, own),
        changed=changed,
    )
    for row in found:
        address = absolute(skin, reverse("site:article", args=[row.slug]))
        feed.add_item(
            title=row.version.title,
            link=address,
            description=Truncator(row.version.body).chars(SUMMARY),
            unique_id=address,
            unique_id_is_permalink=True,
            pubdate=row.publish_at,
            updateddate=_changed(row),
            categories=[str(Category(row.bulletin.category).label)],
        )
    return _written(feed, feed.content_type, changed)


def podcast(site: Site, skin: Skin, now: datetime) -> Made:
    """What the loudspeakers said in the last days, one sound each."""
    found = air.heard(site, now)[:MOST]
    changed = max((one.last for one in found), default=site.updated_at)
    feed = _Podcast(
        title=_("Loa truyền thanh %(place)s") % {"place": site.place},
        link=absolute(skin, reverse("site:listen")),
        description=_("Tin loa đã phát trong bảy ngày qua."),
        language="vi",
        author_name=site.owner or site.name,
        feed_url=absolute(skin, reverse("site:podcast")),
        changed=changed,
    )
    for one in found:
        sound = absolute(skin, reverse("site:again", args=[one.id]))
        feed.add_item(
            title=one.title,
            link=f"{absolute(skin, reverse('site:listen'))}#tin-{one.id.hex}",
            description=Truncator(one.text).chars(SUMMARY) or one.title,
            unique_id=f"urn:uuid:{one.id}",
            unique_id_is_permalink=False,
            pubdate=one.at[-1],
            enclosures=[feedgenerator.Enclosure(sound, str(one.file.size), one.file.mime)],
            seconds=round((one.file.duration_ms or 0) / 1000),
        )
    return _written(feed, feed.content_type, changed)


def _newest(site: Site, now: datetime) -> QuerySet[Posting]:
    return queries.up(site, now).order_by("-publish_at")


def _changed(row: Posting) -> datetime:
    return row.corrected_at or row.publish_at


def _written(feed: feedgenerator.SyndicationFeed, kind: str, changed: datetime) -> Made:
    return Made(feed.writeString("utf-8").encode(), kind, changed)


def fields(site: Site, now: datetime) -> Iterable[Category]:
    """The fields of which something stands on a site, in the order of the law."""
    used = set(queries.up(site, now).order_by().values_list("bulletin__category", flat=True).distinct())
    return [field for field in Category if field.value in used]
