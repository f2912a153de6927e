"""The page of the journal, for those who have the right to read it."""

from typing import Any, Protocol, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nguon.journal import queries, words
from nguon.journal.forms import FilterForm
from nguon.journal.models import Entry


class Asker(queries.Asker, Protocol):
    """Who reads, and can say what the places are called."""

    def place_names(self, right: str) -> dict[UUID, str]: ...


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Who did what to what, newest first."""
    asker = _reader(request)
    names = asker.place_names(queries.RIGHT)
    form = FilterForm(request.GET, names)
    page = queries.entries(asker, form.filters(), under=_number(request.GET.get("under", "")))
    rows = [_told(entry, names) for entry in page.entries]
    return render(request, "journal/list.html", {"form": form, "rows": rows, "older": page.older})


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Read the whole chain and say whether it is whole."""
    _reader(request)
    found = queries.verify()
    return render(request, "journal/verdict.html", {"verdict": found, "said": words.verdict(found)})


def _reader(request: HttpRequest) -> Asker:
    asker = cast("Asker", request.user)
    if not request.user.is_authenticated or not asker.reach(queries.RIGHT):
        raise PermissionDenied(_("Bạn không có quyền xem nhật ký."))
    return asker


def _told(entry: Entry, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "verb": words.verb(entry.verb),
        "subject": words.subject(entry.before, entry.after),
        "place": names.get(entry.place, "") if entry.place else "",
        "changes": words.changes(entry.before, entry.after, names),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
