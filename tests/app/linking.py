"""A commune that may warn, and messages of others, for app tests of links."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nguon.alerts import actions as alerts
from nguon.alerts.drafts import Draft
from nguon.alerts.models import Alert
from nguon.cap import hazards, keys, profile, sign, write
from nguon.cap.hazards import Kind, Words
from nguon.cap.model import Alert as Message
from nguon.cap.model import Area, Named, Reference
from nguon.delivery.rules import Targets
from nguon.devices.models import Device
from nguon.keys import actions as ring
from nguon.kit import text
from nguon.kit.clock import LOCAL
from nguon.links import actions
from nguon.links.actions import Terms
from nguon.links.models import Received, Source
from nguon.people.models import Office, Person, Role
from nguon.places.models import Code, Link, Place
from tests.app import stage
from tests.app.stage import NOW, Stage

OFFICE = "Đài Khí tượng thủy văn tỉnh"
SENT = NOW.astimezone(LOCAL)


@dataclass
class World:
    """`province › commune › hamlets`; the editor and the leader warn for the commune, the keeper administers it."""

    stage: Stage
    province: Place
    editor: Person
    leader: Person
    other: Person
    keeper: Person
    key: bytes
    certificate: bytes

    @property
    def commune(self) -> Place:
        return self.stage.commune

    @property
    def hamlets(self) -> list[Place]:
        return self.stage.hamlets

    @property
    def devices(self) -> list[Device]:
        return self.stage.devices

    def source(self, **changes: Any) -> Source:
        """A source of the commune that trusts the key of this world."""
        given: dict[str, Any] = {"place": self.commune.pk, "name": OFFICE, "certificates": self.certificate.decode()}
        return actions.create_source(terms=Terms(**(given | changes)), actor=self.keeper, now=NOW)

    def signed(self, message: Message) -> bytes:
        """The message under the key that the source trusts."""
        return sign.sign(write.render(message), self.key, self.certificate, at=NOW)


def build() -> World:
    made = stage.build()
    province = Place.objects.create(name="Bình Định", kind="Tỉnh", folded="binh dinh")
    Link.objects.create(child=made.commune, parent=province)
    Office.objects.create(name="UBND xã Phước Thuận", place=made.commune)
    Code.objects.create(place=made.commune, system="gso", code="21982")
    Code.objects.create(place=province, system="gso", code="52")
    ring.ensure(now=NOW)
    role(made.editor, "editor", made.commune)
    leader = role(Person.objects.create_user("ct", full_name="Trần Văn Bình"), "approver", made.commune)
    other = role(Person.objects.create_user("pct", full_name="Phạm Thị Phó"), "approver", made.commune)
    keeper = role(Person.objects.create_user("qt", full_name="Lê Thị Quản"), "admin", made.commune)
    key, certificate = keys.make(OFFICE, now=NOW, elliptic=True)
    return World(made, province, made.editor, leader, other, keeper, key, certificate)


def role(person: Person, kind: str, where: Place) -> Person:
    Role.objects.create(person=person, kind=kind, place=where)
    return person


def place(name: str, kind: str, parent: Place) -> Place:
    made = Place.objects.create(name=name, kind=kind, folded=text.fold(f"{kind} {name}"))
    Link.objects.create(child=made, parent=parent)
    return made


def message(number: str = "KTTV-12", **changes: Any) -> Message:
    """A flood warning of the weather service for the commune, in force for six hours."""
    info = profile.info(
        hazards.by_code("lu"),
        Words("Lũ khẩn cấp trên sông Hà Thanh", ("Nước lên nhanh.", "Bà con ở vùng thấp đi ngay lên chỗ cao.")),
        sender_name=OFFICE,
        areas=changes.pop("areas", (Area(description="xã Phước Thuận", geocodes=(Named(profile.PLACE, "21982"),)),)),
        effective=SENT,
        expires=changes.pop("expires", SENT + timedelta(hours=6)),
        level=3,
        kind=changes.get("kind", Kind.WARNING),
        language=changes.pop("language", "vi-VN"),
    )
    given: dict[str, Any] = {"identifier": number, "sender": "kttv@binhdinh.example", "sent": SENT, "infos": (info,)}
    return profile.alert(**(given | changes))


def about(earlier: Message, number: str, kind: Kind, **changes: Any) -> Message:
    """A later message about an earlier one."""
    named = Reference(earlier.sender, earlier.identifier, earlier.sent)
    return message(number, kind=kind, earlier=(named,), **changes)


def draft(world: World, **changes: Any) -> Draft:
    """An alert of the commune for its first hamlet."""
    hazard = hazards.by_code("lu")
    facts = {name: blank.example for name, blank in hazards.known_blanks().items()}
    words = hazards.fill(hazard.say(changes.get("kind", Kind.WARNING), drill=bool(changes.get("drill"))), facts)
    given: dict[str, Any] = {
        "hazard": "lu",
        "kind": Kind.WARNING,
        "level": 3,
        "headline": words.headline,
        "text": " ".join(words.order),
        "targets": Targets(places=(world.commune.pk,)),
        "lasts": timedelta(hours=6),
        "facts": facts,
        "source": "Đài Khí tượng thủy văn tỉnh, tin số 12",
    }
    return Draft(**(given | changes))


def written(world: World, *, follows: Alert | None = None, **changes: Any) -> Alert:
    """A draft of ours."""
    made = draft(world, **changes)
    return alerts.create(draft=made, place_id=world.commune.pk, actor=world.editor, now=NOW, follows=follows)


def live(world: World, now: datetime = NOW, *, follows: Alert | None = None, **changes: Any) -> Alert:
    """An alert of ours that went out."""
    return sent_out(world, written(world, follows=follows, **changes), now)


def sent_out(world: World, draft: Alert, now: datetime = NOW) -> Alert:
    """A draft under as many hands as it needs."""
    alert = alerts.submit(alert=draft, actor=world.editor, now=now)
    for hand in (world.leader, world.other):
        if alert.state == "waiting":
            alert = alerts.sign(alert=alert, digest=alert.digest, actor=hand, now=now)
    return alert


def receive(source: Source, data: bytes) -> Received:
    """A message as it came from the source's feed."""
    return actions.receive(source=source, data=data, now=NOW, address="https://kttv.example/1.xml")[0]
