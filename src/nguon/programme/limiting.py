"""The verbs on policies: what may sound when, how long, how often, how loud, and how bright screens may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.devices.models import Group
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.programme import plans
from nguon.programme.models import Policy

DARKEST = 20  # percent: darker nobody reads it, and whoever watches the screen takes it for broken


class PolicyRefused(Exception):
    """Why a policy cannot be kept, in an officer's words; `field` is the part of the form."""

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.field = field


@dataclass(frozen=True)
class Limits:
    """What a policy says. `quiet`: pairs of times; `volumes`, `brightness`: (from, to, most percent); `longest`: s."""

    basis: str
    quiet: tuple[tuple[time, time], ...] = ()
    most_sessions: int | None = None
    longest: int | None = None
    volumes: tuple[tuple[time, time, int], ...] = ()
    brightness: tuple[tuple[time, time, int], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    group: Group | None = None


@transaction.atomic
def create(*, place_id: UUID, limits: Limits, actor: Person, now: datetime) -> Policy:
    """A new policy of a place, or of one of its groups. Raises PolicyRefused, Forbidden."""
    scope.require(actor, Right.BROADCAST, place_id, on=local_day(now))
    policy = Policy(place_id=place_id, created_by=actor, created_at=now)
    _fill(policy, limits, now)
    _record("programme.policy-create", policy, actor, now, after=_said(policy))
    return policy


@transaction.atomic
def change(*, policy: Policy, limits: Limits, actor: Person, now: datetime) -> Policy:
    """Other limits. Raises PolicyRefused, Forbidden."""
    policy = _locked(policy, actor, now)
    before = _said(policy)
    _fill(policy, limits, now)
    _record("programme.policy-change", policy, actor, now, before=before, after=_said(policy))
    return policy


@transaction.atomic
def end(*, policy: Policy, actor: Person, now: datetime) -> None:
    """It holds no more from now on. Raises Forbidden."""
    policy = _locked(policy, actor, now)
    policy.ended_at = policy.changed_at = now
    policy.save()
    _record("programme.policy-end", policy, actor, now, before=_said(policy))


def _fill(policy: Policy, limits: Limits, now: datetime) -> None:
    _check(limits, policy.place_id)
    policy.basis = " ".join(clean(limits.basis).split())
    policy.group = limits.group
    policy.quiet = [[f"{first:%H:%M}", f"{last:%H:%M}"] for first, last in limits.quiet]
    policy.volumes, policy.brightness = _kept(limits.volumes), _kept(limits.brightness)
    policy.most_sessions, policy.longest = limits.most_sessions, limits.longest
    policy.valid_from, policy.valid_to = limits.valid_from, limits.valid_to
    policy.changed_at = now
    policy.save()


def _kept(spans: Iterable[tuple[time, time, int]]) -> list[list[str | int]]:
    return [[f"{first:%H:%M}", f"{last:%H:%M}", most] for first, last, most in spans]


def _check(limits: Limits, place_id: UUID) -> None:
    if not any(letter.isalnum() for letter in limits.basis):
        raise PolicyRefused(_("Hãy ghi căn cứ: số, ký hiệu, ngày của văn bản."), "basis")
    if len(limits.basis) > 300:
        raise PolicyRefused(_("Căn cứ quá dài: nhiều nhất 300 ký tự."), "basis")
    if not (limits.quiet or limits.volumes or limits.brightness or limits.most_sessions or limits.longest):
        raise PolicyRefused(_("Quy định chưa hạn chế gì. Hãy ghi ít nhất một mục bên dưới."))
    if any(first == last for first, last in limits.quiet):
        raise PolicyRefused(
            _("Giờ yên tĩnh bắt đầu và kết thúc cùng lúc thì cả ngày không phát. Hãy sửa giờ."), "quiet"
        )
    if any(not 1 <= most <= 100 for _first, _last, most in limits.volumes):
        raise PolicyRefused(_("Âm lượng phải từ 1 đến 100 %."), "volumes")
    if any(not DARKEST <= most <= 100 for _first, _last, most in limits.brightness):
        raise PolicyRefused(_("Độ sáng phải từ 20 đến 100 %. Tối hơn nữa thì không ai đọc được chữ."), "brightness")
    if limits.valid_from and limits.valid_to and limits.valid_to < limits.valid_from:
        raise PolicyRefused(_("Ngày kết thúc phải sau ngày bắt đầu."), "valid_to")
    if limits.group is not None and limits.group.place_id != place_id:
        raise PolicyRefused(_("Nhóm này không thuộc địa bàn đã chọn."), "group")


def _locked(policy: Policy, actor: Person, now: datetime) -> Policy:
    found = Policy.objects.select_for_update().get(pk=policy.pk)
    scope.require(actor, Right.BROADCAST, found.place_id, on=local_day(now))
    if found.ended_at is not None:
        raise PolicyRefused(_("Quy định này đã kết thúc."))
    return found


def _said(policy: Policy) -> dict[str, Any]:
    return {
        "basis": policy.basis,
        "quiet": ["–".join(pair) for pair in policy.quiet],
        "most_sessions": policy.most_sessions,
        "longest": policy.longest,
        "volumes": [f"{first}–{last}: {most} %" for first, last, most in policy.volumes],
        "brightness": [f"{first}–{last}: {most} %" for first, last, most in policy.brightness],
    }


def _record(verb: str, policy: Policy, actor: Person, now: datetime, **values: Any) -> None:
    record(
        actor=actor, verb=verb, subject=f"programme.policy:{policy.pk.hex}", now=now, place=policy.place_id, **values
    )
    plans.touch()
