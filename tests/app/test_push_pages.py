"""The page where one asks to be told: what it says, what it takes from strangers and what it refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from nguon.channels.site import public_push
from nguon.outside.addresses import networks
from nguon.portal.following import actions, queries, rules
from nguon.portal.models import Follower, Section, Site
from tests.app import postings
from tests.app.desk import Desk, make_desk, person
from tests.app.pushing import CONTACT, PushService, plain

pytestmark = pytest.mark.django_db
AT = "/trang/phuoc-thuan/nhan-tin-dien-thoai/"
SERVICES = rules.names("fcm.googleapis.com,.push.services.mozilla.com")
NEAR = networks("127.0.0.1/32")


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def site(desk: Desk) -> Site:
    made = postings.site(desk.here, "phuoc-thuan", desk.now)
    for number, key in enumerate(("tin-tuc", "khoa-hoc")):
        values = {"title": f"Mục {key}", "categories": ["local"], "number": number}
        Section.objects.create(site=made, key=key, kind="news", **values)
    return made


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    settings.NGUON_LINK_NETWORKS, settings.NGUON_PUSH_CONTACT = "127.0.0.1/32", CONTACT
    cache.clear()
    yield PushService("http://127.0.0.1:9")
    cache.clear()


def send(what: str, said: Any, **how: Any) -> tuple[int, dict[str, Any]]:
    body = said if isinstance(said, str) else json.dumps(said)
    answer = Client().post(AT + what, body, **({"content_type": "application/json"} | how))
    return answer.status_code, answer.json()


def keep(service: PushService, name: str = "may-1", **chosen: Any) -> tuple[int, dict[str, Any]]:
    subscription = service.browser(name).subscription
    return send("giu", {"subscription": subscription, **(chosen or {"warnings": True})})


def test_nothing_is_ticked_and_the_key_of_the_server_stands_there(site: Site, service: PushService) -> None:
    page = Client().get(AT)
    assert page.status_code == 200
    assert "checked" not in page.text
    key = page.text.partition('data-key="')[2].partition('"')[0]
    assert len(rules.decoded(key)) == 65
    assert "Mục khoa-hoc" in page.text
    assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=1", "the same for everybody"
    assert "Set-Cookie" not in page.headers
    assert "Tin mới trong ứng dụng đọc tin (RSS)" in page.text, "there is another way without scripts"


def test_every_page_and_the_alerts_lead_there(site: Site, service: PushService) -> None:
    assert f'href="{AT}"' in Client().get("/trang/phuoc-thuan/").text
    assert f'href="{AT}#canh-bao"' in Client().get("/trang/phuoc-thuan/canh-bao-hien-co/").text
    assert AT not in Client().get("/canh-bao-hien-co/").text


def test_a_browser_asks_is_known_changes_and_stops(site: Site, service: PushService) -> None:
    endpoint = {"endpoint": service.browser().endpoint}
    assert send("xem", endpoint) == (200, {"follows": False})
    assert keep(service, warnings=True, sections=["tin-tuc", "khong-co"]) == (200, {"follows": True})
    told = {"follows": True, "warnings": True, "all_news": False, "sections": ["tin-tuc"]}
    assert send("xem", endpoint) == (200, told)
    keep(service, all_news=True, sections=["tin-tuc"])
    assert send("xem", endpoint)[1] == {"follows": True, "warnings": False, "all_news": True, "sections": []}
    assert Follower.objects.count() == 1
    assert send("thoi", endpoint) == (200, {"follows": False})
    assert send("thoi", endpoint) == (200, {"follows": False})
    assert not Follower.objects.exists()


def test_a_browser_that_got_another_address_follows_there(site: Site, service: PushService) -> None:
    keep(service, "cu", warnings=True)
    moved = {"before": service.browser("cu").endpoint, "subscription": service.browser("moi").subscription}
    assert send("doi", moved) == (200, {"follows": True})
    assert send("xem", {"endpoint": service.browser("moi").endpoint})[1]["warnings"] is True
    assert send("doi", moved) == (200, {"follows": False})
    assert Follower.objects.count() == 1


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("http://127.0.0.1:8080/x", True),  # the operator named that network
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@10.0.0.1/x", False),
        ("https://fcm.googleapis.com.example.vn/x", False),
        ("https://push.services.mozilla.com.example/x", False),
        ("https://10.12.0.4/x", False),
        ("https://[::1]/x", False),
        ("https://localhost/x", False),
        ("https://example.vn/x", False),
        ("ftp://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com/a b", False),
        ("https://fcm.googleapis.com/\r\nX: y", False),
        ("https://fcm.googleapis.com:x/", False),
        ("https://[/", False),
        ("", False),
        ("https://fcm.googleapis.com/" + "x" * 1000, False),
    ],
)
def test_where_something_may_be_sent(endpoint: str, good: bool) -> None:
    assert rules.allowed(endpoint, SERVICES, NEAR) is good


def test_no_address_of_the_own_network_is_taken(site: Site, service: PushService, settings: Settings) -> None:
    settings.NGUON_LINK_NETWORKS = ""
    status, said = keep(service)
    assert status == 422
    assert "RSS" in said["wrong"]
    assert not Follower.objects.exists()


@pytest.mark.parametrize("keys", [{"p256dh": plain(b"\4" + b"\7" * 64)}, {"auth": plain(b"short")}, {"p256dh": "!!"}])
def test_keys_that_are_none_are_refused(keys: dict[str, str], site: Site, service: PushService) -> None:
    given = service.browser().subscription
    status, said = send("giu", {"subscription": {**given, "keys": {**given["keys"], **keys}}, "warnings": True})
    assert (status, "khóa" in said["wrong"]) == (422, True)
    assert not Follower.objects.exists()


def test_nothing_chosen_is_said_and_nothing_kept(site: Site, service: PushService) -> None:
    for chosen in ({"warnings": False}, {"sections": ["khong-co"]}):
        status, said = keep(service, **chosen)
        assert status == 422
        assert said["wrong"].startswith("Hãy chọn ít nhất một loại tin.")


@pytest.mark.parametrize("said", ["", "[]", "{", '{"endpoint": 5}', '{"subscription": {}}', '{"endpoint": "x"}' * 3000])
def test_nonsense_is_refused_in_words(said: str, site: Site, service: PushService) -> None:
    for what in ("xem", "giu", "thoi", "doi"):
        status, answer = send(what, said)
        assert status == 400
        assert answer["wrong"] == "Yêu cầu không đúng. Hãy tải lại trang rồi thử lại."


def test_a_form_of_another_page_can_ask_nothing(site: Site, service: PushService) -> None:
    body = json.dumps({"subscription": service.browser().subscription, "warnings": True})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert send("giu", body, content_type=kind)[0] == 400
    assert not Follower.objects.exists()


def test_a_flood_from_one_network_and_too_many_for_one_site_are_held_back(
    site: Site, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_push, "MOST_AN_HOUR", 2)
    given = {"subscription": service.browser().subscription, "warnings": True}
    answers = [send("giu", given, REMOTE_ADDR="203.0.113.9")[0] for _ in range(3)]
    assert answers == [200, 200, 429]
    assert send("giu", given, REMOTE_ADDR="203.0.113.10")[0] == 200
    monkeypatch.setattr(actions, "MOST_OF_SITE", 1)
    assert keep(service, "thu-hai")[0] == 422
    assert keep(service)[0] == 200, "who is there already may change"


@pytest.mark.parametrize(
    "given",
    [{"NGUON_PUSH": False}, {"NGUON_PUSH_CONTACT": "", "NGUON_PUBLIC_URL": "http://127.0.0.1:8000"}],
)
def test_turned_off_nothing_is_offered_and_the_page_says_what_else_there_is(
    given: dict[str, Any], site: Site, service: PushService, settings: Settings, desk: Desk
) -> None:
    for name, value in given.items():
        setattr(settings, name, value)
    assert "nhan-tin-dien-thoai" not in Client().get("/trang/phuoc-thuan/").text
    page = Client().get(AT)
    assert "Trang này hiện không gửi tin tới điện thoại." in page.text
    assert "podcast" in page.text
    assert "push.js" not in page.text
    assert keep(service)[0] == 503
    assert queries.count(site) is None


def test_the_address_of_the_server_is_the_contact_where_none_was_set(
    site: Site, service: PushService, settings: Settings
) -> None:
    settings.NGUON_PUSH_CONTACT, settings.NGUON_PUBLIC_URL = "", "https://truyenthanh.example"
    assert "push.js" in Client().get(AT).text


def test_the_worker_speaks_for_its_site_only(site: Site, service: PushService) -> None:
    worker = Client().get("/trang/phuoc-thuan/may-nhan-tin.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in worker.headers, "its scope is where it lies"
    assert 'data-worker="/trang/phuoc-thuan/may-nhan-tin.js"' in Client().get(AT).text
    assert 'data-scope="/trang/phuoc-thuan/"' in Client().get(AT).text
    assert Client().get("/may-nhan-tin.js").status_code == 404, "the server itself has none"


def test_a_site_with_its_own_name_has_its_worker_at_the_root(site: Site, service: PushService) -> None:
    Site.objects.filter(pk=site.pk).update(host="phuocthuan.example")
    cache.clear()
    page = Client(HTTP_HOST="phuocthuan.example").get("/nhan-tin-dien-thoai/")
    assert 'data-scope="/"' in page.text
    assert Client(HTTP_HOST="phuocthuan.example").get("/may-nhan-tin.js").status_code == 200


def test_the_site_can_stand_on_the_home_screen(site: Site, service: PushService) -> None:
    app = Client().get(f"{AT}trang.webmanifest")
    said = app.json()
    assert (said["scope"], said["start_url"], said["display"]) == (*["/trang/phuoc-thuan/"] * 2, "standalone")
    assert app.headers["Content-Type"] == "application/manifest+json"


def test_the_office_sees_how_many_and_nobody_by_name(site: Site, service: PushService, desk: Desk) -> None:
    keeper = person("web", "Cán Bộ Trang", desk.here, "web")
    office = postings.as_(keeper)
    assert "Chưa có máy nào" in office.get(f"/trang-xa/{site.pk}").text
    keep(service, "mot", warnings=True), keep(service, "hai", all_news=True)
    keep(service, "ba", warnings=True, all_news=True)
    page = office.get(f"/trang-xa/{site.pk}").text
    assert "3 máy đang nhận: 2 nhận cảnh báo, 2 nhận tin mới" in page
    assert service.origin not in page
