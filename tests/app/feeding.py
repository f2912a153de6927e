"""A commune that shows timetables and feeds on its boards, for app tests: a desk, and a server of others."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nguon.channels.board import document
from nguon.channels.board.feeds import actions, queries, service
from nguon.channels.board.feeds.actions import Look
from nguon.channels.board.feeds.looking import look
from nguon.channels.board.feeds.models import Edition, Source
from nguon.channels.board.feeds.picking import Taken
from nguon.channels.board.feeds.rules import Feed, Pick, Terms, Timetable, terms_of
from nguon.people.models import Person
from nguon.review import actions as reviews
from tests.app.desk import Desk

BUS = Timetable(("Giờ", "Tuyến", "Bến"), (("5:30", "T01 Quy Nhơn", "Chợ Gò Bồi"), ("17:15", "T01 Quy Nhơn", "Ngã ba")))
VACCINES = Timetable(
    ("Ngày", "Giờ", "Thôn"),
    (
        ("25/11/2026", "7:30 – 11:00", "Quảng Vân"),
        ("26/11/2026", "7:30 – 11:00", "Lộc Hạ"),
        ("26/11/2026", "14:00 – 16:30", "Vinh Quang"),
        ("27/11/2026", "7:30", "Kỳ Sơn"),
    ),
    day=True,
    hour=True,
)
# As weather services answer, shortened; made up.
WEATHER: dict[str, Any] = {
    "station": {"name": "Tuy Phước", "id": "48870"},
    "current": {"time": "2026-11-26T14:00", "temperature": 27.4, "rain": 0.0, "wind_speed": 12, "sky": "Nhiều mây"},
    "hourly": [{"time": "2026-11-26T15:00", "temperature": 27.1}],
}
PRICES = (
    "Mặt hàng;Đơn vị;Giá;Tăng giảm\nLúa ĐV108;kg;7.200;100\nLúa Khang dân;kg;7.000;-50\nCau tươi;kg;45.000;0\n"
    "Heo hơi;kg;62.000;-1.500\n"
)
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin xã</title>
<item><title>Thu hoạch lúa &amp;amp; mùa <![CDATA[<b>vụ</b>]]></title>
<pubDate>Thu, 26 Nov 2026 01:00:00 GMT</pubDate></item>
<item><title>Ra quân làm đường</title></item></channel></rss>"""
SHAPES = {"values": "weather", "rows": "prices", "titles": "titles"}
PICKS = (Pick("Nhiệt độ", "current.temperature", "°C", 1), Pick("Gió", "current.wind_speed", "km/h", 3))


def weather(address: str, **more: Any) -> Feed:
    """Temperature and wind, every half hour, for two hours at most."""
    given: dict[str, Any] = {"shape": "values", "form": "json", "every": 30, "oldest": 120, "picks": PICKS}
    return Feed(address=address, **(given | more))


def prices(address: str, **more: Any) -> Feed:
    """Four columns of a CSV file."""
    names = ("Mặt hàng", "Đơn vị", "Giá", "Tăng giảm")
    picks = tuple(Pick(name, name, slot=at) for at, name in enumerate(names))
    given: dict[str, Any] = {"shape": "rows", "form": "csv", "every": 60, "oldest": 180, "picks": picks}
    return Feed(address=address, change="Tăng giảm", **(given | more))


@dataclass
class Feeding:
    """What was told of changed pages stands in `told`."""

    desk: Desk
    told: list[bool] = field(default_factory=list)

    def written(self, terms: Terms, title: str = "Thời tiết hôm nay", kind: str = "", **more: Any) -> Edition:
        """A new source that waits for approval."""
        usual = "timetable" if isinstance(terms, Timetable) else SHAPES[terms.shape]
        given: dict[str, Any] = {"kind": kind or usual, "place_id": self.desk.here.pk, "title": title, "terms": terms}
        given |= {"sample": Taken(rows=(("Nhiệt độ", "27 °C"),)), "actor": self.desk.editor, "now": self.desk.now}
        return actions.create(**(given | more))

    def approve(self, edition: Edition, by: Person | None = None, now: datetime | None = None) -> None:
        review = Edition.objects.get(pk=edition.pk).review
        assert review is not None
        seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
        reviews.approve(review=review, actor=by or self.desk.approver, now=now or self.desk.now, **seen)

    def source(self, terms: Terms, **more: Any) -> Source:
        """A source that was approved."""
        edition = self.written(terms, **more)
        self.approve(edition)
        return edition.source


def fresh(source: Source) -> Source:
    return Source.objects.get(pk=source.pk)


def looked(source: Source, now: datetime, found: Look | None = None) -> Source:
    """One look, as the service does."""
    edition, feed = service._terms(queries.with_approved().get(pk=source.pk))
    assert isinstance(feed, Feed)
    kept = fresh(source)
    brought = found or look(feed, now, etag=kept.etag, modified=kept.modified)
    actions.looked(source=source, edition=edition, look=brought, now=now)
    return fresh(source)


def page(source: Source, now: datetime, read: Callable[[str], bytes]) -> document.Document | None:
    """What boards show of it."""
    file = queries.current(fresh(source), now)
    return document.read(read(file.path)) if file else None


def as_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def terms(edition: Edition) -> Terms:
    return terms_of(edition.terms)
