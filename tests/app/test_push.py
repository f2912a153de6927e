"""Telephones that are told: of warnings and their end, of articles; what a push service answers, and what is kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from nguon import vault
from nguon.alerts import actions as alerts
from nguon.alerts.models import Alert
from nguon.alerts.rules import Stage
from nguon.cap.hazards import Kind
from nguon.channels.site.push import noticing, outbox, sending, vapid
from nguon.kit import clock
from nguon.portal.following import actions, rules
from nguon.portal.following.rules import Browser, Wish
from nguon.portal.models import Follower, Notice, Parcel, Posting, PushKey, Section, Site
from nguon.vault import rows
from tests.app import postings, pushing, warning
from tests.app.desk import Desk, make_desk
from tests.app.pushing import CONTACT, PushService
from tests.app.warning import District

pytestmark = pytest.mark.django_db
NOW = clock.now()
BEFORE = NOW - timedelta(hours=1)


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    settings.NGUON_LINK_NETWORKS, settings.NGUON_PUSH_CONTACT = "127.0.0.1/32", CONTACT
    with pushing.serving() as made:
        yield made
        assert made.wrong == []


@pytest.fixture
def world() -> District:
    built = warning.build(NOW)
    for where, slug in ((built.commune, "phuoc-thuan"), (built.other, "phuoc-loc")):
        values = {"opened_at": BEFORE, "created_at": BEFORE, "updated_at": BEFORE}
        Site.objects.create(place=where, slug=slug, name=f"Trang {where}", **values)
    return built


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def site(slug: str = "phuoc-thuan") -> Site:
    return Site.objects.get(slug=slug)


def follow(
    service: PushService, name: str = "may-1", slug: str = "phuoc-thuan", at: datetime = BEFORE, **what: Any
) -> Follower:
    given = service.browser(name).subscription
    browser = Browser(given["endpoint"], **given["keys"])
    return actions.follow(site=site(slug), browser=browser, wish=Wish(**(what or {"warnings": True})), now=at)


def run(now: datetime = NOW) -> None:
    """One turn of everything, as the service takes it."""
    noticing.turn(now)
    for urgent in (True, False):
        while jobs := outbox.claim(urgent, now):
            outbox.settle([(job, sending.send(job)) for job in jobs], now)


def titles(service: PushService) -> list[str]:
    return [one.said["title"] for one in service.came]


def test_a_warning_comes_at_once_with_what_to_do_and_until_when(world: District, service: PushService) -> None:
    follow(service)
    alert = world.live(NOW)
    run()
    (came,) = service.came
    assert came.said["title"] == alert.headline
    assert "Xã Phước Thuận · Cấp 3: rủi ro lớn" in came.said["body"]
    assert "Hiệu lực đến" in came.said["body"]
    assert came.said["to"] == f"canh-bao-hien-co/#tin-{alert.pk.hex}"
    assert came.said["stays"] is True
    assert came.headers["urgency"] == "high"
    assert int(came.headers["ttl"]) == 6 * 3600
    assert came.headers["topic"] == came.said["tag"]
    run()
    assert len(service.came) == 1, "told once"
    assert Follower.objects.get().sent_at == NOW
    assert not Parcel.objects.exists()


def test_the_neighbour_and_who_wants_only_news_are_not_told(world: District, service: PushService) -> None:
    follow(service, "lang-gieng", "phuoc-loc")
    follow(service, "chi-tin", all_news=True)
    world.live(NOW)
    run()
    assert service.asked == []


def test_who_asks_later_is_not_told_of_what_stood_on_the_page_already(world: District, service: PushService) -> None:
    world.live(NOW)
    follow(service, at=NOW + timedelta(minutes=5))
    run(NOW + timedelta(minutes=6))
    assert service.came == []


def test_the_end_of_a_warning_takes_its_place(world: District, service: PushService) -> None:
    follow(service)
    alert = world.live(NOW)
    run()
    alerts.stop(alert=alert, actor=world.leader, now=NOW + timedelta(minutes=3))
    run(NOW + timedelta(minutes=3))
    first, second = service.came
    assert second.said["title"] == f"Đã hết: {alert.headline}"
    assert second.said["body"] == "Xã Phước Thuận: tin này đã dừng."
    assert (second.said["tag"], second.headers["topic"]) == (first.said["tag"], first.headers["topic"])
    assert second.said["stays"] is False
    run(NOW + timedelta(minutes=4))
    assert len(service.came) == 2


def test_a_warning_that_runs_out_is_told_as_over(world: District, service: PushService) -> None:
    follow(service)
    world.live(NOW)
    run()
    run(NOW + timedelta(hours=6, seconds=1))
    assert [one.said["body"] for one in service.came][1] == "Xã Phước Thuận: tin này đã hết hiệu lực."


def test_a_correction_replaces_what_it_corrects_and_the_all_clear_ends_quietly(
    world: District, service: PushService
) -> None:
    follow(service)
    alert = world.live(NOW)
    run()
    over = world.live(NOW, headline="Lũ đã rút")
    Alert.objects.filter(pk=over.pk).update(kind=Kind.OVER, follows=alert)
    Alert.objects.filter(pk=alert.pk).update(state="replaced")
    run()
    run(NOW + timedelta(hours=7))
    assert titles(service) == [alert.headline, "Lũ đã rút"]
    assert len({one.headers["topic"] for one in service.came}) == 1


def test_a_warning_that_was_not_sent_yet_does_not_go_out_once_it_is_over(world: District, service: PushService) -> None:
    follow(service)
    alert = world.live(NOW)
    noticing.turn(NOW)
    alerts.stop(alert=alert, actor=world.leader, now=NOW)
    run()
    assert titles(service) == [f"Đã hết: {alert.headline}"]


def test_a_drill_says_that_it_is_one(world: District, service: PushService) -> None:
    follow(service)
    alert = world.live(NOW, headline="Diễn tập: sơ tán dân", drill=True)
    run()
    alerts.stop(alert=alert, actor=world.leader, now=NOW)
    run()
    assert titles(service) == ["Diễn tập: Sơ tán dân", "Diễn tập đã kết thúc: Sơ tán dân"]
    assert service.came[0].said["body"].startswith("Đây là diễn tập, không có nguy hiểm thật.")


def test_what_is_said_in_stages_comes_when_it_reaches_the_place(world: District, service: PushService) -> None:
    follow(service, "xa", "phuoc-loc")
    alert = world.wide(NOW)
    run()
    assert service.came == []
    later = NOW + timedelta(minutes=2)
    alert = alerts.widen(alert=alert, to=Stage.NEAR, actor=world.chief, now=later)
    run(later)
    assert service.came == [], "the commune after the pilot is another"
    alerts.widen(alert=alert, to=Stage.ALL, actor=world.chief, now=later + timedelta(minutes=2))
    run(later + timedelta(minutes=2))
    assert titles(service) == [alert.headline]


def test_an_article_comes_to_those_who_want_its_section(desk: Desk, service: PushService) -> None:
    here = postings.site(desk.here, "phuoc-thuan", desk.now - timedelta(days=1))
    rows = (("tin-tuc", ["local"]), ("khoa-hoc", ["science"]))
    for number, (key, categories) in enumerate(rows):
        values = {"title": key, "categories": categories, "number": number}
        Section.objects.create(site=here, key=key, kind="news", **values)
    before = desk.now - timedelta(hours=1)
    follow(service, "tat-ca", at=before, all_news=True)
    follow(service, "muc-nay", at=before, sections=("tin-tuc", "khong-co"))
    follow(service, "muc-khac", at=before, sections=("khoa-hoc",))
    follow(service, "canh-bao", at=before, warnings=True)
    posting = postings.up(desk, here)
    run(desk.now)
    assert sorted(one.name for one in service.came) == ["muc-nay", "tat-ca"]
    came = service.came[0]
    assert came.said["title"] == "Lịch cắt điện ngày 25/11"
    assert came.said["to"] == f"tin/{posting.slug}"
    assert came.headers["urgency"] == "normal"
    run(desk.now + timedelta(minutes=1))
    assert len(service.came) == 2


def test_an_article_comes_when_its_time_has_come_and_not_if_it_was_taken_down(desk: Desk, service: PushService) -> None:
    here = postings.site(desk.here, "phuoc-thuan", desk.now - timedelta(days=1))
    follow(service, at=desk.now - timedelta(hours=1), all_news=True)
    posting = postings.up(desk, here, at=desk.now + timedelta(hours=2))
    run(desk.now + timedelta(hours=1))
    assert service.came == []
    noticing.turn(desk.now + timedelta(hours=2))
    assert Parcel.objects.count() == 1
    Posting.objects.filter(pk=posting.pk).update(withdrawn_at=desk.now)
    run(desk.now + timedelta(hours=2, seconds=1))
    assert service.came == []
    assert Parcel.objects.count() == 0


@pytest.mark.parametrize("status", [404, 410])
def test_who_is_there_no_more_is_forgotten(status: int, world: District, service: PushService) -> None:
    follow(service, "roi-di"), follow(service, "con-day")
    service.answers["roi-di"] = (status, "")
    world.live(NOW)
    run()
    assert [one.name for one in service.came] == ["con-day"]
    assert [one.digest for one in Follower.objects.all()] == [rules.digest(service.browser("con-day").endpoint)]


def test_a_push_service_that_is_busy_is_asked_again_when_it_said(world: District, service: PushService) -> None:
    follow(service)
    service.answers["may-1"] = (429, "90")
    alert = world.live(NOW)
    run()
    run(NOW + timedelta(seconds=80))
    assert service.asked == ["may-1"]
    service.answers.clear()
    run(NOW + timedelta(seconds=91))
    assert titles(service) == [alert.headline]


def test_the_pauses_grow_until_the_message_is_of_no_use(world: District, service: PushService) -> None:
    follow(service)
    service.answers["may-1"] = (503, "")
    world.live(NOW)
    tried, at = [], NOW
    noticing.turn(NOW)
    while Parcel.objects.exists():
        at = Parcel.objects.get().next_at
        tried.append(at - NOW)
        jobs = outbox.claim(True, at)
        outbox.settle([(job, sending.send(job)) for job in jobs], at)
    pauses = [after - before for before, after in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert tried[-1] < timedelta(hours=6)
    assert Follower.objects.get().failing_since == NOW


def test_what_is_too_large_or_not_ours_to_send_is_given_up(world: District, service: PushService) -> None:
    follow(service, "to"), follow(service, "cam")
    service.answers |= {"to": (413, ""), "cam": (403, "")}
    world.live(NOW)
    run()
    assert not Parcel.objects.exists()
    assert Follower.objects.filter(failing_since=NOW).count() == 2


def test_who_is_refused_for_a_fortnight_is_forgotten_and_who_has_no_line_is_not(
    world: District, service: PushService
) -> None:
    refused, quiet = follow(service, "bi-tu-choi"), follow(service, "mat-mang")
    service.answers["bi-tu-choi"] = (403, "")
    Follower.objects.filter(pk=quiet.pk).update(secrets=vault.seal(_at("http://127.0.0.1:9/x", service), quiet.pk))
    world.live(NOW)
    run()
    assert Follower.objects.get(pk=quiet.pk).failing_since is None
    assert outbox.forget(NOW + timedelta(days=13)) == 0
    outbox.forget(NOW + timedelta(days=15))
    assert list(Follower.objects.values_list("pk", flat=True)) == [quiet.pk]
    assert refused.pk != quiet.pk


def _at(endpoint: str, service: PushService) -> dict[str, str]:
    return {"endpoint": endpoint, **service.browser("mat-mang").subscription["keys"]}


def test_two_senders_never_take_the_same(world: District, service: PushService) -> None:
    follow(service)
    world.live(NOW)
    noticing.turn(NOW)
    first, second = outbox.claim(True, NOW), outbox.claim(True, NOW)
    assert (len(first), second) == (1, [])
    assert len(outbox.claim(True, NOW + timedelta(minutes=3))) == 1, "one that died leaves it for the next"


def test_news_and_warnings_have_lanes_of_their_own(world: District, service: PushService) -> None:
    follow(service, all_news=True, warnings=True)
    world.live(NOW)
    noticing.turn(NOW)
    assert outbox.claim(False, NOW) == []
    assert len(outbox.claim(True, NOW)) == 1


def test_the_key_is_made_once_and_kept_sealed(service: PushService) -> None:
    first = vapid.key(NOW)
    assert vapid.key(NOW) == first
    assert PushKey.objects.count() == 1
    assert b"PRIVATE" not in bytes(first.secrets)
    assert vapid.secret(first).startswith("-----BEGIN PRIVATE KEY-----")


def test_where_a_browser_is_told_is_sealed_and_goes_along_with_a_change_of_keys(
    world: District, service: PushService
) -> None:
    found = follow(service)
    kept = bytes(found.secrets)
    assert service.origin.encode() not in kept
    vault.add_key()
    assert rows.seal_anew() >= 1
    alert = world.live(NOW)
    run()
    assert titles(service) == [alert.headline]


def test_the_address_is_judged_again_when_something_is_sent(
    world: District, service: PushService, settings: Settings
) -> None:
    follow(service)
    world.live(NOW)
    settings.NGUON_LINK_NETWORKS = ""
    run()
    assert service.asked == []
    assert not Parcel.objects.exists()


def test_what_was_told_is_thrown_away_after_a_while_but_for_what_is_in_force(
    world: District, service: PushService
) -> None:
    follow(service)
    world.live(NOW)
    run()
    noticing.tend(NOW + timedelta(days=61))
    assert Notice.objects.count() == 1
    Notice.objects.update(ended_at=NOW)
    noticing.tend(NOW + timedelta(days=61))
    assert Notice.objects.count() == 0


def test_without_followers_a_warning_leaves_nothing_behind(world: District, service: PushService) -> None:
    world.live(NOW)
    assert noticing.turn(NOW) == 0
    assert not Notice.objects.exists()
    assert Client().get("/trang/phuoc-thuan/").status_code == 200
