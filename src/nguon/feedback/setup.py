"""What the desk is set up with, as the person who sets it up sees it."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from nguon.feedback import setting_up
from nguon.feedback.models import Case, DayOff, Field, Route, Severity, Source, Term
from nguon.kit import clock
from nguon.people.models import Office, Person
from nguon.people.rules import Right
from nguon.people.scope import place_ids
from nguon.places import queries as places
from nguon.places.models import Place

M = TypeVar("M", bound=Model)
TRIED = 60  # past cases that rules are tried on


def seen(rows: "QuerySet[M]", person: Person) -> "QuerySet[M]":
    """The rows that hold for the person's places: theirs, those of the places above, those of everywhere."""
    return rows.filter(Q(place=None) | Q(place__in=around(person))).select_related("place")


def around(person: Person) -> set[Any]:
    """The places where the person sets things up, and all that those lie in."""
    graph, day = places.tree(), clock.today()
    mine = setting_up.reach(person)
    return {*mine, *(up for pk in mine for up in graph.above(pk, day))}


def offices(person: Person) -> "QuerySet[Office]":
    """The offices a rule may give cases to: those of the person's places, and above."""
    found = Office.objects.filter(places.holding(clock.today()), place__in=around(person))
    return found.select_related("place")


def routes(person: Person) -> "QuerySet[Route]":
    """The rules of the person's places in their order."""
    return seen(Route.objects.all(), person).select_related("place", "office").order_by("place__folded", "number")


def terms(person: Person) -> "QuerySet[Term]":
    """The deadlines, those in force and to come first."""
    order = ("step", "place__folded", "field__name", "severity", "-valid_from")
    return seen(Term.objects.all(), person).select_related("place", "field").order_by(*order)


def days_off(person: Person) -> "QuerySet[DayOff]":
    """The days of this year and later."""
    first = clock.today().replace(month=1, day=1)
    return seen(DayOff.objects.filter(day__gte=first), person).order_by("day")


def past_cases(person: Person) -> "QuerySet[Case]":
    """The newest cases of the person's places, on which rules are tried."""
    mine = place_ids(person, Right.CASES)
    return Case.objects.filter(place__in=mine, held="").select_related("place", "office", "field", "route")[:TRIED]


def conditions(route: Route) -> str:
    """What must be so for a rule, in one line."""
    when = route.when
    sources, severities = dict(Source.choices), dict(Severity.choices)
    names = Field.objects.filter(key__in=when.get("fields", [])).values_list("name", flat=True)
    inside = [str(place) for place in Place.objects.filter(pk__in=when.get("places", []))]
    parts = [
        (_("lĩnh vực %s"), list(names)),
        (_("gửi qua %s"), [str(sources.get(one, one)).lower() for one in when.get("sources", [])]),
        (_("mức độ %s"), [str(severities.get(one, one)).lower() for one in when.get("severities", [])]),
        (_("có từ %s"), when.get("words", [])),
        (_("ở %s"), inside),
    ]
    said = [words % ", ".join(values) for words, values in parts if values]
    if when.get("devices") is True:
        said.append(_("gửi từ mã QR ở cụm loa, bảng tin"))
    return "; ".join(said) or _("mọi phản ánh")
