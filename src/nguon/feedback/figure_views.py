"""Figures of what was told, and the same to take along without anybody's data."""

import csv
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from nguon.feedback import figure_drawing, figures
from nguon.feedback.desk_forms import places
from nguon.feedback.figure_sheets import HEADS, cells, workbook
from nguon.feedback.figures import By, Wish
from nguon.feedback.views import worker
from nguon.kit import clock
from nguon.people.asking import person_of

USUAL = timedelta(days=364)
LONGEST = timedelta(days=3660)
SHOWN = 100
TABS = {
    By.FIELD: gettext_lazy("Lĩnh vực"),
    By.PLACE: gettext_lazy("Thôn, xã"),
    By.OFFICE: gettext_lazy("Cơ quan"),
    By.DEVICE: gettext_lazy("Cụm loa, bảng tin"),
    By.BROADCAST: gettext_lazy("Bản tin đã phát"),
}


@require_GET
def figures_page(request: HttpRequest) -> HttpResponse:
    """The figures of a span of days: all together, by one thing, by month, and where."""
    person, now = worker(person_of(request)), clock.now()
    wish, by = _wish(request), _by(request)
    counted = figures.counted(person, wish)
    found = figures.lines(counted, by, now)
    given = request.GET.copy()
    given.pop("theo", None)
    rest = given.urlencode()
    context = {
        "wish": wish,
        "whole": figures.whole(counted, now),
        "lines": found[:SHOWN],
        "hidden": max(0, len(found) - SHOWN),
        "label": TABS[by],
        "tabs": [(f"?theo={each}&{rest}", words, each is by) for each, words in TABS.items()],
        "by": by,
        "places": places(person, _("Mọi nơi")),
        "plot": figure_drawing.plot(figures.by_month(counted, wish.last)),
        "heat": figure_drawing.heat(figures.by_place(counted)),
        "top": figures.by_place(counted)[:5],
        "sheet": rest,
    }
    return render(request, "feedback/figures.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponseBase:
    """The same for Excel, or as CSV of one way to count."""
    person, now = worker(person_of(request)), clock.now()
    wish, by = _wish(request), _by(request)
    counted = figures.counted(person, wish)
    name = f"phan-anh-{wish.first:%Y%m%d}-{wish.last:%Y%m%d}"
    if request.GET.get("dang") != "csv":
        book = workbook(
            {each: figures.lines(counted, each, now) for each in By}, figures.whole(counted, now), TABS, wish
        )
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{by}.csv"'
    writer = csv.writer(response)
    writer.writerow([str(TABS[by]), *(str(head) for head in HEADS)])
    for line in figures.lines(counted, by, now):
        writer.writerow([_harmless(line.label), *cells(line)])
    return response


def _harmless(label: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{label}" if label[:1] in "=+-@\t\r" else label


def _by(request: HttpRequest) -> By:
    asked = request.GET.get("theo", "")
    return By(asked) if asked in [*By] else By.FIELD


def _wish(request: HttpRequest) -> Wish:
    today = clock.today()
    last = _day(request.GET.get("den")) or today
    first = _day(request.GET.get("tu")) or last - USUAL
    if first > last:
        first, last = last, first
    return Wish(max(first, last - LONGEST), last, _uuid(request.GET.get("place")))


def _day(said: str | None) -> date | None:
    try:
        found = date.fromisoformat(said or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _uuid(said: Any) -> UUID | None:
    try:
        return UUID(said or "")
    except ValueError:
        return None
