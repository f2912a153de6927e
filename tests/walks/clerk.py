"""An officer's hands on a running server, in a process that is there before the fault begins.

`python -m tests.walks.clerk` with the environment of a server: one line of JSON in, one out. A shell of its own for
each act would take seconds to start, and nobody could sign in the moment the database is locked.
"""

import json
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import django


def main() -> None:
    """Answer line after line until there are no more."""
    django.setup()
    from django.db import close_old_connections

    print("{}", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        time.sleep(max(0.0, asked["at"] - time.monotonic()))  # the same counter in all processes
        close_old_connections()
        try:
            gave: dict[str, Any] = {"gave": DEEDS[asked["do"]](**asked["with"])}
        except Exception as error:
            gave = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(gave, default=str), flush=True)


def build(hamlets: list[str]) -> None:
    """A commune in a district, its hamlets, and four people who may act: bt writes, ct, pct and tv sign."""
    from nguon.keys import actions as keys
    from nguon.kit import clock, text
    from nguon.people.models import Office, Person, Role
    from nguon.places.models import Link, Place

    def place(name: str, kind: str, parent: Place | None) -> Place:
        made = Place.objects.create(name=name, kind=kind, folded=text.fold(name))
        if parent:
            Link.objects.create(child=made, parent=parent)
        return made

    commune = place("Phước Thuận", "Xã", place("Tuy Phước", "Huyện", None))
    for name in hamlets:
        place(name, "Thôn", commune)
    office = Office.objects.create(name="UBND xã Phước Thuận", place=commune)
    for name, kinds in {"bt": ("editor", "technician"), "ct": ("approver",), "pct": ("approver",)}.items():
        person = Person.objects.create_user(name, full_name=f"Cán bộ {name}", office=office)
        for kind in kinds:
            Role.objects.create(person=person, kind=kind, place=commune)
    keys.ensure(now=clock.now())


def register(hamlet: str, name: str, channel: str = "speaker") -> list[str]:
    """A new device there: its id, and the code it enrols with."""
    from nguon.devices import actions, enrolment
    from nguon.kit import clock
    from nguon.places.models import Place

    now, actor = clock.now(), _person("bt")
    place = Place.objects.get(name=hamlet)
    made = actions.register(name=name, place=place, channel=channel, actor=actor, now=now)
    return [made.pk.hex, enrolment.issue_code(device=made, actor=actor, now=now)]


def screen(code: str, device: str) -> None:
    """Say that the screen that shows this code is that device."""
    from nguon.devices import screens
    from nguon.devices.models import Device
    from nguon.kit import clock

    screens.name(code=code, device=Device.objects.get(pk=device), actor=_person("bt"), now=clock.now())


def lend(device: str, first: str, last: str, begins: str, ends: str, area: list[int]) -> str:
    """The right to a screen of somebody else's, from day to day, from hour to hour: its id."""
    from datetime import date
    from datetime import time as hour

    from nguon.devices.models import Device
    from nguon.devices.requisitions import actions
    from nguon.devices.requisitions.rules import Area
    from nguon.kit import clock

    terms = actions.Terms(
        owner="Công ty Quảng cáo Tuy Phước",
        contact="",
        basis="Quyết định 12/QĐ-UBND",
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last),
        hours=((hour.fromisoformat(begins), hour.fromisoformat(ends)),),
        area=Area(*area),
    )
    one = Device.objects.get(pk=device)
    return actions.begin(device=one, terms=terms, actor=_person("bt"), now=clock.now()).pk.hex


def give_back(requisition: str) -> None:
    """The screen is its owner's again."""
    from nguon.devices.models import Requisition
    from nguon.devices.requisitions import actions
    from nguon.kit import clock

    found = Requisition.objects.select_related("device").get(pk=requisition)
    actions.end(requisition=found, actor=_person("bt"), now=clock.now())


def bulletin(title: str, body: str) -> str:
    """Written, and its sound asked for: its id."""
    from nguon.kit import clock
    from nguon.newsroom import actions
    from nguon.newsroom.rules import Draft
    from nguon.places.models import Place

    details = actions.Details(place_id=Place.objects.get(name="Phước Thuận").pk, category="local")
    version = actions.save(
        bulletin=None,
        seen=0,
        draft=Draft(title=title, body=body),
        details=details,
        hear=True,
        actor=_person("bt"),
        now=clock.now(),
    )
    return version.bulletin_id.hex


def approved(bulletin: str) -> bool:
    """Handed in and approved, if its sound is there by now; whether it is."""
    from nguon.kit import clock
    from nguon.newsroom import actions, queries
    from nguon.newsroom.models import Bulletin
    from nguon.review import actions as reviews

    one, now = Bulletin.objects.get(pk=bulletin), clock.now()
    version = queries.newest(one)
    if queries.sha256(version) is None:
        return False
    review = actions.submit(bulletin=one, seen=version.number, actor=_person("bt"), now=now)
    reviews.approve(
        review=review, text_hash=review.text_hash, media_hash=review.media_hash, actor=_person("ct"), now=now
    )
    return True


def place(bulletin: str, hamlets: list[str], minutes: int = 60) -> str:
    """On the air at once: the broadcast's id."""
    from nguon.delivery.rules import Targets
    from nguon.kit import clock
    from nguon.newsroom.models import Bulletin
    from nguon.places.models import Place
    from nguon.programme import actions

    now, places = clock.now(), Place.objects.filter(name__in=hamlets).values_list("pk", flat=True)
    made = actions.place(
        bulletin=Bulletin.objects.get(pk=bulletin),
        targets=Targets(places=tuple(places)),
        start_at=None,
        expires_at=now + timedelta(minutes=minutes),
        actor=_person("bt"),
        now=now,
    )
    return made.pk.hex


def daily(bulletin: str, hamlets: list[str], begins: str) -> None:
    """On the air each day at this hour, from today on."""
    from datetime import time as hour

    from nguon.delivery.rules import Targets
    from nguon.kit import clock
    from nguon.places.models import Place
    from nguon.programme import composing, slotting
    from nguon.programme.items import Item, Kind

    now, person = clock.now(), _person("bt")
    commune = Place.objects.get(name="Phước Thuận")
    kept = [Item(Kind.BULLETIN, what=bulletin)]
    programme = composing.create(place_id=commune.pk, name="Tin hằng ngày", kept=kept, actor=person, now=now)
    places = Place.objects.filter(name__in=hamlets).values_list("pk", flat=True)
    wanted = slotting.Wanted(
        place_id=commune.pk,
        programme=programme,
        first_day=clock.today(),
        at=hour.fromisoformat(begins),
        targets=Targets(places=tuple(places)),
        rule="FREQ=DAILY",
    )
    slotting.create(wanted=wanted, actor=person, now=now)


def answers(broadcast: str) -> dict[str, str]:
    """How far each device is with it."""
    from nguon.delivery.models import Delivery

    rows = Delivery.objects.filter(broadcast=UUID(broadcast))
    return {device.hex: progress for device, progress in rows.values_list("device_id", "progress")}


def write(hamlets: list[str], text: str, headline: str, hazard: str = "lu", minutes: int = 360) -> list[str]:
    """An alert written and handed in: its id, and the digest to sign."""
    from nguon.alerts import actions, drafts
    from nguon.cap import hazards
    from nguon.cap.hazards import Kind
    from nguon.delivery.rules import Targets
    from nguon.kit import clock
    from nguon.places.models import Place

    places = Place.objects.filter(name__in=hamlets).values_list("pk", flat=True)
    wanted = drafts.Draft(
        hazard=hazard,
        kind=Kind.WARNING,
        level=3,
        headline=headline,
        text=text,
        targets=Targets(places=tuple(places)),
        lasts=timedelta(minutes=minutes),
        facts={name: blank.example for name, blank in hazards.known_blanks().items()},
    )
    now, actor = clock.now(), _person("bt")
    made = actions.create(draft=wanted, place_id=Place.objects.get(name="Phước Thuận").pk, actor=actor, now=now)
    made = actions.submit(alert=made, actor=actor, now=now)
    return [made.pk.hex, made.digest]


def sign(alert: str, digest: str, who: str) -> str:
    """Put a hand under it: the state it has then."""
    from nguon.alerts import actions
    from nguon.alerts.models import Alert
    from nguon.kit import clock

    signed = actions.sign(alert=Alert.objects.get(pk=alert), digest=digest, actor=_person(who), now=clock.now())
    return signed.state


def stop(alert: str) -> str:
    """Silence it."""
    from nguon.alerts import actions
    from nguon.alerts.models import Alert
    from nguon.kit import clock

    return actions.stop(alert=Alert.objects.get(pk=alert), actor=_person("bt"), now=clock.now()).state


def again(alert: str) -> None:
    """Let its next time come now, as after the hours of its cadence."""
    from nguon.alerts.models import Alert
    from nguon.kit import clock

    Alert.objects.filter(pk=alert, state="live").update(next_at=clock.now())


def told(alert: str) -> list[dict[str, Any]]:
    """All that was said of it, the first first: each broadcast with what every device answered."""
    from nguon.alerts.models import Saying
    from nguon.delivery.models import Receipt

    found = []
    for saying in Saying.objects.filter(alert=UUID(alert)).select_related("broadcast").order_by("number", "whole"):
        sent = saying.broadcast
        answers = Counter((each.device_id.hex, each.stage) for each in Receipt.objects.filter(broadcast=sent.pk))
        devices = {
            row.device_id.hex: {
                "progress": row.progress,
                "reason": row.reason,
                "sends": row.sends,
                "detail": row.detail,
                "stages": {stage: count for (device, stage), count in answers.items() if device == row.device_id.hex},
            }
            for row in sent.deliveries.all()
        }
        facts = {"number": saying.number, "whole": saying.whole, "signers": len(sent.signers), "state": sent.state}
        found.append({"id": sent.pk.hex, "ms": sent.length_ms, "level": sent.level, "devices": devices, **facts})
    return found


def signed_broadcasts() -> list[str]:
    """Whatever at least two people signed."""
    from nguon.delivery.models import Broadcast

    return [row.pk.hex for row in Broadcast.objects.all() if len(set(row.signers)) >= 2]


def journal(alert: str) -> dict[str, int]:
    """How often each thing was done to it."""
    from nguon.journal.models import Entry

    return dict(Counter(Entry.objects.filter(subject=f"alerts.alert:{alert}").values_list("verb", flat=True)))


def refusals(device: str) -> list[list[Any]]:
    """What was not believed of a device: reason, topic, detail."""
    from nguon.devices.models import Refusal

    return [list(row) for row in Refusal.objects.filter(device=UUID(device)).values_list("reason", "topic", "detail")]


def online(devices: list[str]) -> int:
    """How many of these are connected."""
    from nguon.devices.models import DeviceState

    return DeviceState.objects.filter(device__in=map(UUID, devices), online=True).count()


def _person(name: str) -> Any:
    from nguon.people.models import Person

    return Person.objects.get(username=name)


DEEDS = {
    each.__name__: each
    for each in (
        *(build, register, screen, lend, give_back, bulletin, approved, place, daily, answers),
        *(write, sign, stop, again, told, signed_broadcasts, journal, refusals, online),
    )
}

if __name__ == "__main__":
    main()
