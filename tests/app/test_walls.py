"""Every address of the server, walked by people who have no business there: they see nothing and change nothing.

Askers: nobody, a stranger without a role, the neighbour commune with every role, and a subordinate hamlet beside.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers import serialize
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings

from nguon.alerts.models import Alert
from nguon.archive.models import Batch, Item, Pair, Recording, Transcript
from nguon.delivery.models import Broadcast, Delivery, Target
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, DeviceState, Group
from nguon.keys import actions as keys
from nguon.keys.models import AuthorityKey, PersonKey
from nguon.kit.ids import new as new_id
from nguon.links.models import Received, Source
from nguon.live.models import LiveLimit, LiveSession
from nguon.media.models import (
    File,
    Music,
    PlaceVoice,
    Reading,
    Rendition,
    UsualMusic,
    VoiceAccount,
    VoiceTrial,
    VoiceUse,
)
from nguon.newsroom import queries as newsroom
from nguon.newsroom.models import Bulletin, Picture, Version
from nguon.people.models import Change, Factor, Kind, Office, Person, Role, Visit
from nguon.places.models import Link, Place
from nguon.programme import limiting, offering
from nguon.programme.limiting import Limits
from nguon.programme.models import Offer, Policy, Programme, Slot, Suspension
from nguon.review.models import Review
from tests.app import airing, secret_alert, secret_boards, secret_data, secret_lent, secret_picture, voicing
from tests.app import desk as desks
from tests.app.desk import Desk

pytestmark = pytest.mark.django_db
SECRET = "KÍN-BƯNG"
VOICES = (VoiceAccount, VoiceUse, VoiceTrial, PlaceVoice)
SOUNDS = (*VOICES, Music, UsualMusic, Reading, LiveSession, LiveLimit, Picture)
WATCHED = (
    Bulletin,
    Version,
    Review,
    Broadcast,
    Target,
    Device,
    Group,
    Place,
    Link,
    Role,
    Office,
    *SOUNDS,
    *secret_alert.MODELS,
)
ACCOUNT = ("account", "account-edit", "account-try", "account-move", "account-active", "account-remove")
PLANNED = (Programme, Slot, Suspension, Policy, Offer)
DOORS = (Factor, Change)
LINKS = (Source, Received)
LENT = (*secret_lent.MODELS, *secret_boards.MODELS, *secret_data.MODELS)
KEPT = (Alert, AuthorityKey, PersonKey, *DOORS, *LENT, *LINKS, *PLANNED, Batch, Item, Pair, Recording, Transcript)
NO_BODY = {"monitor:stream", *secret_alert.FOR_ALL}  # never ends (its walls: test_monitor_stream); is for everybody


def names(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """(name, parameters) of every address."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", tuple(one.pattern.converters) or tuple(one.pattern.regex.groupindex)
        else:
            yield from names(one, f"{space}{one.namespace}:" if one.namespace else space)


LEAVING = {"people:sign-out"}  # would end the walk
HOME = {"people:sign-in", "language"}  # who is in already is sent home, whoever changes the language back
ADDRESSES = sorted({found for found in names(get_resolver()) if found[0] not in LEAVING})


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    settings.NGUON_VOICE_PROVIDERS, settings.NGUON_PUBLIC_WARNINGS = voicing.PROVIDERS, secret_alert.NO_BANNER
    voicing.fresh()
    yield desks.make_desk()
    voicing.fresh()


def secret_music(desk: Desk, file: File) -> Music:
    """Music of the hamlet beside: those below a place may use its music, so the place itself would prove nothing."""
    made = {"kind": "jingle", "name": f"{SECRET} nhạc", "created_by": desk.editor, "created_at": desk.now}
    return Music.objects.create(place=desk.two, file=file, **made)


def secret_broadcast(desk: Desk, version: Version, file: File, device: Device) -> Broadcast:
    """A broadcast to one device, with its proof."""
    broadcast = Broadcast.objects.create(
        subject=f"newsroom.version:{version.pk.hex}",
        title=f"{SECRET} tin",
        place=desk.here,
        channel="speaker",
        level=40,
        file=file,
        issued_at=desk.now,
        expires_at=desk.now + timedelta(hours=1),
        created_by=desk.editor,
    )
    Target.objects.create(broadcast=broadcast, device=device)
    Delivery.objects.create(broadcast=broadcast, device=device, changed_at=desk.now, proof=file)
    return broadcast


@pytest.fixture
def ids(desk: Desk) -> dict[str, dict[str, Any]]:
    """Something secret of the commune `here` for every parameter of every room."""
    person = desks.person("kin", f"{SECRET} Nguyễn", desk.here, "editor")
    person.office = Office.objects.create(name=f"Văn phòng {SECRET}", place=desk.here)
    person.save()
    bulletin = desk.approved()
    Version.objects.filter(bulletin=bulletin).update(title=f"{SECRET} tin", body=f"{SECRET} nội dung")
    version = newsroom.newest(bulletin)
    review = version.review
    assert review is not None
    Review.objects.filter(pk=review.pk).update(title=f"{SECRET} tin")
    rendition = version.variants.get(channel="speaker").rendition
    assert rendition is not None
    assert rendition.file is not None
    device = desks.device(f"{SECRET} cụm loa", desk.two, desk.now)
    broadcast = secret_broadcast(desk, version, rendition.file, device)
    music = secret_music(desk, rendition.file)
    reading = Reading.objects.create(
        place=desk.two, written=f"{SECRET} chữ", spoken="chữ kín", created_by=desk.editor, created_at=desk.now
    )
    role, speaking = person.roles.get(), live(desk, broadcast)
    recording, pair, batch = _archived(desk, rendition.file)
    return {
        "people": {"pk": person.pk, "role_id": role.pk},
        "places": {"pk": desk.here.pk},
        "newsroom": {"pk": bulletin.pk, "number": 1, "mark": secret_picture.mark(desk, version, SECRET)},
        "programme": {"pk": bulletin.pk},
        **planned_of(desk, bulletin),
        "review": {"pk": review.pk},
        "media": {"pk": rendition.pk, "sha256": rendition.file.sha256},
        "media:music-usual": {"pk": desk.two.pk},
        "media:music-rename": {"pk": music.pk},
        "media:music-end": {"pk": music.pk},
        "delivery": {"pk": broadcast.pk},
        "readings": {"pk": reading.pk},
        "api": {"sha256": rendition.file.sha256, "broadcast": broadcast.pk.hex},
        "monitor": {"pk": device.pk},
        "live": {"pk": speaking.pk},
        "archive": {"pk": recording.pk},
        "api:live": {"session": speaking.pk.hex},
        "archive:pair": {"pk": pair.pk},
        **{f"archive:import{what}": {"pk": batch.pk} for what in ("", "-progress", "-add", "-steer", "-sheet")},
        "devices": {"pk": device.pk},
        **voices_of(desk, rendition),
        "devices:group-delete": {"pk": Group.objects.create(name=f"{SECRET} nhóm", place=desk.two).pk},
        **secret_alert.make(desk, device, SECRET) | secret_data.make(desk, SECRET),
        **doors_of(desk, person) | alerts_of(desk),
        **keys_of(desk, person),
        **secret_lent.make(desk, device, SECRET) | secret_boards.make(desk, bulletin, SECRET),
    }


def keys_of(desk: Desk, person: Person) -> dict[str, dict[str, Any]]:
    """The keys of the commune and of one of its officers."""
    keys.ensure(now=desk.now)
    mine = AuthorityKey.objects.filter(place=desk.here).first() or AuthorityKey.objects.create(
        place=desk.here, kid=SECRET, public="x", secrets=b"x", made_at=desk.now, until=desk.now + timedelta(days=9)
    )
    officer = keys.person_key(person=person.pk, now=desk.now)
    return {"keys": {"pk": mine.pk}, "keys:revoke-person": {"pk": officer.pk}}


def alerts_of(desk: Desk) -> dict[str, dict[str, Any]]:
    """A draft of an alert of the commune; the form of a hazard is of nobody, so it gets one that is not."""
    made = Alert.objects.create(
        place=desk.here,
        hazard="lu",
        kind="warning",
        headline=f"{SECRET} lũ",
        text=f"{SECRET} nước lên",
        lasts=timedelta(hours=1),
        created_by=desk.editor,
        created_at=desk.now,
    )
    made.places.add(desk.two)
    nobodys = {f"alerts:{what}": {"hazard": "khong-co"} for what in ("compose", "preview")}
    return {"alerts": {"pk": made.pk}, **nobodys, **links_of(desk)}


def doors_of(desk: Desk, person: Person) -> dict[str, dict[str, Any]]:
    """A second step and a session of an officer, and a change that waits for a second person."""
    factor = Factor.objects.create(person=person, kind="totp", name=f"{SECRET} máy", created_at=desk.now)
    visit = Visit.objects.create(
        person=person, session="x" * 32, browser=f"{SECRET} trình duyệt", began_at=desk.now, seen_at=desk.now
    )
    change = Change.objects.create(
        verb="people.end-role",
        fingerprint=SECRET,
        subject=f"people.person:{person.pk.hex}",
        title=f"{SECRET} đề nghị",
        place=desk.here,
        said={"role": person.roles.get().pk},
        proposed_by=desk.editor,
        proposed_at=desk.now,
        expires_at=desk.now + timedelta(days=1),
    )
    found: dict[str, dict[str, Any]] = {f"people:security-{what}": {"pk": factor.pk} for what in ("rename", "remove")}
    found |= {f"people:{what}": {"pk": change.pk} for what in ("agree", "refuse", "withdraw", "collect")}
    return found | {"people:security-end-visit": {"pk": visit.pk}}


def links_of(desk: Desk) -> dict[str, dict[str, Any]]:
    """A source of the hamlet beside and what came from it; an alert of the commune that waits: neither is public."""
    source = Source.objects.create(
        place=desk.two, name=f"{SECRET} nguồn", unsigned=True, created_by=desk.editor, created_at=desk.now
    )
    received = Received.objects.create(
        source=source, raw=SECRET.encode(), sha256="1", came_at=desk.now, verdict="unsigned", headline=f"{SECRET} nhận"
    )
    waiting = Alert.objects.create(
        place=desk.here,
        hazard="lu",
        kind="warning",
        headline=f"{SECRET} cảnh báo",
        text=f"{SECRET} lời",
        state="waiting",
        digest="1",
        lasts=timedelta(hours=1),
        created_by=desk.editor,
        created_at=desk.now,
    )
    found: dict[str, dict[str, Any]] = {f"links:{name}": {"pk": source.pk} for name in ("source", "source-end")}
    found |= {f"links:{name}": {"pk": waiting.pk} for name in ("document", "cancel", "place-feed", "certificates")}
    return found | {"links": {"pk": received.pk}, "links:widened": {"pk": waiting.pk, "stage": 1}}


def live(desk: Desk, broadcast: Broadcast) -> LiveSession:
    """Somebody of the commune on the air."""
    return LiveSession.objects.create(
        person=desk.editor,
        place=desk.here,
        title=f"{SECRET} tiếng nói",
        targets={"places": [desk.two.pk.hex], "groups": [], "devices": []},
        minutes=10,
        name=f"{SECRET} tên",
        state="on-air",
        broadcast=broadcast,
        created_at=desk.now,
        began_at=desk.now,
        ends_at=desk.now + timedelta(minutes=10),
    )


def planned_of(desk: Desk, bulletin: Bulletin) -> dict[str, dict[str, Any]]:
    """A programme, a slot and a policy of the commune, and a bulletin offered to the hamlet beside."""
    made = airing.programme(desk, f"{SECRET} chương trình")
    slot = airing.slot(desk, made, targets=Targets(places=(desk.two.pk,)))
    limits = Limits(basis=f"{SECRET} quy định", most_sessions=2)  # of the hamlet beside: those below are under it too
    policy = limiting.create(place_id=desk.two.pk, limits=limits, actor=desk.both, now=desk.now)
    offering.send_down(bulletin=bulletin, place_ids=[desk.two.pk], actor=desk.both, now=desk.now)
    offer = Offer.objects.get()
    device = desks.device(f"{SECRET} cột loa", desk.two, desk.now)
    of_slot: dict[str, Any] = {f"schedule:slot{what}": {"pk": slot.pk} for what in ("", "-move")}
    of_programme = {f"schedule:programme{what}": {"pk": made.pk} for what in ("", "-copy", "-end", "-stretch")}
    return {
        **of_slot,
        **of_programme,
        "schedule:slot-act": {"pk": slot.pk, "do": "ket-thuc"},
        "schedule:policy": {"pk": policy.pk},
        "schedule:policy-end": {"pk": policy.pk},
        "schedule:place": {"pk": desk.here.pk},
        "schedule:device": {"pk": device.pk},
        "schedule:offer": {"pk": bulletin.pk},
        "schedule:inbox-decide": {"pk": offer.pk, "do": "khong-dung"},
        "schedule:public": {"pk": new_id()},  # of a place that is not: the timetable itself is for everybody
    }


def voices_of(desk: Desk, rendition: Rendition) -> dict[str, dict[str, Any]]:
    """An account of the commune with a provider of voices, and a trial of it."""
    account = voicing.account(desk.here, now=desk.now, name=f"{SECRET} tài khoản", token=f"{SECRET} khóa")
    trial = VoiceTrial.objects.create(
        batch=new_id(),
        place=desk.here,
        account=account,
        text=f"{SECRET} câu",
        rendition=rendition,
        asked_by=desk.editor,
        created_at=desk.now,
    )
    found: dict[str, dict[str, Any]] = {f"media:{name}": {"pk": account.pk} for name in ACCOUNT}
    return found | {"media:trial": {"pk": trial.pk}, "media:compared": {"batch": trial.batch}}


def _archived(desk: Desk, file: File) -> tuple[Recording, Pair, Batch]:
    """Two recordings that are alike, and the import they came by."""
    values: dict[str, Any] = {"place": desk.here, "original": file, "file": file, "duration_ms": 1000}
    values |= {"name": f"{SECRET}.mp3", "created_at": desk.now, "updated_at": desk.now}
    one, two = (
        Recording.objects.create(
            title=f"{SECRET} băng", exact=" kín bưng ", folded=" kin bung ", sound_hash=hash_, **values
        )
        for hash_ in ("1", "2")
    )
    pair = Pair.objects.create(first=one, second=two, kind="same", share=1, offset_ms=0, created_at=desk.now)
    Transcript.objects.create(recording=one, state="ready", text=SECRET, segments=[[0, 1, SECRET]], updated_at=desk.now)
    times = {"created_at": desk.now, "updated_at": desk.now}
    batch = Batch.objects.create(place=desk.here, source="upload", title=f"{SECRET} đợt", state="collecting", **times)
    Item.objects.create(batch=batch, key="1", raw=b"1", name=f"{SECRET}.mp3", updated_at=desk.now)
    return one, pair, batch


@pytest.fixture(params=["nobody", "stranger", "neighbour", "subordinate"])
def asker(request: pytest.FixtureRequest, desk: Desk) -> Client:
    client = Client(raise_request_exception=True)
    every = list(Kind.values)
    found = {
        "stranger": lambda: desk.stranger,
        "neighbour": lambda: desks.person("ke", "Hàng Xóm", desk.there, *every),
        "subordinate": lambda: desks.person("duoi", "Cấp Dưới", desk.one, *every),
    }
    if request.param in found:
        client.force_login(found[request.param]())
        session = client.session
        session.update({"proved": int(desk.now.timestamp()), "proof": "password"})  # as after signing in by the page
        session.save()
    return client


def snapshot() -> str:
    """All that could be changed, as text."""
    rows = [row for model in (*WATCHED, *KEPT) for row in model._default_manager.order_by("pk")]
    states = DeviceState.objects.order_by("pk")
    return str(serialize("json", [*rows, *states]))


def test_no_address_shows_or_changes_what_is_of_others(ids: dict[str, dict[str, Any]], asker: Client) -> None:
    before = snapshot()
    for name, parameters in ADDRESSES:
        values = ids.get(name) or ids.get(name.split(":")[0], {})
        address = reverse(name, kwargs={key: values[key] for key in parameters})
        for answer in (asker.get(address), asker.post(address, {"reason": "thử", "do": "thử"})):
            check(name, address, bool(parameters) and name not in secret_alert.OPEN, answer)
        assert snapshot() == before, address


def check(name: str, address: str, has_object: bool, answer: Any) -> None:
    assert answer.status_code < 500, address
    if name not in NO_BODY:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert SECRET not in body.decode("utf-8", "replace"), address
    if has_object:
        assert answer.status_code in (302, 401, 403, 404, 405), f"{address}: {answer.status_code}"
    if answer.status_code == 302 and name.startswith("people:security"):
        assert answer.headers["Location"].startswith(("/bao-mat", "/dang-nhap")), "to one's own page"
    elif answer.status_code == 302 and name not in HOME:
        assert "/dang-nhap" in answer.headers["Location"], address


def test_the_walk_would_see_the_secret(desk: Desk, ids: dict[str, dict[str, Any]]) -> None:
    """The same pages shown to those whose they are do hold the secret: the walk above can fail."""
    client = Client()
    client.force_login(desks.person("nha", "Người Nhà", desk.here, *Kind.values))
    for name in (
        "newsroom:detail",
        "delivery:detail",
        "monitor:device",
        "devices:detail",
        "devices:requisitions",
        "people:detail",
        "archive:detail",
        "alerts:detail",
    ):
        answer = client.get(reverse(name, kwargs={"pk": ids[name.split(":")[0]]["pk"]}))
        assert SECRET in answer.content.decode(), name
    for name in ("schedule:programme", "schedule:slot", "schedule:policy", "schedule:device", "schedule:offer"):
        answer = client.get(reverse(name, kwargs=ids[name]))
        assert SECRET in answer.content.decode(), name
    for name in ("alerts:detail", "feedback:detail", "duty:board", "duty:edit"):
        values = ids.get(name) or ids[name.split(":")[0]]
        assert SECRET in client.get(reverse(name, kwargs={"pk": values["pk"]})).content.decode(), name
    for name in ("schedule:week", "schedule:programmes", "duty:list", "alerts:list"):
        assert SECRET in client.get(reverse(name)).content.decode(), name
    for name in ("media:account", "media:compared", *secret_boards.SEEN, *secret_data.SEEN):
        answer = client.get(reverse(name, kwargs=ids[name]))
        assert SECRET in answer.content.decode(), name
        assert f"{SECRET} khóa" not in answer.content.decode(), name  # not even to those whose it is
