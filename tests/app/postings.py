"""Sites and postings for app tests, over the newsroom of `desk`."""

from datetime import datetime
from typing import Any

from django.test import Client

from nguon.newsroom.models import Bulletin
from nguon.people.models import Person
from nguon.places.models import Place
from nguon.portal import posting
from nguon.portal.models import Posting, Site
from tests.app.desk import Desk


def site(place: Place, slug: str, now: datetime, **values: Any) -> Site:
    """The open site of a place."""
    given = {"name": f"Trang thông tin điện tử {place}", "opened_at": now, "created_at": now, "updated_at": now}
    return Site.objects.create(place=place, slug=slug, **{**given, **values})


def up(desk: Desk, where: Site, bulletin: Bulletin | None = None, **how: Any) -> Posting:
    """An approved bulletin on a site."""
    at = how.pop("at", None)
    given = {"actor": desk.editor, "now": desk.now, **how}
    (made,) = posting.post(bulletin=bulletin or desk.approved(), sites={where: at}, **given)
    return made


def as_(person: Person) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(person)
    return client
