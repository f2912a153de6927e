"""An alert in stages: one cluster, its commune, all; wider at a person's word; and silence everywhere at one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nguon.alerts import actions, errors, staging
from nguon.alerts.models import Alert
from nguon.alerts.rules import Stage
from nguon.delivery.models import State as Sent
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, DeviceState, Group
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.scope import Forbidden
from tests.app import warning
from tests.app.alarms import sent, spoken
from tests.app.stage import NOW
from tests.app.warning import District, reached

pytestmark = pytest.mark.django_db
ONE, TWO = {"Cụm loa số 0"}, {"Cụm loa số 0", "Cụm loa số 1", "Cụm loa số 2"}
EVERY = {f"Cụm loa số {number}" for number in range(5)}


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path


@pytest.fixture
def world() -> District:
    return warning.build()


def later(seconds: float) -> Any:
    return NOW + timedelta(seconds=seconds)


def widen(world: District, alert: Alert, to: int, seconds: float = 60) -> Alert:
    return actions.widen(alert=alert, to=to, actor=world.chief, now=later(seconds))


def test_it_begins_with_one_cluster_that_is_connected(world: District) -> None:
    DeviceState.objects.filter(device=world.devices[0]).update(online=False)
    alert = world.wide()
    assert (alert.stage, str(alert.pilot), alert.near) == (Stage.ONE, "Cụm loa số 1", world.commune)
    assert [reached(each) for each in sent(alert)] == [{"Cụm loa số 1"}] * 2


def test_one_that_sends_back_what_it_played_is_first(world: District) -> None:
    Device.objects.filter(pk=world.devices[4].pk).update(proof=True)
    alert = world.wide()
    assert (str(alert.pilot), alert.near) == ("Cụm loa số 4", world.other)


def test_step_by_step_siren_and_text_go_to_more(world: District) -> None:
    alert = world.wide()
    assert [reached(each) for each in sent(alert)] == [ONE, ONE]
    alert = widen(world, alert, Stage.NEAR)
    assert [reached(each) for each in sent(alert)[2:]] == [TWO, TWO]
    alert = widen(world, alert, Stage.ALL, 90)
    assert [reached(each) for each in sent(alert)[4:]] == [EVERY, EVERY]
    assert [each.length_ms for each in sent(alert)] == [6_000, 20_000] * 3
    with pytest.raises(errors.NotNow):
        widen(world, alert, Stage.ALL, 100)
    steps = Entry.objects.filter(verb="alerts.widen").order_by("at")
    assert [(row.before["stage"], row.after["stage"]) for row in steps] == [(0, 1), (1, 2)]


def test_two_who_tap_at_once_make_one_step(world: District) -> None:
    alert = world.wide()
    widen(world, alert, Stage.NEAR)
    with pytest.raises(errors.NotNow):
        widen(world, alert, Stage.NEAR)
    alert.refresh_from_db()
    assert alert.stage == Stage.NEAR


def test_within_one_commune_there_are_two_stages(world: District) -> None:
    alert = world.live(staged=True, targets=Targets(places=(world.commune.pk,)))
    assert staging.steps(alert, NOW) == (Stage.ONE, Stage.ALL)
    widened = actions.widen(alert=alert, to=Stage.ALL, actor=world.editor, now=later(30))
    assert reached(sent(widened)[-1]) == TWO


def test_groups_and_single_clusters_are_narrowed_to_the_commune(world: District) -> None:
    group = Group.objects.create(name="Gần sông", place=world.district)
    group.devices.set([world.devices[0], world.devices[3]])
    alert = world.wide(targets=Targets(groups=(group.pk,), devices=(world.devices[1].pk, world.devices[4].pk)))
    assert reached(sent(alert)[0]) == ONE
    alert = widen(world, alert, Stage.NEAR)
    assert reached(sent(alert)[-1]) == {"Cụm loa số 0", "Cụm loa số 1"}
    alert = widen(world, alert, Stage.ALL, 90)
    assert reached(sent(alert)[-1]) == {f"Cụm loa số {number}" for number in (0, 1, 3, 4)}


def test_with_nobody_connected_the_commune_is_first(world: District) -> None:
    DeviceState.objects.update(online=False)
    alert = world.wide()
    assert (alert.stage, alert.pilot) == (Stage.NEAR, None)
    assert reached(sent(alert)[0]) == TWO


def test_without_stages_it_goes_to_all_at_once(world: District) -> None:
    alert = world.wide(staged=False)
    assert reached(sent(alert)[0]) == EVERY
    with pytest.raises(errors.NotNow):
        widen(world, alert, Stage.ALL)
    assert staging.shown(alert, world.chief, NOW) is None


def test_it_is_said_again_as_wide_as_it_went_and_from_then_on(world: District) -> None:
    alert = world.wide()
    assert alert.next_at == NOW + timedelta(hours=2)
    alert = widen(world, alert, Stage.NEAR, 600)
    assert alert.next_at == later(600) + timedelta(hours=2)  # who heard it only now waits no shorter
    assert actions.say_due(now=later(600) + timedelta(hours=2)) == 2
    assert reached(sent(alert)[-1]) == TWO


def test_who_hears_it_late_hears_its_quick_repeats_too(world: District) -> None:
    """A tsunami is said again twice, five minutes apart: also where it came only by the second stage."""
    alert = world.wide(hazard="song_than")
    assert alert.next_at == later(300)
    alert = widen(world, alert, Stage.NEAR, 30)
    assert alert.next_at == later(330)
    actions.say_due(now=later(330))
    alert.refresh_from_db()
    assert alert.next_at == later(630)


def test_stop_silences_every_stage(world: District) -> None:
    alert = widen(world, world.wide(), Stage.NEAR)
    actions.stop(alert=alert, actor=world.chief, now=later(70))
    assert {each.state for each in sent(alert)} == {Sent.STOPPED}
    with pytest.raises(errors.NotNow):
        widen(world, alert, Stage.ALL, 80)
    assert actions.say_due(now=later(9000)) == 0


def test_that_it_was_a_mistake_is_said_to_those_who_heard_it(world: District) -> None:
    alert = widen(world, world.wide(), Stage.NEAR)
    ready = alert.followers.get(prepared=True)
    spoken(ready)
    said = actions.release(alert=ready, actor=world.chief, now=later(90))
    assert {frozenset(reached(each)) for each in sent(said)} == {frozenset(TWO)}


def test_what_is_over_goes_no_wider(world: District) -> None:
    alert = world.wide()
    with pytest.raises(errors.NotNow):
        widen(world, alert, Stage.NEAR, 7 * 3600)


def test_who_may_not_warn_there_does_not_widen(world: District) -> None:
    alert = world.wide()
    with pytest.raises(Forbidden):
        actions.widen(alert=alert, to=Stage.NEAR, actor=world.editor, now=later(60))


def test_a_first_cluster_that_was_taken_away_stops_nobody(world: District) -> None:
    alert = world.wide()
    assert alert.pilot_id is not None
    Device.objects.filter(pk=alert.pilot_id).update(status="retired")
    alert.refresh_from_db()
    assert actions.say_due(now=NOW + timedelta(hours=2)) == 2
    assert reached(sent(alert)[-1]) == EVERY - ONE


def test_an_alert_nobody_is_left_to_hear_holds_no_other_up(world: District) -> None:
    gone = world.live()
    Device.objects.filter(place=world.hamlets[0]).update(status="retired")
    other = world.live(targets=Targets(places=(world.hamlets[1].pk,)))
    assert actions.say_due(now=NOW + timedelta(hours=2)) == 2
    assert len(sent(other)) == 4
    assert len(sent(gone)) == 2


def test_the_page_shows_each_stage_and_who_may_go_on(world: District) -> None:
    alert = world.wide()
    warning.answer(alert, world.devices[0])
    found = staging.shown(alert, world.chief, NOW)
    assert found is not None
    assert [(step.devices, step.state) for step in found.steps] == [(1, "here"), (3, "ahead"), (5, "ahead")]
    assert found.may
    assert found.next == found.steps[1]
    assert found.pilot_silent
    theirs = staging.shown(alert, world.editor, NOW)
    assert theirs is not None
    assert not theirs.may


def test_by_the_page(world: District) -> None:
    alert, client = world.wide(now=clock.now()), Client()
    client.force_login(world.chief)
    piece = client.get(reverse("duty:stages", args=[alert.pk])).content.decode()
    assert "Cụm loa số 0" in piece
    assert reverse("duty:widen", args=[alert.pk]) in piece
    for wrong in ("", "x", "٢", "9"):
        client.post(reverse("duty:widen", args=[alert.pk]), {"to": wrong})
    alert.refresh_from_db()
    assert alert.stage == Stage.ONE
    client.post(reverse("duty:widen", args=[alert.pk]), {"to": "1"})
    alert.refresh_from_db()
    assert alert.stage == Stage.NEAR
    client.force_login(world.editor)
    assert (
        reverse("duty:widen", args=[alert.pk])
        not in client.get(reverse("duty:stages", args=[alert.pk])).content.decode()
    )
    assert client.post(reverse("duty:widen", args=[alert.pk]), {"to": "2"}).status_code == 403  # seen, not steered
