"""Whoever tells something, in tests: the pages as a browser without scripts uses them."""

import re
from typing import Any

from django.test import Client

from nguon.feedback.models import Case
from nguon.portal.models import Site
from tests.app.told import WORDS, Hall

SITE = "/trang/phuoc-thuan/phan-anh"


def make_site(hall: Hall) -> Site:
    """The open site of the commune."""
    times = {"opened_at": hall.now, "created_at": hall.now, "updated_at": hall.now}
    return Site.objects.create(place=hall.here, slug="phuoc-thuan", name="Xã Phước Thuận", **times)


def fields(page: str) -> dict[str, str]:
    """What the form of a page sends as it stands: its hidden fields."""
    hidden = re.findall(r'<input type="hidden"[^>]*>', page)
    named = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in hidden]
    return {name[1]: value[1] if value else "" for name, value in named if name}


def what(hall: Hall, **changes: Any) -> dict[str, Any]:
    """The first step, filled in."""
    return {"step": "1", "words": WORDS, "place": hall.hamlet.pk.hex, "field": "", **changes}


def tell(client: Client, hall: Hall, where: str = SITE, **who: Any) -> Any:
    """Both steps; the answer to the second."""
    second = client.post(f"{where}/gui", what(hall))
    assert second.status_code == 200, second.text
    return client.post(f"{where}/gui", {**fields(second.text), **who})


def the_case() -> Case:
    """The only one."""
    return Case.objects.get()
