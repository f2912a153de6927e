"""Placing: only what was approved, only where one may, only where something plays."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from nguon.delivery.models import Broadcast, Target
from nguon.delivery.models import State as BroadcastState
from nguon.delivery.rules import Targets
from nguon.devices.models import Group, Status
from nguon.newsroom import actions as newsroom
from nguon.newsroom import queries as bulletins
from nguon.newsroom.models import Bulletin
from nguon.newsroom.rules import State, subject
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.programme import actions, queries
from nguon.programme.actions import NobodyThere, NotApproved, ProgrammeError, WrongTime
from nguon.programme.models import Policy
from tests.app.desk import Desk, device, in_hours, make_desk, sounding

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    desk = make_desk()
    device("Cụm Quảng Vân 1", desk.one, desk.now)
    device("Cụm Quảng Vân 2", desk.one, desk.now, online=False)
    device("Cụm Lộc Hạ", desk.two, desk.now)
    device("Cụm Kỳ Sơn", desk.far, desk.now)
    return desk


def at(*places: UUID) -> Targets:
    return Targets(places=places)


def place(
    desk: Desk,
    bulletin: Bulletin,
    targets: Targets | None = None,
    *,
    actor: Person | None = None,
    start_at: datetime | None = None,
    expires_at: datetime | None = None,
    now: datetime | None = None,
) -> Broadcast:
    return actions.place(
        bulletin=bulletin,
        targets=at(desk.one.pk, desk.two.pk) if targets is None else targets,
        start_at=start_at,
        expires_at=expires_at or in_hours(desk, 4),
        actor=actor or desk.editor,
        now=now or desk.now,
    )


def test_an_approved_bulletin_goes_out_under_its_approval(desk: Desk) -> None:
    bulletin = desk.approved(priority="priority")
    version = bulletins.newest(bulletin)
    made = place(desk, bulletin)
    assert made.subject == subject(version.pk)
    assert made.review == version.review_id
    assert version.review is not None
    assert made.file_id == version.review.media_hash
    assert (made.level, made.channel, made.place_id, made.title) == (60, "speaker", desk.here.pk, version.title)
    assert set(made.targets.values_list("place", flat=True)) == {desk.one.pk, desk.two.pk}
    assert place(desk, desk.approved()).level == 40


def test_what_is_not_approved_does_not_go_out(desk: Desk) -> None:
    bulletin = desk.waiting()
    with pytest.raises(NotApproved):
        place(desk, bulletin)
    desk.edit(desk.approved(desk.written()), 1, title="Tên khác")
    edited = desk.approved()
    desk.edit(edited, 1, title="Đổi sau khi duyệt")
    with pytest.raises(NotApproved):
        place(desk, edited)
    renewed = desk.approved()
    sounding(bulletins.newest(renewed), desk.now, seed="again")
    with pytest.raises(NotApproved):
        place(desk, renewed)
    gone = desk.approved()
    newsroom.withdraw(bulletin=gone, reason="Nhầm", actor=desk.editor, now=desk.now)
    with pytest.raises(NotApproved, match="đã rút"):
        place(desk, gone)
    assert not Broadcast.objects.exists()


def test_an_expired_bulletin_and_an_emergency_do_not_go_out(desk: Desk) -> None:
    bulletin = desk.approved(valid_to=in_hours(desk, 1))
    with pytest.raises(NotApproved, match="hết hạn"):
        place(desk, bulletin, now=in_hours(desk, 2), expires_at=in_hours(desk, 3))
    Bulletin.objects.filter(pk=bulletin.pk).update(priority="emergency")
    with pytest.raises(ProgrammeError, match="khẩn cấp"):
        place(desk, bulletin, expires_at=in_hours(desk, 0.5))


def test_only_where_one_may_broadcast(desk: Desk) -> None:
    bulletin = desk.approved()
    far = Group.objects.create(name="Nhóm xa", place=desk.there)
    for targets in (
        at(desk.far.pk),
        at(desk.one.pk, desk.there.pk),
        at(desk.root.pk),
        at(uuid4()),
        Targets(groups=(far.pk,)),
        Targets(devices=(device("Cụm xa", desk.far, desk.now).pk,)),
    ):
        with pytest.raises(Forbidden):
            place(desk, bulletin, targets)
    for person in (desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            place(desk, bulletin, actor=person)
    with pytest.raises(Forbidden):  # a bulletin of another commune, on one's own loudspeakers
        place(desk, bulletin, at(desk.far.pk), actor=desk.neighbour)
    assert not Broadcast.objects.exists()


def test_a_target_without_a_device_is_named(desk: Desk) -> None:
    bulletin = desk.approved()
    with pytest.raises(NobodyThere, match="Chưa chọn"):
        place(desk, bulletin, Targets())
    desk.one.devices.update(status=Status.REPAIR)
    group = Group.objects.create(name="Loa gần trường học", place=desk.here)
    with pytest.raises(NobodyThere, match="thôn Quảng Vân và Loa gần trường học") as caught:
        place(desk, bulletin, Targets(places=(desk.one.pk, desk.two.pk), groups=(group.pk,)))
    assert "Lộc Hạ" not in str(caught.value)


def test_a_place_in_another_chosen_one_is_not_a_second_target(desk: Desk) -> None:
    made = place(desk, desk.approved(), at(desk.one.pk, desk.here.pk, desk.two.pk))
    assert list(Target.objects.filter(broadcast=made).values_list("place", flat=True)) == [desk.here.pk]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (-1.0, 4.0, "đã qua"),
        (4.0, 3.0, "phải sau"),
        (4.0, 4.0, "phải sau"),
        (None, -1.0, "phải sau"),
        (24 * 31.0, 24 * 32.0, "quá xa"),
        (2.0, 24 * 9.0, "nhiều nhất là 7 ngày"),
        (None, 9.0, "hiệu lực"),
        (None, 4.0, "chưa đến ngày"),
    ],
)
def test_times_that_do_not_fit(desk: Desk, start: float | None, end: float, words: str) -> None:
    bulletin = desk.approved(
        valid_from=in_hours(desk, 1) if words == "chưa đến ngày" else None,
        valid_to=in_hours(desk, 8) if words == "hiệu lực" else None,
    )
    with pytest.raises(WrongTime, match=words):
        place(
            desk,
            bulletin,
            start_at=None if start is None else in_hours(desk, start),
            expires_at=in_hours(desk, end),
        )


def test_a_time_that_has_just_come_means_now(desk: Desk) -> None:
    bulletin = desk.approved()
    assert place(desk, bulletin, start_at=desk.now - timedelta(seconds=30)).start_at is None
    assert place(desk, bulletin, start_at=in_hours(desk, 1)).start_at == in_hours(desk, 1)


def test_withdrawing_stops_every_broadcast_of_every_version(desk: Desk) -> None:
    bulletin = desk.approved()
    first, done = place(desk, bulletin), place(desk, bulletin)
    Broadcast.objects.filter(pk=done.pk).update(state=BroadcastState.DONE)
    desk.edit(bulletin, 1, title="Bản hai")
    second = place(desk, desk.approved(bulletin))
    other = place(desk, desk.approved())
    assert actions.withdraw(bulletin=bulletin, reason="Đổi lịch", actor=desk.editor, now=desk.now) == 2
    states = dict(Broadcast.objects.values_list("pk", "state"))
    assert states[first.pk] == states[second.pk] == BroadcastState.STOPPED
    assert states[done.pk] == BroadcastState.DONE
    assert states[other.pk] == BroadcastState.QUEUED
    assert desk.state(bulletin) == State.WITHDRAWN
    assert set(queries.broadcasts(desk.editor, bulletin)) == {first, second, done}
    assert queries.broadcasts(desk.neighbour, bulletin) == []


def test_the_sentence_says_what_will_happen(desk: Desk) -> None:
    now = datetime.fromisoformat("2026-11-23T03:00:00+00:00")
    found = queries.preview(
        desk.editor,
        targets=at(desk.one.pk, desk.two.pk),
        kinds=("speaker",),
        start_at=None,
        expires_at=now + timedelta(hours=7),
        now=now,
    )
    assert found is not None
    assert found.sentence == "Phát ngay tới 3 cụm loa ở thôn Quảng Vân và thôn Lộc Hạ, hạn đến 17:00 hôm nay."
    assert (found.reach.online, found.reach.offline_names) == (2, ("Cụm Quảng Vân 2",))


def test_the_preview_tells_nothing_of_other_places(desk: Desk) -> None:
    for targets in (at(desk.far.pk), at(desk.root.pk), Targets()):
        assert (
            queries.preview(
                desk.editor,
                targets=targets,
                kinds=("speaker",),
                start_at=None,
                expires_at=in_hours(desk, 1),
                now=desk.now,
            )
            is None
        )


def test_the_choices_are_the_persons_own_tree_with_counts(desk: Desk) -> None:
    Group.objects.create(name="Trống", place=desk.here)
    found = queries.choices(desk.editor, ("speaker",), desk.now.date())
    assert [(node.place, node.devices) for node in found.roots] == [(desk.here, 3)]
    assert {(node.place, node.devices) for node in found.roots[0].children} == {(desk.one, 2), (desk.two, 1)}
    assert {str(one) for one in found.devices} == {"Cụm Quảng Vân 1", "Cụm Quảng Vân 2", "Cụm Lộc Hạ"}
    assert found.groups == ()
    assert queries.choices(desk.stranger, ("speaker",), desk.now.date()).roots == ()


def test_so_many_single_targets_that_the_order_would_not_fit_are_refused(desk: Desk) -> None:
    many = Targets(devices=tuple(uuid4() for _ in range(501)))
    with pytest.raises(ProgrammeError, match="quá nhiều nơi nhận"):
        place(desk, desk.approved(), many)


def test_what_goes_out_with_an_earlier_wording_is_shown_and_stopped_by_one_tap(desk: Desk, client: Client) -> None:
    bulletin = desk.approved()
    old = [place(desk, bulletin), place(desk, bulletin, start_at=in_hours(desk, 1))]
    assert queries.outdated(bulletin) == []
    desk.edit(bulletin, 1, body="Cắt điện từ 8 giờ chứ không phải 7 giờ.")
    bulletin.refresh_from_db()
    assert {one.pk for one in queries.outdated(bulletin)} == {one.pk for one in old}
    with pytest.raises(Forbidden):
        actions.stop_outdated(bulletin=bulletin, actor=desk.neighbour, now=desk.now)

    client.force_login(desk.watcher)
    shown = client.get(reverse("programme:broadcasts", args=[bulletin.pk])).content.decode()
    assert "2 lượt phát của bản trước khi sửa" in shown
    assert "Dừng bản cũ" not in shown
    client.force_login(desk.editor)
    assert "Dừng bản cũ" in client.get(reverse("programme:broadcasts", args=[bulletin.pk])).content.decode()
    client.post(reverse("programme:stop-outdated", args=[bulletin.pk]))
    assert {one.state for one in Broadcast.objects.all()} == {BroadcastState.STOPPED}
    assert "bản trước khi sửa" not in client.get(reverse("programme:broadcasts", args=[bulletin.pk])).content.decode()


def test_quiet_hours_are_told_before_anything_is_sent(desk: Desk) -> None:
    made = {"created_by": desk.both, "created_at": desk.now, "changed_at": desk.now}
    Policy.objects.create(place=desk.root, basis="Quy chế mẫu", quiet=[["00:00", "00:00"]], **made)
    Policy.objects.create(place=desk.there, basis="Quy chế nơi khác", quiet=[["00:00", "00:00"]], **made)
    given: dict[str, Any] = {"kinds": ("speaker",), "start_at": None, "expires_at": in_hours(desk, 2), "now": desk.now}
    found = queries.preview(desk.editor, targets=at(desk.one.pk), **given)
    assert found is not None
    assert found.quiet == ("Quy chế mẫu",)
    Policy.objects.update(ended_at=desk.now)
    found = queries.preview(desk.editor, targets=at(desk.one.pk), **given)
    assert found is not None
    assert found.quiet == ()
