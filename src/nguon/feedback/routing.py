"""Who gets a case: ordered rules, those of the nearest place first. Each says whether it fits, and why not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from nguon.feedback.models import Case, Field, Route, Severity, Source
from nguon.feedback.saying import says, syllables
from nguon.kit.clock import local_day
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.places.rules import Tree

if TYPE_CHECKING:
    from nguon.feedback.telling import Told


@dataclass(frozen=True)
class Facts:
    """What rules look at."""

    place_ids: tuple[UUID, ...]  # from the place itself up to the root
    field: str
    source: str
    severity: str
    device: bool
    said: tuple[str, ...]  # syllables
    names: Mapping[str, str]  # of all fields, by key


@dataclass(frozen=True)
class Looked:
    """One rule and what it said: `why` is empty where it fits. `decided`: the first that fits."""

    route: Route
    fits: bool
    why: str
    decided: bool = False


@dataclass(frozen=True)
class Routed:
    """Where a case goes: by a rule, or, without one, to the office of its place (None: there is no office at all)."""

    office: Office | None
    route: Route | None
    severity: str
    looked: tuple[Looked, ...]

    @property
    def why(self) -> str:
        """The reason in one sentence, for officers."""
        if self.route is not None:
            return _("Theo quy tắc “%(name)s”.") % {"name": self.route.name}
        if self.office is not None:
            return _("Không có quy tắc nào hợp, nên giao cơ quan phụ trách địa bàn: %(office)s.") % {
                "office": self.office
            }
        return _("Địa bàn này và cấp trên chưa có cơ quan nào. Hãy lập cơ quan rồi giao lại.")


def explained(what: "Case | Told", now: datetime) -> Routed:
    """Where a case goes, or would go, by the rules as they stand; with what every rule said."""
    facts = facts_of(what, now)
    rules = rules_for(facts.place_ids)
    return by_rules(what.severity, facts, rules, partial(office_of, facts.place_ids, now))


def by_rules(severity: str, facts: Facts, rules: Iterable[Route], fallback: Callable[[], Office | None]) -> Routed:
    """The same by given rules, in their order. `fallback`: asked where none fits."""
    looked: list[Looked] = []
    chosen: Route | None = None
    for route in rules:
        why = mismatch(route.when, facts)
        decides = not why and chosen is None
        chosen = route if decides else chosen
        looked.append(Looked(route, not why, why, decides))
    office = chosen.office if chosen else fallback()
    return Routed(office, chosen, (chosen.severity if chosen else "") or severity or Severity.ORDINARY, tuple(looked))


def rules_for(chain: tuple[UUID, ...]) -> list[Route]:
    """The active rules for a place: its own in their order, then those of each place above."""
    depth = {pk: number for number, pk in enumerate(chain)}
    found = Route.objects.filter(active=True, place__in=chain).select_related("office", "place")
    return sorted(found, key=lambda route: (depth[route.place_id], route.number, str(route.pk)))


@dataclass(frozen=True)
class Tried:
    """What would have become of a past case by rules that are being tried."""

    case: Case
    routed: Routed

    @property
    def changed(self) -> bool:
        """Whether another office would have it."""
        return self.routed.office is not None and self.routed.office.pk != self.case.office_id


def dry_run(person: Person, rules: Iterable[Route], cases: Iterable[Case], now: datetime) -> list[Tried]:
    """Where past cases that the person may see would go by these rules, which need not be saved. Changes nothing."""
    seen, rules, around = place_ids(person, Right.CASES), list(rules), surroundings()
    office = cache(partial(office_of, now=now))
    found = []
    for case in cases:
        if case.place_id in seen:
            facts = facts_of(case, now, around)
            order = {pk: number for number, pk in enumerate(facts.place_ids)}
            here = sorted(
                (rule for rule in rules if rule.place_id in order and rule.active),
                key=lambda rule: (order[rule.place_id], rule.number),
            )
            found.append(Tried(case, by_rules(case.severity, facts, here, partial(office, facts.place_ids))))
    return found


class Around(NamedTuple):
    """All places and fields: asked for once, however many cases are compared."""

    tree: Tree
    fields: dict[UUID, Field]


def surroundings() -> Around:
    """What facts are made of, beside the case itself."""
    return Around(places.tree(), {field.pk: field for field in Field.objects.all()})


def facts_of(what: "Case | Told", now: datetime, around: Around | None = None) -> Facts:
    """What the rules see of a case or of what is being told."""
    tree, fields = around or surroundings()
    chain = tuple(reversed(tree.above(what.place_id, local_day(now))))
    field = fields.get(what.field_id) if what.field_id else None
    return Facts(
        place_ids=chain,
        field=field.key if field else "",
        source=what.source,
        severity=what.severity or Severity.ORDINARY,
        device=what.device_id is not None,
        said=tuple(syllables(what.words)),
        names={one.key: one.name for one in fields.values()},
    )


def mismatch(when: dict[str, object], facts: Facts) -> str:
    """Why a condition does not fit, in words; empty if it does."""
    checks = (_field, _source, _severity, _device, _place, _words)
    return next((why for check in checks if (why := check(when, facts))), "")


def office_of(chain: Iterable[UUID], now: datetime) -> Office | None:
    """The office that answers for a place: the oldest in force there, or at the nearest place above that has one."""
    chain = list(chain)
    found = Office.objects.filter(places.holding(local_day(now)), place__in=chain, succeeded_by=None)
    order = {pk: number for number, pk in enumerate(chain)}
    return min(found, key=lambda office: (order[office.place_id], str(office.pk)), default=None)


def _listed(when: dict[str, object], key: str) -> list[str]:
    found = when.get(key)
    return [str(one) for one in found] if isinstance(found, list) else []


def _field(when: dict[str, object], facts: Facts) -> str:
    wanted = _listed(when, "fields")
    if not wanted or facts.field in wanted:
        return ""
    return _("Lĩnh vực không phải: %(names)s.") % {"names": ", ".join(facts.names.get(key, key) for key in wanted)}


def _source(when: dict[str, object], facts: Facts) -> str:
    wanted = _listed(when, "sources")
    if not wanted or facts.source in wanted:
        return ""
    labels = dict(Source.choices)
    return _("Không gửi qua: %(names)s.") % {"names": ", ".join(str(labels.get(one, one)) for one in wanted)}


def _severity(when: dict[str, object], facts: Facts) -> str:
    wanted = _listed(when, "severities")
    if not wanted or facts.severity in wanted:
        return ""
    labels = dict(Severity.choices)
    return _("Mức độ không phải: %(names)s.") % {"names": ", ".join(str(labels.get(one, one)) for one in wanted)}


def _device(when: dict[str, object], facts: Facts) -> str:
    if when.get("devices") is True and not facts.device:
        return _("Không gửi từ mã QR ở cụm loa hay bảng tin.")
    return ""


def _place(when: dict[str, object], facts: Facts) -> str:
    wanted = _listed(when, "places")
    if not wanted or {str(pk) for pk in facts.place_ids} & set(wanted):
        return ""
    names = [str(place) for place in Place.objects.filter(pk__in=wanted)]
    return _("Không nằm ở: %(names)s.") % {"names": ", ".join(names)}


def _words(when: dict[str, object], facts: Facts) -> str:
    wanted = _listed(when, "words")
    if not wanted or any(says(facts.said, word) for word in wanted):
        return ""
    return _("Không có từ nào trong: %(names)s.") % {"names": ", ".join(wanted)}
