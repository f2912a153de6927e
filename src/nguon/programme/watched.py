"""The changes to policies that ask for a second person. How: `people.consent`."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from nguon.devices.models import Group
from nguon.people import consent
from nguon.people.consent import Applied, Outcome, Verb
from nguon.people.errors import PeopleError
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.programme import limiting
from nguon.programme.limiting import Limits, PolicyRefused
from nguon.programme.models import Policy


def create(*, place_id: UUID, limits: Limits, actor: Person, now: datetime) -> Outcome:
    """Propose a policy of a place. Raises PolicyRefused, Forbidden, ChangeWaits."""
    return consent.propose(
        verb="programme.policy-create",
        subject=f"programme.policies:{place_id.hex}",
        title=limits.basis,
        place_id=place_id,
        said={"place": place_id.hex, "limits": _written(limits)},
        actor=actor,
        now=now,
    )


def change(*, policy: Policy, limits: Limits, actor: Person, now: datetime) -> Outcome:
    """Propose other limits. Raises PolicyRefused, Forbidden, ChangeWaits."""
    return _on_policy("programme.policy-change", policy, actor, now, limits=_written(limits))


def end(*, policy: Policy, actor: Person, now: datetime) -> Outcome:
    """Propose that a policy holds no more. Raises PolicyRefused, Forbidden, ChangeWaits."""
    return _on_policy("programme.policy-end", policy, actor, now)


def _on_policy(verb: str, policy: Policy, actor: Person, now: datetime, **said: Any) -> Outcome:
    return consent.propose(
        verb=verb,
        subject=f"programme.policy:{policy.pk.hex}",
        title=policy.basis,
        place_id=policy.place_id,
        said={"policy": policy.pk.hex, **said},
        actor=actor,
        now=now,
    )


def _create(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    limits = _read(said["limits"])
    made = limiting.create(place_id=UUID(said["place"]), limits=limits, actor=actor, now=now)
    return Applied(made.pk.hex)


def _change(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    policy = Policy.objects.get(pk=UUID(said["policy"]))
    return Applied(limiting.change(policy=policy, limits=_read(said["limits"]), actor=actor, now=now).pk.hex)


def _end(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    policy = Policy.objects.get(pk=UUID(said["policy"]))
    limiting.end(policy=policy, actor=actor, now=now)
    return Applied(policy.pk.hex)


def _written(limits: Limits) -> dict[str, Any]:
    """Limits as JSON."""
    return {
        "basis": limits.basis,
        "quiet": [[first.isoformat(), last.isoformat()] for first, last in limits.quiet],
        "volumes": [[first.isoformat(), last.isoformat(), most] for first, last, most in limits.volumes],
        "brightness": [[first.isoformat(), last.isoformat(), most] for first, last, most in limits.brightness],
        "most_sessions": limits.most_sessions,
        "longest": limits.longest,
        "valid_from": limits.valid_from.isoformat() if limits.valid_from else None,
        "valid_to": limits.valid_to.isoformat() if limits.valid_to else None,
        "group": limits.group.pk.hex if limits.group else None,
    }


def _read(said: Mapping[str, Any]) -> Limits:
    """Limits from JSON. Raises Group.DoesNotExist."""
    at = time.fromisoformat
    return Limits(
        basis=said["basis"],
        quiet=tuple((at(first), at(last)) for first, last in said["quiet"]),
        volumes=tuple((at(first), at(last), most) for first, last, most in said["volumes"]),
        brightness=tuple((at(first), at(last), most) for first, last, most in said.get("brightness", ())),
        most_sessions=said["most_sessions"],
        longest=said["longest"],
        valid_from=date.fromisoformat(said["valid_from"]) if said["valid_from"] else None,
        valid_to=date.fromisoformat(said["valid_to"]) if said["valid_to"] else None,
        group=Group.objects.get(pk=UUID(said["group"])) if said["group"] else None,
    )


CREATE = Verb(Right.BROADCAST, _create, (PolicyRefused, PeopleError))
CHANGE = Verb(Right.BROADCAST, _change, (PolicyRefused, PeopleError))
END = Verb(Right.BROADCAST, _end, (PolicyRefused, PeopleError))
