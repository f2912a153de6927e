"""The registry and the enrolment of devices."""

from datetime import date, timedelta

import pytest

from nguon.devices import actions, errors, queries, rules
from nguon.devices.models import Device, DeviceState, EnrolmentCode, Refusal, Status
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.scope import Forbidden
from nguon.places.models import Link, Place, Succession
from tests.app import clusters
from tests.app.clusters import KEY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return clusters.make_world()


def enrol(world: World, code: str, *, after: timedelta = timedelta(0), address: str = "") -> actions.Enrolled:
    return actions.enrol(code=code, public_key=KEY, software="thử", now=world.now + after, address=address)


def test_a_new_device_is_planned_found_without_marks_and_in_the_journal(world: World) -> None:
    made = actions.register(
        name="Cụm loa Đình Làng", place=world.hamlet, actor=world.technician, now=world.now, horns=4
    )
    assert (made.status, made.folded, made.horns) == (Status.PLANNED, "cum loa dinh lang", 4)
    assert DeviceState.objects.get(device=made).online is False
    entry = Entry.objects.get(subject=f"devices.device:{made.pk.hex}")
    assert (entry.verb, entry.place, entry.after["name"]) == ("devices.register", world.hamlet.pk, "Cụm loa Đình Làng")


def test_a_field_that_no_device_has_is_an_error(world: World) -> None:
    with pytest.raises(TypeError, match="colour"):
        actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now, colour="đỏ")
    assert not Device.objects.exists()


def test_only_a_person_with_the_right_for_the_place_may_register(world: World) -> None:
    for actor in (world.watcher, world.neighbour):
        with pytest.raises(Forbidden):
            actions.register(name="Loa", place=world.hamlet, actor=actor, now=world.now)
    assert not Device.objects.exists()


def test_a_neighbour_may_not_change_nor_receive_a_code_nor_pull_the_plug(world: World) -> None:
    made = clusters.device(world)
    with pytest.raises(Forbidden):
        actions.change(device=made, actor=world.neighbour, now=world.now, volume=10)
    with pytest.raises(Forbidden):
        actions.issue_code(device=made, actor=world.neighbour, now=world.now)
    with pytest.raises(Forbidden):
        actions.change(device=made, actor=world.technician, now=world.now, place=world.far)
    made.refresh_from_db()
    assert (made.volume, made.place_id) == (80, world.hamlet.pk)


def test_a_code_gives_a_device_its_key_and_password_once(world: World) -> None:
    made = actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now)
    code = actions.issue_code(device=made, actor=world.technician, now=world.now)
    assert not EnrolmentCode.objects.filter(digest__contains=code).exists()
    got = enrol(world, code.lower())
    made.refresh_from_db()
    assert (got.device.pk, made.status, made.public_key) == (made.pk, Status.ACTIVE, KEY)
    assert rules.password_matches(got.password, made.password)
    with pytest.raises(errors.CodeSpent):
        enrol(world, code)
    made.refresh_from_db()
    assert rules.password_matches(got.password, made.password)


def test_a_code_dies_after_a_day_or_by_a_newer_one(world: World) -> None:
    made = actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now)
    first = actions.issue_code(device=made, actor=world.technician, now=world.now)
    second = actions.issue_code(device=made, actor=world.technician, now=world.now)
    with pytest.raises(errors.CodeSpent):
        enrol(world, first)
    with pytest.raises(errors.CodeSpent):
        enrol(world, second, after=rules.CODE_LIFE)
    assert enrol(world, second, after=rules.CODE_LIFE - timedelta(seconds=1)).device == made


@pytest.mark.parametrize("code", ["", "ABCD-EFGH", "đây không phải mã", "A" * 5000])
def test_an_unknown_code_is_refused_and_kept_as_a_security_event(world: World, code: str) -> None:
    with pytest.raises(errors.CodeUnknown):
        enrol(world, code, address="203.0.113.7")
    assert Refusal.objects.get().topic == "http 203.0.113.7"


def test_guessing_codes_is_stopped_for_one_address_only(world: World) -> None:
    made = actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now)
    code = actions.issue_code(device=made, actor=world.technician, now=world.now)
    for _ in range(rules.MAX_ENROL_TRIES):
        with pytest.raises(errors.CodeUnknown):
            enrol(world, "0000-0000", address="203.0.113.7")
    with pytest.raises(errors.TooManyTries):
        enrol(world, code, address="203.0.113.7")
    assert enrol(world, code, address="203.0.113.8").device == made


def test_the_brake_lets_go_after_a_while(world: World) -> None:
    made = actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now)
    code = actions.issue_code(device=made, actor=world.technician, now=world.now)
    for _ in range(rules.MAX_ENROL_TRIES):
        with pytest.raises(errors.CodeUnknown):
            enrol(world, "0000-0000", address="203.0.113.7")
    assert enrol(world, code, address="203.0.113.7", after=rules.TRY_WINDOW).device == made


def test_a_bad_key_does_not_use_the_code_up(world: World) -> None:
    made = actions.register(name="Loa", place=world.hamlet, actor=world.technician, now=world.now)
    code = actions.issue_code(device=made, actor=world.technician, now=world.now)
    with pytest.raises(errors.BadKey):
        actions.enrol(code=code, public_key="khóa", software="", now=world.now)
    assert enrol(world, code).device == made


def test_enrolling_again_kills_the_old_password_and_changes_the_revision(world: World) -> None:
    made = clusters.device(world)
    old = made.password
    before = queries.broker_revision()
    clusters.enrolled(made, world.now)
    made.refresh_from_db()
    assert made.password != old
    assert queries.broker_revision() != before


def test_out_of_use_takes_the_credential_and_the_codes(world: World) -> None:
    made = clusters.device(world)
    code = actions.issue_code(device=made, actor=world.technician, now=world.now)
    before = queries.broker_revision()
    actions.set_status(
        device=made, status=Status.RETIRED, reason="Hỏng hẳn do sét", actor=world.technician, now=world.now
    )
    made.refresh_from_db()
    assert (made.status, made.password, made.enrolled_at) == (Status.RETIRED, "", None)
    assert queries.broker_revision() != before
    assert queries.credentials() == []
    with pytest.raises(errors.CodeUnknown):
        enrol(world, code)
    with pytest.raises(errors.NotAllowedNow):
        actions.issue_code(device=made, actor=world.technician, now=world.now)
    assert Entry.objects.filter(verb="devices.status", after__reason="Hỏng hẳn do sét").exists()


def test_a_status_changes_only_with_a_reason(world: World) -> None:
    made = clusters.device(world)
    with pytest.raises(errors.ReasonMissing):
        actions.set_status(device=made, status=Status.REPAIR, reason="", actor=world.technician, now=world.now)


def test_what_the_device_must_hear_of_raises_its_settings_version(world: World) -> None:
    made = clusters.device(world)
    assert actions.change(device=made, actor=world.technician, now=world.now, volume=80, name=made.name) == frozenset()
    assert actions.change(device=made, actor=world.technician, now=world.now, vendor="Loa Việt") == {"vendor"}
    assert made.settings_version == 1
    assert actions.change(device=made, actor=world.technician, now=world.now, volume=60) == {"volume"}
    group = actions.create_group(name="Gần trường học", place=world.here, actor=world.technician, now=world.now)
    assert actions.change(device=made, actor=world.technician, now=world.now, groups=[group]) == {"groups"}
    made.refresh_from_db()
    assert made.settings_version == 3
    wire = queries.wire_settings(made, clock.today())
    assert (wire.version, wire.volume) == (3, 60)
    assert wire.areas == tuple(pk.hex for pk in (world.root.pk, world.here.pk, world.hamlet.pk, group.pk))


def test_devices_are_found_by_area_group_and_name_but_only_in_use_and_on_the_channel(world: World) -> None:
    today = clock.today()
    one, two = clusters.device(world, "Một"), clusters.device(world, "Hai", where=world.far)
    actions.register(name="Chưa lắp", place=world.hamlet, actor="thử", now=world.now)
    group = actions.create_group(name="Nhóm", place=world.root, actor=world.admin, now=world.now)
    actions.change(device=two, actor=world.admin, now=world.now, groups=[group])
    assert set(queries.in_areas([world.root.pk], [], [], ("speaker",), today)) == {one, two}
    assert set(queries.in_areas([world.here.pk], [], [], ("speaker",), today)) == {one}
    assert set(queries.in_areas([world.here.pk], [group.pk], [one.pk], ("speaker",), today)) == {one, two}
    assert not queries.in_areas([world.root.pk], [group.pk], [one.pk], ("board",), today)
    assert not queries.in_areas([], [], [], ("speaker",), today)


def test_a_device_is_in_groups_of_its_own_places_only(world: World) -> None:
    here = actions.create_group(name="Gần chợ", place=world.here, actor=world.admin, now=world.now)
    there = actions.create_group(name="Gần cầu", place=world.there, actor=world.admin, now=world.now)
    wide = actions.create_group(name="Ven sông", place=world.root, actor=world.admin, now=world.now)
    made = clusters.device(world)
    actions.change(device=made, actor=world.admin, now=world.now, groups=[here, there, wide])
    assert set(made.groups.all()) == {here, wide}
    actions.change(device=made, actor=world.admin, now=world.now, place=world.far)
    assert set(made.groups.all()) == {wide}
    new = actions.register(name="Hai", place=world.far, actor=world.admin, now=world.now, groups=[here, there])
    assert set(new.groups.all()) == {there}


def test_a_technician_does_not_take_a_device_out_of_groups_above(world: World) -> None:
    wide = actions.create_group(name="Ven sông", place=world.root, actor=world.admin, now=world.now)
    made = clusters.device(world)
    actions.change(device=made, actor=world.admin, now=world.now, groups=[wide])
    assert actions.change(device=made, actor=world.technician, now=world.now, volume=50, groups=[]) == {"volume"}
    assert list(made.groups.all()) == [wide]


def test_a_device_in_repair_listens_to_no_area_until_it_is_in_use_again(world: World) -> None:
    made = clusters.device(world)
    for status, heard in ((Status.REPAIR, False), (Status.ACTIVE, True)):
        before = made.settings_version
        actions.set_status(device=made, status=status, reason="Thay loa", actor=world.technician, now=world.now)
        told = queries.wire_settings(made, clock.today())
        assert (bool(told.areas), told.version) == (heard, before + 1)


def test_two_changes_at_once_have_each_their_own_number(world: World) -> None:
    made = clusters.device(world)
    one, two = Device.objects.get(pk=made.pk), Device.objects.get(pk=made.pk)
    actions.change(device=one, actor=world.technician, now=world.now, volume=30)
    actions.change(device=two, actor=world.technician, now=world.now, proof=True)
    assert (one.settings_version, two.settings_version) == (2, 3)


def test_only_a_simulated_device_has_a_plug(world: World) -> None:
    made = clusters.device(world)
    with pytest.raises(errors.NotSimulated):
        actions.set_plug(device=made, unplugged=True, actor=world.technician, now=world.now)
    actions.change(device=made, actor="thử", now=world.now, simulated=True)
    actions.set_plug(device=made, unplugged=True, actor=world.technician, now=world.now)
    assert Device.objects.get(pk=made.pk).unplugged


def test_a_swarm_is_enrolled_at_once(world: World) -> None:
    before = queries.broker_revision()
    made = actions.register_swarm(count=7, place=world.hamlet, actor="đo", now=world.now)
    assert len(made) == len({pk for pk, _ in made}) == DeviceState.objects.count() == 7
    assert queries.broker_revision() != before
    for pk, password in made:
        found = Device.objects.get(pk=pk)
        assert (found.simulated, found.status) == (True, Status.ACTIVE)
        assert rules.password_matches(password, found.password)


def test_devices_follow_a_merged_place_and_wait_in_a_split_one(world: World) -> None:
    merged, split = clusters.device(world, "Ở xã", where=world.here), clusters.device(world, "Chia", where=world.there)
    news = [clusters.place(f"Mới {number}", "xã", world.root) for number in (1, 2)]
    Place.objects.filter(pk__in=[world.here.pk, world.there.pk]).update(valid_to=date(2025, 6, 30))
    Link.objects.filter(child__in=[world.here, world.there]).update(valid_to=date(2025, 6, 30))
    for old, new in ((world.here, news[0]), (world.there, news[0]), (world.there, news[1])):
        Succession.objects.create(old=old, new=new, on=date(2025, 7, 1), basis="thử")
    assert actions.follow(on=clock.today(), actor="sắp xếp", now=world.now) == 1
    merged.refresh_from_db()
    split.refresh_from_db()
    assert (merged.place_id, merged.settings_version) == (news[0].pk, 2)
    assert (split.place_id, split.settings_version) == (world.there.pk, 2)
