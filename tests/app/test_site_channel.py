"""Sites are a channel, but no kind of device: nothing that goes out to devices ever counts them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.config import urls as whole
from nguon.delivery.models import Broadcast
from nguon.devices import channels
from nguon.newsroom import queries as bulletins
from nguon.newsroom import showing, shown
from nguon.newsroom.shown import Shown
from nguon.portal.models import Site
from nguon.ports.channel import Wording
from nguon.programme import queries as programme
from tests.app import desk as desks
from tests.app.desk import Desk, make_desk
from tests.app.postings import as_, site

pytestmark = pytest.mark.django_db
SPEAKER = "nguon.channels.speaker.Speaker"
assert whole.urlpatterns, "read while every channel has its line: a test here takes some away"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def only_speakers(settings: Any) -> Iterator[None]:
    settings.NGUON_CHANNELS = [SPEAKER]
    channels.status.cache_clear()
    yield
    channels.status.cache_clear()


def test_it_is_a_channel_but_no_kind_of_device() -> None:
    assert "site" in channels.active()
    assert "site" not in channels.driven()
    assert "site" not in dict(channels.choices())


@pytest.mark.boards  # with one kind of device there is no choice to look at
def test_a_device_cannot_be_of_it(desk: Desk) -> None:
    technician = desks.person("kt", "Bùi Kỹ Thuật", desk.here, "technician")
    page = as_(technician).get(reverse("devices:new")).text
    assert 'value="speaker"' in page
    assert 'value="site"' not in page


def test_an_article_is_kept_at_the_hand_in_but_goes_out_to_no_device(desk: Desk) -> None:
    version = bulletins.newest(desk.waiting())
    assert "site" in showing.kept(version)
    assert "site" not in showing.driven(version, desk.now)
    assert "site" not in showing.at_once(Wording("Cháy rừng", "Sơ tán ngay.", "vi"), "cháy", desk.now)
    assert "site" not in programme.kinds(version)


def test_a_broadcast_is_never_on_it(desk: Desk) -> None:
    desks.device("Cụm loa", desk.here, desk.now)
    bulletin = desk.approved()
    when = {"when": "now", "expires_at": desks.in_hours(desk, 20).strftime("%Y-%m-%dT%H:%M")}
    as_(desk.both).post(f"/ban-tin/{bulletin.pk}/phat", {"place": [str(desk.here.pk)], **when})
    broadcast = Broadcast.objects.get()
    assert broadcast.channel == "speaker"
    assert "site" not in list(broadcast.forms.values_list("channel", flat=True))


def test_who_writes_and_who_approves_see_the_article(desk: Desk) -> None:
    bulletin = desk.waiting()
    (article,) = (one for one in shown.of(bulletins.newest(bulletin)) if one.kind == "site")
    assert isinstance(article, Shown)
    assert article.duration_ms == 0
    review = bulletins.newest(bulletin).review
    assert review is not None
    for where, person in ((f"/duyet/{review.pk}", desk.approver), (f"/ban-tin/{bulletin.pk}", desk.editor)):
        page = as_(person).get(where).text
        assert article.page in page, where
        assert 'data-shown="site"' in page
    assert 'data-shown="site"' in as_(desk.editor).get("/ban-tin/moi").text


def test_the_frame_is_for_officers_and_stands_in_pages_of_ours_alone(desk: Desk) -> None:
    where = reverse("site-office:preview")
    assert Client().get(where).status_code == 302
    answer = as_(desk.stranger).get(where)
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_without_its_line_no_site_is_served_and_nothing_else_is_missed(desk: Desk, only_speakers: None) -> None:
    site(desk.here, "phuoc-thuan", desk.now)
    assert Client().get("/trang/phuoc-thuan/").status_code == 404
    bulletin = desk.approved()
    assert "site" not in showing.kept(bulletins.newest(bulletin))
    client = as_(desk.editor)
    assert client.get(f"/ban-tin/{bulletin.pk}").status_code == 200
    assert client.get("/trang-xa/tin/").status_code == 200
    sent = client.post(f"/trang-xa/dang/{bulletin.pk}", {"when": "now", **all_sites()})
    assert "Kênh trang thông tin đang tắt" in sent.text


def all_sites() -> dict[str, str]:
    return {f"site-{one.pk.hex}": "on" for one in Site.objects.all()}
