"""People who warn: a real alert of a flood, written by one, signed by as many as the product asks for."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from uuid import UUID

    from nguon.alerts import drafts
    from nguon.alerts.models import Alert
    from nguon.cli.bench.stage import Stage
    from nguon.delivery.models import Broadcast

HAZARD = "lu"
LEVEL = 3


@dataclass(frozen=True)
class Warned:
    """An alert that went out: the broadcast of its siren, and the monotonic moment before the last hand's commit.

    `act_s`: how long the act of that hand took, its commit included.
    """

    alert: "Alert"
    siren: "Broadcast"
    start: float
    act_s: float


class Hands:
    """Officers of the stage's place: one who writes, a leader, a third for what reaches wide."""

    def __init__(self, made: "Stage") -> None:
        from nguon.keys import actions as keys
        from nguon.kit.clock import now
        from nguon.people.models import Office, Person, Role

        self._place = made.place
        office = Office.objects.create(name="UBND xã", place=made.place)
        self._people: list[Person] = []
        for name, kind in (("writer", "editor"), ("leader", "approver"), ("third", "editor")):
            person = Person.objects.create_user(f"bench-{name}", full_name=name.title(), office=office)
            Role.objects.create(person=person, kind=kind, place=made.place)
            self._people.append(person)
        keys.ensure(now=now())

    @property
    def signers(self) -> "tuple[UUID, ...]":
        """Those who sign: the leader and the third."""
        return tuple(person.pk for person in self._people[1:])

    def warn(self) -> Warned:
        """Write, submit, sign until it is live."""
        from nguon.alerts import actions
        from nguon.alerts.models import State
        from nguon.delivery.models import Broadcast
        from nguon.kit.clock import now

        writer, *others = self._people
        alert = actions.create(draft=self._draft(), place_id=self._place.pk, actor=writer, now=now())
        alert = actions.submit(alert=alert, actor=writer, now=now())
        began = start = time.monotonic()
        for person in others:
            if alert.state == State.LIVE:
                break
            began = time.monotonic()
            with transaction.atomic():
                alert = actions.sign(alert=alert, digest=alert.digest, actor=person, now=now())
                start = time.monotonic()  # the commit itself is part of what is measured
        act = time.monotonic() - began
        if alert.state != State.LIVE:
            raise RuntimeError(f"the alert is {alert.state} after {len(self._people)} signatures")
        siren = Broadcast.objects.select_related("file").get(alert_saying__alert=alert, alert_saying__whole=False)
        return Warned(alert, siren, start, act)

    def stop(self, warned: Warned) -> float:
        """Silence it; the monotonic moment before that was asked for."""
        from nguon.alerts import actions
        from nguon.kit.clock import now

        start = time.monotonic()
        actions.stop(alert=warned.alert, actor=self._people[0], now=now())
        return start

    def _draft(self) -> "drafts.Draft":
        from nguon.alerts import drafts
        from nguon.cap import hazards
        from nguon.cap.hazards import Kind
        from nguon.delivery.rules import Targets

        facts = {name: blank.example for name, blank in hazards.known_blanks().items()}
        words = hazards.fill(hazards.by_code(HAZARD).say(), facts)
        return drafts.Draft(
            hazard=HAZARD,
            kind=Kind.WARNING,
            level=LEVEL,
            headline=words.headline,
            text=" ".join(words.order),
            targets=Targets(places=(self._place.pk,)),
            lasts=timedelta(hours=1),
            facts=facts,
        )


def payload_of(siren: "Broadcast") -> bytes:
    """The very bytes that went out: the same people, keys and times sign the same."""
    from nguon.delivery import sealed
    from nguon.delivery.queries import outgoing
    from nguon.devices import channels
    from nguon.kit.clock import now

    channel = channels.active()[siren.channel]
    return channel.announce(outgoing(siren), sealed.seal_of(siren, now()))[0].payload
