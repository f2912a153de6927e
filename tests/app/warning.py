"""A district with communes for tests of alerts: who may warn, and clusters that are there, or not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nguon.alerts import actions
from nguon.alerts.drafts import Draft
from nguon.alerts.models import Alert
from nguon.cap import hazards
from nguon.cap.hazards import Kind
from nguon.delivery import queries
from nguon.delivery.models import Broadcast, Delivery
from nguon.delivery.rules import Targets
from nguon.devices.models import Device, DeviceState
from nguon.keys import actions as keys
from nguon.kit import text
from nguon.people.models import Office, Person, Role
from nguon.places.models import Link, Place
from tests.app import stage
from tests.app.alarms import sent, spoken
from tests.app.stage import NOW


@dataclass
class District:
    """`district › commune › (two hamlets)`, `district › other › far`; each hamlet has clusters.

    The district and both communes have offices, and so give orders in their own names.
    """

    district: Place
    commune: Place
    other: Place
    hamlets: list[Place]
    far: Place
    devices: list[Device]  # 0 and 2 in the first hamlet, 1 in the second, 3 and 4 in `far`
    editor: Person  # of the commune
    leader: Person
    chief: Person  # of the district
    deputy: Person

    def draft(self, **changes: Any) -> Draft:
        """A warning of a flood for the first hamlet."""
        hazard = hazards.by_code("lu")
        facts = {name: blank.example for name, blank in hazards.known_blanks().items()}
        words = hazards.fill(hazard.say(drill=bool(changes.get("drill"))), facts)
        given: dict[str, Any] = {
            "hazard": "lu",
            "kind": Kind.WARNING,
            "level": 3,
            "headline": words.headline,
            "text": " ".join(words.order),
            "targets": Targets(places=(self.hamlets[0].pk,)),
            "lasts": timedelta(hours=6),
            "facts": facts,
        }
        return Draft(**(given | changes))

    def live(self, now: datetime = NOW, **changes: Any) -> Alert:
        """The same, signed by two of the commune and gone out."""
        made = actions.create(draft=self.draft(**changes), place_id=self.commune.pk, actor=self.editor, now=now)
        return self._out(made, [self.editor, self.leader, self.chief], now)

    def wide(self, now: datetime = NOW, **changes: Any) -> Alert:
        """A warning of the district for all of it, in stages."""
        given = {"targets": Targets(places=(self.district.pk,)), "staged": True} | changes
        made = actions.create(draft=self.draft(**given), place_id=self.district.pk, actor=self.chief, now=now)
        third = person("phu", "Trần Văn Phụ", self.district, "approver")
        return self._out(made, [self.chief, self.deputy, third], now)

    def _out(self, made: Alert, hands: list[Person], now: datetime) -> Alert:
        alert = actions.submit(alert=made, actor=hands[0], now=now)
        spoken(alert)
        for hand in hands[1:]:
            if alert.state == "waiting":
                alert = actions.sign(alert=alert, digest=alert.digest, actor=hand, now=now)
        assert alert.state == "live"
        return alert


def place(name: str, kind: str, parent: Place | None = None) -> Place:
    made = Place.objects.create(name=name, kind=kind, folded=text.fold(name))
    if parent is not None:
        Link.objects.create(child=made, parent=parent)
    return made


def person(username: str, name: str, where: Place, *kinds: str) -> Person:
    made = Person.objects.create_user(username, full_name=name, password="mat-khau-dai-1")
    for kind in kinds:
        Role.objects.create(person=made, kind=kind, place=where)
    return made


def device(name: str, where: Place, *, online: bool = True) -> Device:
    made = stage.device(name, where)
    made.save(force_insert=True)
    DeviceState.objects.create(device=made, online=online, changed_at=NOW, seen_at=NOW)
    return made


def build(now: datetime = NOW) -> District:
    district = place("Tuy Phước", "huyện")
    commune, other = place("Phước Thuận", "xã", district), place("Phước Lộc", "xã", district)
    hamlets = [place("Quảng Vân", "thôn", commune), place("Lộc Hạ", "thôn", commune)]
    far = place("Đại Tín", "thôn", other)
    for where in (district, commune, other):
        Office.objects.create(name=f"UBND {where}", place=where)
    keys.ensure(now=now)
    stands = [hamlets[0], hamlets[1], hamlets[0], far, far]
    return District(
        district,
        commune,
        other,
        hamlets,
        far,
        [device(f"Cụm loa số {number}", one) for number, one in enumerate(stands)],
        person("bt", "Nguyễn Thị Hoa", commune, "editor"),
        person("ct", "Trần Văn Bình", commune, "approver"),
        person("huyen", "Lê Văn Chánh", district, "editor", "approver"),
        person("phohuyen", "Đỗ Thị Phó", district, "approver"),
    )


def reached(broadcast: Broadcast) -> set[str]:
    """The names of the clusters a broadcast is for."""
    return {str(one) for one in queries.targeted(queries.targets_of(broadcast), ("speaker",), stage.NOW.date())}


def answer(alert: Alert, *devices: Device, at: datetime = NOW, progress: str = "received") -> None:
    """These clusters say that they have what was sent last."""
    for broadcast in sent(alert)[-2:]:
        for one in devices:
            Delivery.objects.update_or_create(
                broadcast=broadcast,
                device=one,
                defaults={"received_at": at, "progress": progress, "changed_at": at},
            )
