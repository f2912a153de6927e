"""Alerts for app tests: a commune with an office in a district, an officer who writes, a leader who signs."""

from datetime import timedelta
from typing import Any

from nguon.alerts import actions
from nguon.alerts.drafts import Draft
from nguon.alerts.models import Alert
from nguon.cap import hazards
from nguon.cap.hazards import Kind
from nguon.delivery.models import Broadcast
from nguon.delivery.rules import Targets
from nguon.keys import actions as keys
from nguon.media.models import File, Rendition
from nguon.media.models import State as Made
from nguon.people.models import Office, Person, Role
from nguon.places.models import Link, Place
from tests.app import stage
from tests.app.stage import NOW, Stage


def build() -> Stage:
    """A commune with an office in a district; its officer may write alerts."""
    built = stage.build()
    above = Place.objects.create(name="Tuy Phước", kind="Huyện", folded="tuy phuoc")
    Link.objects.create(child=built.commune, parent=above)
    Office.objects.create(name="UBND xã", place=built.commune)
    keys.ensure(now=NOW)
    role(built.editor, "editor", built.commune)
    return built


def role(person: Person, kind: str, where: Place) -> Person:
    """Give a role."""
    Role.objects.create(person=person, kind=kind, place=where)
    return person


def make_leader(world: Stage) -> Person:
    """One who approves there."""
    return role(Person.objects.create_user("ct", full_name="Trần Văn Bình"), "approver", world.commune)


def draft(world: Stage, **changes: Any) -> Draft:
    """What an officer wrote: a flood of level 3 for the first hamlet."""
    hazard = hazards.by_code("lu")
    facts = {name: blank.example for name, blank in hazards.known_blanks().items()}
    words = hazards.fill(hazard.say(drill=bool(changes.get("drill"))), facts)
    given: dict[str, Any] = {
        "hazard": "lu",
        "kind": Kind.WARNING,
        "level": 3,
        "headline": words.headline,
        "text": " ".join(words.order),
        "targets": Targets(places=(world.hamlets[0].pk,)),
        "lasts": timedelta(hours=6),
        "facts": facts,
    }
    return Draft(**(given | changes))


def submitted(world: Stage, **changes: Any) -> Alert:
    """Signed by its writer."""
    made = actions.create(draft=draft(world, **changes), place_id=world.commune.pk, actor=world.editor, now=NOW)
    return actions.submit(alert=made, actor=world.editor, now=NOW)


def spoken(alert: Alert) -> None:
    """Its voice is ready."""
    file, _new = File.objects.get_or_create(
        sha256="b" * 64,
        defaults={"size": 9, "mime": "audio/mpeg", "duration_ms": 20_000, "path": "b.mp3", "created_at": NOW},
    )
    assert alert.sound_id is not None
    Rendition.objects.filter(pk=alert.sound_id).update(state=Made.READY, file=file)
    alert.refresh_from_db()


def live(world: Stage, leader: Person, **changes: Any) -> Alert:
    """Signed by both, its voice ready."""
    alert = submitted(world, **changes)
    spoken(alert)
    return actions.sign(alert=alert, digest=alert.digest, actor=leader, now=NOW)


def sent(alert: Alert) -> list[Broadcast]:
    """All its broadcasts, the first first."""
    return list(Broadcast.objects.filter(alert_saying__alert=alert).order_by("alert_saying__at", "seq"))
