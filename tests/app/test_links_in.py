"""What comes in: judged, kept as it came, shown to whom it concerns; an alert of it is a draft and nothing more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from nguon.alerts.models import Alert, State
from nguon.cap import keys, profile, sign, write
from nguon.cap.hazards import Kind
from nguon.cap.model import Area, Circle, Named
from nguon.delivery.models import Broadcast
from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.journal.models import Entry
from nguon.links import actions, errors, publishing, queries
from nguon.links.actions import Terms
from nguon.links.forms import TakeForm
from nguon.links.models import DocumentKind, Received, Seal, Source, Verdict
from nguon.people.models import Person
from nguon.places.models import Place
from tests.app import linking
from tests.app.linking import World, receive
from tests.app.stage import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any, time_machine: Any) -> None:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    time_machine.move_to(NOW, tick=False)
    cache.clear()


@pytest.fixture
def world() -> World:
    return linking.build()


@pytest.fixture
def source(world: World) -> Source:
    return world.source()


def form_of(received: Received, person: Person) -> TakeForm:
    standing = queries.standing(received, person, NOW)
    assert standing.message is not None
    info = standing.message.info("vi")
    assert info is not None
    return TakeForm(standing.message, info, queries.where(standing.message, person, NOW), NOW)


def take(received: Received, person: Person) -> Alert:
    """As one tap does: everything as it was filled in."""
    form = form_of(received, person)
    data: dict[str, Any] = {name: value for name, value in form.initial.items() if name != "near"}
    data |= {"near": "on"} if form.initial["near"] else {}
    filled = TakeForm(form.message, form.info, form.found, NOW, _post(data))
    assert filled.is_valid(), filled.errors
    draft = filled.draft(source="KTTV", facts=queries.facts(person, filled.targets(), NOW))
    return actions.take(received=received, draft=draft, actor=person, now=NOW)


def _post(data: dict[str, Any]) -> Any:
    post = QueryDict(mutable=True)
    for name, value in data.items():
        post.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    return post


# the door


def test_a_signed_message_is_kept_as_it_came_and_believed(world: World, source: Source) -> None:
    data = world.signed(linking.message())
    received = receive(source, data)
    assert received.verdict == Verdict.SIGNED
    assert received.signer == linking.OFFICE
    received = Received.objects.get()
    assert bytes(received.raw) == data
    assert (received.identifier, received.status, received.expires_at) == (
        "KTTV-12",
        "Actual",
        NOW + timedelta(hours=6),
    )
    assert Entry.objects.filter(verb="links.receive").count() == 1


def test_without_a_signature_it_is_shown_and_not_believed(world: World, source: Source) -> None:
    received = receive(source, write.render(linking.message()))
    assert received.verdict == Verdict.UNTRUSTED
    assert received.problems[0][1] == "unsigned"
    assert received.headline == "Lũ khẩn cấp trên sông Hà Thanh"


def test_only_a_source_that_says_so_may_be_unsigned_and_it_is_marked(world: World) -> None:
    source = world.source(certificates="", unsigned=True, address="https://kttv.example/feed")
    received = receive(source, write.render(linking.message()))
    assert received.verdict == Verdict.UNSIGNED
    assert take(received, world.editor).state == State.DRAFT


def test_a_broken_signature_does_not_pass_where_none_is_asked_for(world: World) -> None:
    source = world.source(unsigned=True)
    data = world.signed(linking.message()).replace("Nước lên nhanh".encode(), "Nước xuống rồi".encode())
    assert receive(source, data).verdict == Verdict.UNTRUSTED


def test_another_key_is_not_believed(world: World, source: Source) -> None:
    key, certificate = keys.make(linking.OFFICE, now=NOW, elliptic=True)
    received = receive(source, sign.sign(write.render(linking.message()), key, certificate, at=NOW))
    assert (received.verdict, received.problems[0][1]) == (Verdict.UNTRUSTED, "unknown-signer")


def test_a_certificate_that_ran_out_is_not_believed(world: World) -> None:
    old = NOW - timedelta(days=40)
    key, certificate = keys.make(linking.OFFICE, now=old, days=30, elliptic=True)
    source = world.source(certificates=certificate.decode())
    data = sign.sign(write.render(linking.message()), key, certificate, at=old)
    received = receive(source, data)
    assert (received.verdict, received.problems[0][1]) == (Verdict.UNTRUSTED, "certificate-expired")


@pytest.mark.parametrize(
    "data", [b"", b"<html/>", b"\xff\xfe", b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>"]
)
def test_what_is_no_cap_is_kept_with_its_faults(world: World, source: Source, data: bytes) -> None:
    received = receive(source, data)
    assert received.verdict in (Verdict.INVALID, Verdict.UNTRUSTED)
    assert received.problems
    assert bytes(Received.objects.get().raw) == data
    page = Client()
    page.force_login(world.editor)
    assert page.get(reverse("links:detail", args=[received.pk])).status_code == 200


def test_the_same_file_twice_is_one(world: World, source: Source) -> None:
    data = world.signed(linking.message())
    first, new = actions.receive(source=source, data=data, now=NOW)
    again, new_again = actions.receive(source=source, data=data, now=LATER)
    assert (first, new, new_again) == (again, True, False)


def test_other_words_under_the_same_number_are_kept_and_marked(world: World, source: Source) -> None:
    receive(source, world.signed(linking.message()))
    second = receive(source, world.signed(linking.message(note="khác")))
    assert second.verdict == Verdict.REPEATED
    assert queries.standing(second, world.editor, NOW).bar is not None


def test_a_forgery_that_comes_first_does_not_bar_the_true_one(world: World, source: Source) -> None:
    forged = receive(source, write.render(linking.message()))
    true = receive(source, world.signed(linking.message()))
    assert (forged.verdict, true.verdict) == (Verdict.UNTRUSTED, Verdict.SIGNED)


def test_later_messages_are_tied_to_earlier_ones_in_whatever_order_they_come(world: World, source: Source) -> None:
    first = linking.message()
    update = receive(source, world.signed(linking.about(first, "KTTV-13", Kind.WARNING)))
    earlier = receive(source, world.signed(first))
    assert list(queries.earlier(update)) == [earlier]
    assert list(queries.later(earlier)) == [update]
    assert [one.pk for one in queries.listed(world.editor, "", NOW)] == [update.pk]
    assert {one.pk for one in queries.listed(world.editor, queries.EVERY, NOW)} == {update.pk, earlier.pk}


def test_what_has_run_out_is_kept_and_marked(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message(expires=linking.SENT + timedelta(minutes=1))))
    assert list(queries.listed(world.editor, "", LATER)) == []
    assert queries.standing(received, world.editor, LATER).bar == "expired"
    page = Client()
    page.force_login(world.editor)
    assert "Hết hiệu lực" in page.get(reverse("links:detail", args=[received.pk])).content.decode()


# an alert of ours


def test_one_tap_makes_a_draft_and_nothing_sounds(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message()))
    client = Client()
    client.force_login(world.editor)
    page = client.get(reverse("links:detail", args=[received.pk])).content.decode()
    assert "Chữ ký đúng" in page
    assert "Tạo bản nháp" in page
    alert = take(received, world.editor)
    assert (alert.state, alert.hazard, alert.level, alert.drill) == (State.DRAFT, "lu", 3, False)
    assert alert.headline == "Lũ khẩn cấp trên sông Hà Thanh"
    said = "Nước lên nhanh. Bà con ở vùng thấp đi ngay lên chỗ cao."
    assert alert.text == f"{said} {linking.OFFICE} phát tin lúc 8 giờ."  # each repeat has to say when it was issued
    assert list(alert.places.all()) == [world.commune]
    assert alert.lasts == timedelta(hours=6)
    assert not Broadcast.objects.exists()
    assert Entry.objects.filter(verb="links.take").exists()


def test_the_page_itself_makes_the_draft(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message()))
    client = Client()
    client.force_login(world.editor)
    address = reverse("links:detail", args=[received.pk])
    data = {"hazard": "lu", "level": "3", "headline": "Lũ", "text": "Đi ngay.", "lasts": "", "place": world.commune.pk}
    answer = client.post(address, data)
    alert = Alert.objects.get()
    assert answer.headers["Location"] == reverse("alerts:detail", args=[alert.pk])
    assert "KTTV-12" in alert.source
    assert linking.OFFICE in alert.source
    wrong = client.post(address, data | {"place": []})
    assert wrong.status_code == 422
    assert "Hãy chọn nơi nhận" in wrong.content.decode()


def test_what_is_not_believed_becomes_nothing(world: World, source: Source) -> None:
    received = receive(source, write.render(linking.message()))
    form = form_of(received, world.editor)
    draft = linking.draft(world)
    with pytest.raises(errors.Barred):
        actions.take(received=received, draft=draft, actor=world.editor, now=NOW)
    assert form.initial["headline"]
    client = Client()
    client.force_login(world.editor)
    page = client.get(reverse("links:detail", args=[received.pk])).content.decode()
    assert "Tạo bản nháp" not in page
    assert "Tin không có chữ ký số" in page
    assert client.post(reverse("links:detail", args=[received.pk]), {"headline": "x"}).status_code == 403


def test_a_key_that_is_trusted_no_more_opens_nothing(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message()))
    _key, other = keys.make("Khóa mới", now=NOW, elliptic=True)
    terms = Terms(place=world.commune.pk, name=source.name, certificates=other.decode())
    actions.change_source(source=source, terms=terms, actor=world.keeper, now=NOW)
    received = Received.objects.get(pk=received.pk)
    with pytest.raises(errors.NoMore):
        actions.take(received=received, draft=linking.draft(world), actor=world.editor, now=NOW)


def test_what_was_not_believed_is_judged_again_when_its_signer_is_trusted(world: World, source: Source) -> None:
    key, certificate = keys.make("Khóa mới", now=NOW, elliptic=True)
    first = sign.sign(write.render(linking.message("A")), key, certificate, at=NOW)
    received = receive(source, first)
    assert received.verdict == Verdict.UNTRUSTED
    pem = f"{source.certificates}\n{certificate.decode()}"
    terms = Terms(place=world.commune.pk, name=source.name, certificates=pem)
    actions.change_source(source=source, terms=terms, actor=world.keeper, now=LATER)
    received = Received.objects.get()
    assert (received.verdict, received.signer, received.problems) == (Verdict.SIGNED, "Khóa mới", [])
    assert (bytes(received.raw), received.came_at) == (first, NOW)
    assert Entry.objects.filter(verb="links.judge-again").count() == 1
    assert take(received, world.editor).state == State.DRAFT


def test_a_cancel_without_words_leads_to_our_alert(world: World, source: Source) -> None:
    first = linking.message()
    ours = take(receive(source, world.signed(first)), world.editor)
    linking.sent_out(world, ours)
    bare = msgspec.structs.replace(linking.about(first, "KTTV-15", Kind.MISTAKE), infos=())
    received = receive(source, world.signed(bare))
    client = Client()
    client.force_login(world.editor)
    page = client.get(reverse("links:detail", args=[received.pk])).content.decode()
    assert reverse("alerts:detail", args=[ours.pk]) in page
    assert "Nói về cảnh báo đã phát ở đây" in page


def test_a_message_without_an_end_is_over_after_a_day(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message(expires=None)))
    assert queries.standing(received, world.editor, NOW).bar is None
    assert queries.standing(received, world.editor, NOW + timedelta(days=2)).bar == "expired"
    assert not queries.listed(world.editor, "", NOW + timedelta(days=2)).exists()


def test_an_exercise_becomes_a_drill(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message(drill=True, note="Diễn tập 2026")))
    alert = take(received, world.editor)
    assert alert.drill
    assert alert.headline.startswith("Diễn tập: ")
    assert alert.text.startswith("Diễn tập, đây là diễn tập. Lũ khẩn cấp")
    assert alert.text.endswith("Diễn tập, đây là diễn tập.")


def test_an_update_follows_what_was_said_here(world: World, source: Source) -> None:
    first = linking.message()
    ours = take(receive(source, world.signed(first)), world.editor)
    over = receive(source, world.signed(linking.about(first, "KTTV-14", Kind.OVER)))
    assert queries.standing(over, world.editor, NOW).bar == "nothing-to-end"  # ours is a draft: nothing was said
    assert linking.sent_out(world, ours).state == State.LIVE
    standing = queries.standing(over, world.editor, NOW)
    assert (standing.bar, standing.follows) == (None, ours)
    end = take(over, world.editor)
    assert (end.kind, end.follows) == (Kind.OVER, ours)


def test_where_is_found_by_code_name_polygon_and_circle(world: World, source: Source) -> None:
    one, two = world.hamlets
    Place.objects.filter(pk=one.pk).update(latitude=13.85, longitude=109.15)  # a place that is only touched
    Device.objects.filter(pk=world.devices[0].pk).update(latitude=13.85, longitude=109.15)
    Device.objects.filter(pk=world.devices[1].pk).update(latitude=13.95, longitude=109.25)
    square = ((13.8, 109.1), (13.8, 109.2), (13.9, 109.2), (13.9, 109.1), (13.8, 109.1))
    by = {
        "name": (Area(description="thôn Lộc Hạ; thôn Nơi Khác"),),
        "polygon": (Area(description="hạ lưu", polygons=(square,)),),
        "circle": (Area(description="quanh đập", circles=(Circle((13.951, 109.251), 1.0),)),),
        "nowhere": (Area(description="Cà Mau"),),
    }
    found = {name: queries.where(linking.message(areas=areas), world.editor, NOW) for name, areas in by.items()}
    assert found["name"].places == (two,)
    assert (found["polygon"].places, found["polygon"].devices) == ((), (world.devices[0],))
    assert (found["circle"].places, found["circle"].devices) == ((), (world.devices[1],))
    assert (found["nowhere"].places, found["nowhere"].devices) == ((), ())


def test_a_province_wide_message_means_ones_own_places(world: World) -> None:
    areas = (Area(description="tỉnh Bình Định", geocodes=(Named(profile.PLACE, "52"),)),)
    assert queries.where(linking.message(areas=areas), world.editor, NOW).places == (world.commune,)


def test_a_message_without_vietnamese_waits_for_words(world: World, source: Source) -> None:
    received = receive(source, world.signed(linking.message(language="en-US")))
    form = form_of(received, world.editor)
    assert (form.initial["headline"], form.initial["text"], form.initial["hazard"]) == ("", "", "lu")


def test_our_own_export_taken_in_elsewhere_is_the_same(world: World) -> None:
    """Round trip: published, fetched, verified under our certificate, drafted: nothing of it is another."""
    square = ((13.8, 109.1), (13.8, 109.2), (13.9, 109.2))
    for drill in (False, True):
        ours = linking.live(world, drill=drill, area=square, targets=Targets(places=(world.hamlets[0].pk,)))
        if drill:
            Alert.objects.filter(pk=ours.pk).update(area=None)
            ours.refresh_from_db()
        assert ours.state == State.LIVE
        publishing.publish_due(now=NOW)
        data = Client().get(f"/cap/tin/{ours.pk}.xml").content
        pem = Client().get(f"/cap/dia-ban/{world.commune.pk}.pem").content.decode()
        there = world.source(name=f"Máy kia {drill}", certificates=pem)
        received = receive(there, data)
        assert received.verdict == Verdict.SIGNED
        copy = take(received, world.editor) if drill else _taken_with(received, world)
        same = ("hazard", "kind", "level", "headline", "text", "drill", "lasts")
        assert {name: getattr(copy, name) for name in same} == {name: getattr(ours, name) for name in same}
        if not drill:
            assert [tuple(corner) for corner in (copy.area or [])[:3]] == list(square)
        else:
            assert list(copy.places.all()) == list(ours.places.all())
        message = publishing.message_of(ours, DocumentKind.ISSUE, Seal.objects.get())
        assert queries.message_of(received) == message


def _taken_with(received: Received, world: World) -> Alert:
    form = form_of(received, world.editor)
    data = {**form.initial, "place": [world.hamlets[0].pk]}
    data.pop("near")
    filled = TakeForm(form.message, form.info, form.found, NOW, _post(data))
    assert filled.is_valid()
    draft = filled.draft(source="x", facts=queries.facts(world.editor, filled.targets(), NOW))
    return actions.take(received=received, draft=draft, actor=world.editor, now=NOW)
