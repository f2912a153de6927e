"""A site of a commune for tests of its office: its parts, who approves, who looks at it."""

from django.test import Client

from nguon.people.models import Person
from nguon.portal import editions
from nguon.portal.actions import About
from nguon.portal.models import Edition, Section, Site
from nguon.portal.papers import Said
from nguon.review import actions as reviews
from nguon.review.models import Review
from tests.app.desk import Desk

ABOUT = About(
    name="Trang xã Phước Thuận", owner="UBND xã", responsible="Ông A", address="Tân Thuận", phone="1", hours="Sáng"
)
SAID = Said(title="Kế hoạch phòng chống thiên tai", sign="15/KH-UBND", url="https://a.example/15.pdf")


def section(site: Site, key: str) -> Section:
    return site.sections.get(key=key)


def approve(review: Review | None, desk: Desk, by: Person | None = None) -> None:
    assert review is not None
    seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    reviews.approve(review=review, actor=by or desk.approver, now=desk.now, **seen)


def written(site: Site, web: Person, desk: Desk, body: str = "Xã có 8 thôn.") -> Edition:
    edition = editions.write(section=section(site, "gioi-thieu"), body=body, seen=0, actor=web, now=desk.now)
    editions.hand_in(edition=edition, actor=web, now=desk.now)
    edition.refresh_from_db()
    return edition


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client
