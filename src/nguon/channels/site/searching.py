"""Searching a site: every word, marks and case ignored, and a place by all the names it ever had.

Who asks for the name of a commune that was merged finds what its successor says, and the reverse.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from nguon.channels.site import happenings, reading
from nguon.channels.site.happenings import Shown
from nguon.channels.site.reading import Item
from nguon.kit.text import clean, fold
from nguon.places.models import Place, Succession
from nguon.portal import queries
from nguon.portal.events import queries as events
from nguon.portal.models import Paper, Section, Site

LONGEST = 100  # letters of what is asked
MOST = 50  # of each kind


@dataclass(frozen=True)
class Asked:
    """What is searched for. `names`: a place that was meant, by all its names, folded; `places`: their ids."""

    words: tuple[str, ...]
    names: tuple[str, ...] = ()
    said: tuple[str, ...] = ()  # the other names, as they are written
    places: frozenset[UUID] = frozenset()

    def condition(self, field: str, place: str = "") -> Q:
        """Rows whose folded text has every word, and one of the names (or is of one of the places)."""
        found = Q()
        for word in self.words:
            found &= Q(**{f"{field}__contains": word})
        named = Q(**{f"{place}__in": self.places}) if place and self.names else Q()
        for name in self.names:
            named |= Q(**{f"{field}__contains": name})
        return found & named

    def matches(self, folded: str) -> bool:
        """The same of one text."""
        named = not self.names or any(name in folded for name in self.names)
        return named and all(word in folded for word in self.words)


@dataclass(frozen=True)
class Found:
    """What was found. `said`: names under which was searched too."""

    items: tuple[Item, ...]
    sections: tuple[Section, ...]
    papers: tuple[Paper, ...]
    events: tuple[Shown, ...]
    said: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything was."""
        return bool(self.items or self.sections or self.papers or self.events)


def search(site: Site, text: str, now: datetime) -> Found:
    """What a site has of these words; nothing for no words."""
    asked = understood(text)
    if not asked.words and not asked.names:
        return Found((), (), (), (), ())
    up = queries.up(site, now).filter(asked.condition("version__folded", "bulletin__place"))
    papers = reading.papers(site).filter(asked.condition("folded"))
    return Found(
        reading.items(up.order_by("-publish_at")[:MOST]),
        _sections(site, asked),
        tuple(papers[:MOST]),
        tuple(map(happenings.of, events.public(site).filter(asked.condition("folded")).order_by("-first")[:MOST])),
        asked.said,
    )


def understood(text: str) -> Asked:
    """The words of a question; the longest name of a place with a history among them stands for all its names."""
    folded = fold(clean(text))[:LONGEST]
    spaced = f" {' '.join(folded.split())} "
    steps = list(Succession.objects.values_list("old_id", "new_id"))
    changed = Place.objects.filter(pk__in={pk for step in steps for pk in step}).values_list("pk", "name")
    named = {pk: (fold(name), name) for pk, name in changed}
    meant = [pk for pk, (name, _) in named.items() if f" {name} " in spaced]
    if not meant:
        return Asked(tuple(spaced.split()))
    longest = max((named[pk][0] for pk in meant), key=len)
    places = _kin([pk for pk in meant if named[pk][0] == longest], steps)
    rest = spaced.replace(f" {longest} ", " ", 1)
    names = sorted({named[pk][0] for pk in places})
    said = sorted({named[pk][1] for pk in places if named[pk][0] != longest})
    return Asked(tuple(rest.split()), tuple(names), tuple(said), frozenset(places))


def _kin(start: Iterable[UUID], steps: list[tuple[UUID, UUID]]) -> set[UUID]:
    """The places with all that they became, and all that they came from; not what merely went into the same."""
    found = set(start)
    for near, far in ((0, 1), (1, 0)):
        reached = set(start)
        while more := {step[far] for step in steps if step[near] in reached} - reached:
            reached |= more
        found |= reached
    return found


def _sections(site: Site, asked: Asked) -> tuple[Section, ...]:
    """Those of the menu whose title, hint or page has it."""
    written = reading.pages(site)
    shown = queries.filled(site)
    return tuple(one for one in shown if asked.matches(fold(f"{one.title} {one.hint} {written.get(one.pk, '')}")))
