"""The changes to sources that ask for a second person: whose word may become an alert. How: `people.consent`."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from nguon.links import actions
from nguon.links.actions import Terms
from nguon.links.errors import LinkError
from nguon.links.models import Source
from nguon.people import consent
from nguon.people.consent import Applied, Outcome, Verb
from nguon.people.errors import PeopleError
from nguon.people.models import Person
from nguon.people.rules import Right


def create(*, terms: Terms, actor: Person, now: datetime) -> Outcome:
    """Propose a source. Raises SourceRefused, Forbidden, ChangeWaits."""
    return consent.propose(
        verb="links.source-create",
        subject=f"links.sources:{terms.place.hex}",
        title=terms.name,
        place_id=terms.place,
        said=_written(terms),
        actor=actor,
        now=now,
    )


def change(*, source: Source, terms: Terms, actor: Person, now: datetime) -> Outcome:
    """Propose other terms of a source. Raises SourceRefused, SourceEnded, Forbidden, ChangeWaits."""
    return _on_source("links.source-change", source, actor, now, terms=_written(terms))


def end(*, source: Source, actor: Person, now: datetime) -> Outcome:
    """Propose to listen to a source no more. Raises SourceEnded, Forbidden, ChangeWaits."""
    return _on_source("links.source-end", source, actor, now)


def _on_source(verb: str, source: Source, actor: Person, now: datetime, **said: Any) -> Outcome:
    return consent.propose(
        verb=verb,
        subject=f"links.source:{source.pk.hex}",
        title=source.name,
        place_id=source.place_id,
        said={"source": source.pk.hex, **said},
        actor=actor,
        now=now,
    )


def _create(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    return Applied(actions.create_source(terms=_read(said), actor=actor, now=now).pk.hex)


def _change(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    terms = _read(said["terms"])
    return Applied(actions.change_source(source=_of(said), terms=terms, actor=actor, now=now).pk.hex)


def _end(said: Mapping[str, Any], actor: Person, now: datetime) -> Applied:
    return Applied(actions.end_source(source=_of(said), actor=actor, now=now).pk.hex)


def _of(said: Mapping[str, Any]) -> Source:
    return Source.objects.get(pk=UUID(said["source"]))


def _written(terms: Terms) -> dict[str, Any]:
    return asdict(terms) | {"place": terms.place.hex}


def _read(said: Mapping[str, Any]) -> Terms:
    return Terms(**{**said, "place": UUID(said["place"])})


CREATE = Verb(Right.PEOPLE, _create, (LinkError, PeopleError))
CHANGE = Verb(Right.PEOPLE, _change, (LinkError, PeopleError))
END = Verb(Right.PEOPLE, _end, (LinkError, PeopleError))
