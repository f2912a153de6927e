"""Proof of play: a page, and the same as a workbook."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from nguon.devices.queries import place_labels, watched_places
from nguon.kit import clock
from nguon.monitor import proof, proof_forms, proof_words
from nguon.monitor.proof import Line
from nguon.monitor.sheets import workbook
from nguon.people.asking import person_of

SHOWN = 300  # lines of a table on the page; the workbook has all


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """What was to sound, what was played, and why not, in a span of days."""
    person, now = person_of(request), clock.now()
    wish, by = proof_forms.wish(request, clock.local_day(now)), proof_forms.by(request)
    lines = proof.table(proof.deliveries(person, wish, now), by)
    on = clock.local_day(now)
    given = request.GET.copy()
    given.pop("theo", None)
    rest = given.urlencode()
    context = {
        "wish": wish,
        "whole": _row(proof.whole(lines)),
        "rows": [_row(line) for line in lines[:SHOWN]],
        "hidden": max(len(lines) - SHOWN, 0),
        "label": proof_words.TABS[by],
        "tabs": [(f"?theo={each}&{rest}", words, each is by) for each, words in proof_words.TABS.items()],
        "places": place_labels(watched_places(person, on), on),
        "by": by,
        "sheet": rest,
    }
    return render(request, "monitor/proof.html", context)


def _row(line: Line) -> dict[str, Any]:
    return {
        "label": proof_words.label(line),
        "line": line,
        "shares": proof_words.shares(line),
        "reasons": [(number, proof_words.reason(code)) for code, number in line.worst],
    }


@require_GET
def sheet(request: HttpRequest) -> FileResponse:
    """The same for Excel, with every line."""
    now = clock.now()
    wish = proof_forms.wish(request, clock.local_day(now))
    found = proof.deliveries(person_of(request), wish, now)
    name = f"doi-soat-phat-{wish.first:%Y%m%d}-{wish.last:%Y%m%d}.xlsx"
    return FileResponse(workbook(found, wish), as_attachment=True, filename=name)
