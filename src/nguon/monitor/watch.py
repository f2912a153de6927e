"""One open page: what it shows, and what has changed for it since. The stream asks; this answers with HTML."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from nguon.devices.drawing import usable
from nguon.kit import clock, ids
from nguon.monitor import queries
from nguon.monitor.queries import Cast, Row, Wish
from nguon.monitor.rules import Counts
from nguon.people.asking import stands
from nguon.people.models import Person

RIGHTS_EVERY = timedelta(seconds=5)  # how soon a page ends whose reader signed out or lost the right
WHOLE_EVERY = timedelta(seconds=15)  # how often all is looked at: new devices, and what only time changes
OVERLAP = timedelta(seconds=3)  # a batch may be committed this much after the time it carries
LIMIT = 400  # devices in the list; the map and the counts have all


class Over(Exception):
    """The reader signed out, or may watch nothing any more."""


def reader(session_key: str) -> Person:
    """Who reads under a session now, asked afresh. Raises Over."""
    request = HttpRequest()
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = cast("SessionBase", store(session_key))
    person = auth.get_user(request)
    if not isinstance(person, Person) or not person.is_active:
        raise Over
    request.user = person
    if not stands(request):
        raise Over
    return person


@dataclass
class Watch:
    """State of one page since `since`. Not shared between threads at one time."""

    session_key: str
    wish: Wish
    since: datetime
    language: str = settings.LANGUAGE_CODE
    _seen: frozenset[UUID] = frozenset()
    _rights_at: datetime | None = None
    _whole_at: datetime | None = None
    _rows: dict[UUID, Row] = field(default_factory=dict)
    _shown: list[UUID] = field(default_factory=list)
    _counts: Counts | None = None
    _casts: list[Cast] | None = None

    def look(self, now: datetime) -> str:
        """The fragments for what has changed by `now`, to be swapped out of band; empty if nothing has. Raises Over."""
        if self._rights_at is None or now - self._rights_at >= RIGHTS_EVERY:
            self.check(now)
        whole = self._whole_at is None or now - self._whole_at >= WHOLE_EVERY
        changed = self._whole(now) if whole else self._newer(now)
        with translation.override(self.language):
            return "".join([*self._list(changed, now), *self._strip(), *self._going(now), *self._marks(changed)])

    def check(self, now: datetime) -> None:
        """Ask again who reads and what they may watch. Raises Over."""
        seen = queries.sight(reader(self.session_key), now.astimezone(clock.LOCAL).date())
        if not seen:
            raise Over
        if seen != self._seen:
            self._seen, self._whole_at = seen, None
        self._rights_at = now

    def _whole(self, now: datetime) -> list[Row]:
        first = self._whole_at is None and not self._rows
        found = queries.rows(self._seen, self._all(), now)
        if first:
            changed = [row for row in found if row.changed_at and row.changed_at > self.since - OVERLAP]
        else:
            changed = [row for row in found if self._rows.get(row.id) != row]
        self._rows = {row.id: row for row in found}
        if first:
            self._shown = self._to_show()
        self._whole_at = self.since = now
        return changed

    def _newer(self, now: datetime) -> list[Row]:
        found = queries.rows(self._seen, self._all(), now, since=self.since - OVERLAP)
        changed = [row for row in found if self._rows.get(row.id) != row]
        self._rows |= {row.id: row for row in changed}
        self.since = now
        return changed

    def _all(self) -> Wish:
        return Wish(self.wish.words, self.wish.place)

    def _to_show(self) -> list[UUID]:
        return [row.id for row in self._rows.values() if queries.matches(row, self.wish.state)][:LIMIT]

    def _list(self, changed: list[Row], now: datetime) -> list[str]:
        """The changed rows; the whole list where other devices than before belong into it."""
        to_show = self._to_show()
        if set(to_show) != set(self._shown):
            self._shown = to_show
            return [render_list([self._rows[pk] for pk in to_show], now, hidden=self._hidden(), oob=True)]
        shown = set(to_show)
        return [render_row(row) for row in changed if row.id in shown]

    def _hidden(self) -> int:
        return sum(queries.matches(row, self.wish.state) for row in self._rows.values()) - len(self._shown)

    def _strip(self) -> list[str]:
        counts = queries.count(self._rows.values())
        if counts == self._counts:
            return []
        self._counts = counts
        return [render_strip(counts, self.wish, oob=True)]

    def _going(self, now: datetime) -> list[str]:
        found = queries.casts(self._seen, now)
        if found == self._casts:
            return []
        self._casts = found
        return [render_to_string("monitor/parts/casts.html", {"casts": found, "oob": True})]

    def _marks(self, changed: list[Row]) -> list[str]:
        placed = [row for row in changed if usable(row.latitude, row.longitude)]
        if not placed:
            return []
        marks = {ids.short(row.id): [row.kind, f"{row.name}: {row.said}"] for row in placed}
        return [render_to_string("monitor/parts/marks.html", {"marks": json.dumps(marks, ensure_ascii=False)})]


def render_row(row: Row) -> str:
    """One device of the list, to be swapped out of band."""
    return render_to_string("monitor/parts/row.html", {"row": row, "oob": True})


def render_list(rows: list[Row], now: datetime, *, hidden: int, oob: bool) -> str:
    """The list by places."""
    groups = queries.grouped(rows, now.astimezone(clock.LOCAL).date())
    return render_to_string("monitor/parts/list.html", {"groups": groups, "hidden": hidden, "oob": oob})


def render_strip(counts: Counts, wish: Wish, *, oob: bool) -> str:
    """The counts, each a link to the list of those devices."""
    return render_to_string("monitor/parts/strip.html", {"counts": counts, "wish": wish, "oob": oob})
