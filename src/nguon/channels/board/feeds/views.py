"""Pages of sources: what there is and how it goes; writing, trying, ending."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.channels.board.feeds import actions, documents, forms, looking, picking, preview, queries, words
from nguon.channels.board.feeds.actions import SourceEnded
from nguon.channels.board.feeds.forms import FeedForm, Found, TimetableForm
from nguon.channels.board.feeds.models import Edition, Kind, Source
from nguon.channels.board.feeds.picking import Taken
from nguon.channels.board.feeds.rules import Broken, Feed, Timetable, Trouble, terms_of
from nguon.kit import clock
from nguon.newsroom.shown import Shown
from nguon.outside.fetching import FetchFailed
from nguon.people.asking import person_of
from nguon.people.models import Person


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The sources of a person's places, and how it goes with each."""
    person, now = person_of(request), clock.now()
    found = queries.seen(person).order_by("ended_at", "-created_at")
    rows = [(one, words.course(one, now), words.pending(one)) for one in found]
    return render(request, "board/feeds/list.html", {"rows": rows, "may_write": queries.places(person).exists()})


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One source: how it goes, what boards show of it, who agreed to what."""
    person, now = person_of(request), clock.now()
    source: Source = get_object_or_404(queries.seen(person), pk=pk)
    edition = source.shown or source.current
    context = {
        "source": source,
        "course": words.course(source, now),
        "pending": words.pending(source),
        "terms": terms_of(edition.terms) if edition else None,
        "rhythm": words.rhythm(edition),
        "shown": _seen_now(source),
        "editions": source.editions.select_related("written_by", "review__decided_by"),
        "may_write": queries.written(person).filter(pk=pk).exists(),
    }
    return render(request, "board/feeds/detail.html", context)


def _seen_now(source: Source) -> list[Shown]:
    now = clock.now()
    page = queries.current(source, now)
    if page is not None:
        return preview.of_file(page)
    waiting = source.shown is None and source.current is not None
    return preview.of_edition(source.current, now) if waiting and source.current else []


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Another source; first of which kind."""
    person, kind = _writer(request), request.GET.get("loai", "")
    if kind not in Kind.values:
        return render(request, "board/feeds/kinds.html", {"kinds": Kind.choices})
    return _timetable(request, person, None) if kind == Kind.TIMETABLE else _feed(request, person, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other terms of a source: another edition, to be approved."""
    person = person_of(request)
    source: Source = get_object_or_404(queries.written(person).exclude(current=None), pk=pk)
    if source.kind == Kind.TIMETABLE:
        return _timetable(request, person, source)
    return _feed(request, person, source.kind, source)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show it no more."""
    person = person_of(request)
    source: Source = get_object_or_404(queries.written(person), pk=pk)
    actions.end(source=source, actor=person, now=clock.now())
    messages.success(request, _("Đã thôi dùng “%(name)s”. Bảng không hiện nữa.") % {"name": source})
    return redirect("board:feeds:list")


def _timetable(request: HttpRequest, person: Person, source: Source | None) -> HttpResponse:
    edition = source.current if source else None
    terms = terms_of(edition.terms) if edition else None
    first = forms.typed(edition, terms) if edition and isinstance(terms, Timetable) else {}
    form = TimetableForm(person, request.POST or None, request.FILES or None, initial=first)
    shown: list[Shown] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if request.POST.get("do") != "try":
            return _kept(request, person, Kind.TIMETABLE, source, form, form.table, None)
        shown = preview.of_table(given["title"], given["place"], form.table, clock.now())
    context = {"form": form, "source": source, "shown": shown, "tried": bool(shown)}
    return render(request, "board/feeds/timetable.html", context, status=422 if form.errors else 200)


@dataclass
class _Tried:
    """What came of asking once: what was found, what would be shown, and why not."""

    found: Found = field(default_factory=Found)
    taken: Taken | None = None
    trouble: str = ""


def _feed(request: HttpRequest, person: Person, kind: str, source: Source | None) -> HttpResponse:
    edition = source.current if source else None
    before = terms_of(edition.terms) if edition else None
    if request.method != "POST":
        first = forms.chosen(edition, before) if edition and isinstance(before, Feed) else {}
        form = FeedForm(person, kind, initial=first)
        return render(request, "board/feeds/feed.html", _feed_context(form, source, _Tried(), []))
    tried = _ask(request.POST.get("address", "").strip(), kind, request.POST.get("rows"))
    form = FeedForm(person, kind, forms.filled(request.POST, kind, tried.found), tried.found)
    shown: list[Shown] = []
    if form.is_valid():
        feed = form.feed()
        sample = _taken(tried, feed)
        if request.POST.get("do") != "try":
            if sample is None and edition is not None and isinstance(before, Feed) and _same(before, feed):
                feed, sample = forms.as_before(feed, before), forms.sample_of(edition)
            if sample is not None:
                return _kept(request, person, kind, source, form, feed, sample)
        elif sample is not None:
            given = form.cleaned_data
            shown = preview.of_taken(given["title"], given["place"], feed, sample, clock.now())
    status = 422 if form.errors or tried.trouble else 200
    return render(request, "board/feeds/feed.html", _feed_context(form, source, tried, shown), status=status)


def _feed_context(form: FeedForm, source: Source | None, tried: _Tried, shown: list[Shown]) -> dict[str, object]:
    offered = bool(tried.found.form) or source is not None
    return {"form": form, "source": source, "tried": tried, "shown": shown, "offered": offered, "kind": form.kind}


def _ask(address: str, kind: str, rows: str | None) -> _Tried:
    """Ask once, now, if it may be asked: the form says why not."""
    if not looking.acceptable(address):
        return _Tried()
    try:
        form, data = looking.fetch(address)
        if (form == "xml") != (kind == Kind.TITLES):
            return _Tried(trouble=_unfit(kind))
        return _Tried(Found.of(form, data, kind, rows))
    except FetchFailed as failed:
        return _Tried(trouble=words.trouble(failed.fault, failed.detail))
    except Broken as broken:
        return _Tried(trouble=words.trouble(broken.trouble, broken.detail))


def _unfit(kind: str) -> str:
    if kind == Kind.TITLES:
        return _("tin vắn cần địa chỉ RSS hoặc Atom; địa chỉ này cho số liệu")
    return _("địa chỉ này cho danh sách tin (RSS, Atom), không cho số liệu")


def _taken(tried: _Tried, feed: Feed) -> Taken | None:
    """What would be shown; None with the reason if nothing."""
    if not tried.found.form:
        return None
    try:
        taken = picking.take(feed, tried.found.form, tried.found.data)
        if taken.hour is not None and taken.hour <= clock.now() - timedelta(minutes=feed.oldest):
            raise Broken(Trouble.OLD, documents.said_hour(taken.hour))
        return taken
    except Broken as broken:
        tried.trouble = words.trouble(broken.trouble, broken.detail)
        return None


def _same(before: Feed, feed: Feed) -> bool:
    """Whether the same values of the same address are meant: then what came the last time still shows what is meant."""
    parts = ("address", "picks", "rows", "hour")
    return all(getattr(before, one) == getattr(feed, one) for one in parts)


def _kept(
    request: HttpRequest,
    person: Person,
    kind: str,
    source: Source | None,
    form: TimetableForm | FeedForm,
    terms: Timetable | Feed,
    sample: Taken | None,
) -> HttpResponse:
    given = form.cleaned_data
    said: dict[str, Any] = {
        "title": given["title"],
        "terms": terms,
        "sample": sample,
        "actor": person,
        "now": clock.now(),
    }
    try:
        made: Edition = (
            actions.change(source=source, **said)
            if source
            else actions.create(kind=kind, place_id=given["place"].pk, **said)
        )
    except SourceEnded as error:
        messages.error(request, str(error))
        return redirect("board:feeds:list")
    messages.success(request, _("Đã lưu và gửi duyệt. Bảng hiện sau khi có người khác duyệt."))
    return redirect("board:feeds:detail", pk=made.source_id)


def _writer(request: HttpRequest) -> Person:
    """The person, who writes for some place. Raises PermissionDenied."""
    person = person_of(request)
    if not queries.places(person).exists():
        raise PermissionDenied
    return person
