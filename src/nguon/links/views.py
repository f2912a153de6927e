"""Pages of what came in: the messages and their checks, the sources, an alert made of a message."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.alerts.errors import AlertError
from nguon.alerts.queries import CHANNEL
from nguon.cap import words as cap_words
from nguon.delivery import choosing
from nguon.kit import clock
from nguon.kit.text import printable
from nguon.links import actions, queries, rules, watched, words
from nguon.links.errors import BARS, LinkError, SourceRefused
from nguon.links.forms import BringForm, SourceForm, TakeForm
from nguon.links.models import Received, Source
from nguon.people import scope
from nguon.people.asking import person_of
from nguon.people.consent import Outcome
from nguon.people.errors import PeopleError
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right

WHICH = (queries.CURRENT, queries.DOUBTED, queries.EVERY)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What came in, the newest first."""
    person, now = person_of(request), clock.now()
    which = request.GET.get("xem", "")
    page = Paginator(queries.listed(person, which if which in WHICH else "", now), 30).get_page(request.GET.get("page"))
    rows = [
        (
            one,
            words.badges(one, now, superseded=getattr(one, "superseded", False)),
            words.severity(one),
            words.kind(one),
        )
        for one in page
    ]
    heard = [(one, words.course(one), words.fault(one)) for one in queries.sources(person).filter(ended_at=None)]
    context = {
        "rows": rows,
        "page": page,
        "which": which,
        "doubted": queries.listed(person, queries.DOUBTED, now).count(),
        "sources": heard,
        "may_bring": Right.ALERT in rights(person),
        "may_manage": Right.PEOPLE in rights(person),
    }
    return render(request, "links/list.html", context)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message: the check, what it says, what it is about; and an alert made of it."""
    person, now, received = person_of(request), clock.now(), _received(request, pk)
    standing = queries.standing(received, person, now)
    form = _take_form(request, standing, person) if Right.ALERT in rights(person) else None
    if request.method == "POST":
        if form is None or standing.message is None:
            raise scope.forbidden()
        if form.is_valid() and (answer := _take(request, received, form, words.basis(standing.message))):
            return answer
    later = list(queries.later(received))
    context = {
        "received": received,
        "check": words.check(received),
        "badges": words.badges(received, now, superseded=bool(later)),
        "told": [(label, printable(text)) for label, text in cap_words.summary(standing.message)]
        if standing.message
        else [],
        "bar": BARS[standing.bar] if standing.bar else "",
        "untrusted": standing.bar == rules.Bar.UNTRUSTED,
        "form": form,
        "follows": standing.follows,
        "earlier": queries.earlier(received),
        "later": later,
        "made": queries.made_of(received, person),
        "choices": choosing.choices(person, (CHANNEL,), clock.today()) if form else None,
        "chosen": form.chosen() if form and (not form.is_bound or hasattr(form, "cleaned_data")) else set(),
    }
    return render(request, "links/detail.html", context, status=422 if form and form.errors else 200)


def _take_form(request: HttpRequest, standing: queries.Standing, person: Person) -> TakeForm | None:
    message, now = standing.message, clock.now()
    info = message.info("vi") if message else None
    if message is None or info is None or standing.bar is not None:
        return None
    data = request.POST if request.method == "POST" else None
    return TakeForm(message, info, queries.where(message, person, now), now, data)


def _take(request: HttpRequest, received: Received, form: TakeForm, basis: str) -> HttpResponse | None:
    """To the draft that was made; None if something is wrong, which the form then says."""
    try:
        person, now = person_of(request), clock.now()
        draft = form.draft(source=basis, facts=queries.facts(person, form.targets(), now))
        made = actions.take(received=received, draft=draft, actor=person, now=now)
    except (LinkError, AlertError, scope.Forbidden) as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("Đã tạo bản nháp. Chưa có gì phát ra loa: hãy xem lại rồi ký."))
    return redirect("alerts:detail", pk=made.pk)


@require_GET
def raw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file as it came, to be kept or shown to whoever sent it; never opened by the browser."""
    received = Received.objects.get(pk=_received(request, pk).pk)
    response = HttpResponse(bytes(received.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="cap-{received.sha256[:16]}.xml"'
    return response


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """A file that an officer brought."""
    person = person_of(request)
    if Right.ALERT not in rights(person):
        raise scope.forbidden()
    sources = queries.speakable(person, clock.today())
    form = BringForm(sources, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        source, given = form.cleaned_data["source"], form.cleaned_data["file"]
        try:
            found, fresh = actions.bring(
                source=source, data=form.bytes(), name=given.name, actor=person, now=clock.now()
            )
        except LinkError as error:
            form.add_error("file", str(error))
        else:
            if not fresh:
                messages.info(request, _("Tệp này đã được nhận trước đây."))
            return redirect("links:detail", pk=found.pk)
    context = {"form": form, "any": sources.exists(), "may_manage": Right.PEOPLE in rights(person)}
    return render(request, "links/bring.html", context, status=422 if form.errors else 200)


# sources


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Whom we listen to, and how it goes."""
    person = _keeper(request)
    found = queries.managed(person).order_by("ended_at", "name")
    rows = [(one, words.course(one), words.fault(one)) for one in found]
    context = {"rows": rows, "issuers": queries.issuers(person, clock.now())}
    return render(request, "links/sources.html", context)


@require_http_methods(["GET", "POST"])
def new_source(request: HttpRequest) -> HttpResponse:
    """Listen to somebody else."""
    person = _keeper(request)
    form = SourceForm(person, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = watched.create(terms=form.terms(), actor=person, now=clock.now())
        except (LinkError, PeopleError, PermissionDenied) as error:
            _add(form, error)
        else:
            _told(request, done, _("Đã thêm nguồn."))
            return redirect("links:sources")
    return render(request, "links/source.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other terms of a source."""
    person, found = _keeper(request), _source(request, pk)
    form = SourceForm(person, request.POST or None, request.FILES or None, source=found)
    if request.method == "POST" and form.is_valid():
        try:
            done = watched.change(source=found, terms=form.terms(), actor=person, now=clock.now())
        except (LinkError, PeopleError, PermissionDenied) as error:
            _add(form, error)
        else:
            _told(request, done, _("Đã lưu nguồn."))
            return redirect("links:sources")
    context = {"form": form, "source": found, "signers": words.signers(found), "fault": words.fault(found)}
    return render(request, "links/source.html", context, status=422 if form.errors else 200)


@require_POST
def end_source(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Listen no more."""
    try:
        done = watched.end(source=_source(request, pk), actor=person_of(request), now=clock.now())
    except (LinkError, PeopleError) as error:
        messages.error(request, str(error))
    else:
        _told(request, done, _("Đã thôi dùng nguồn. Tin đã nhận vẫn còn."))
    return redirect("links:sources")


def _told(request: HttpRequest, outcome: Outcome, done: str) -> None:
    if outcome.waits:
        messages.info(request, _("Đã gửi đề nghị. Nguồn đổi khi một người quản trị nữa đồng ý."))
    else:
        messages.success(request, done)


def _add(form: SourceForm, error: Exception) -> None:
    field = error.field if isinstance(error, SourceRefused) else ""
    form.add_error(field or None, str(error))


def _keeper(request: HttpRequest) -> Person:
    """The person, who administers some place. Raises Forbidden."""
    person = person_of(request)
    if not scope.place_ids(person, Right.PEOPLE):
        raise scope.forbidden()
    return person


def _source(request: HttpRequest, pk: UUID) -> Source:
    found: Source = get_object_or_404(queries.managed(person_of(request)), pk=pk)
    return found


def _received(request: HttpRequest, pk: UUID) -> Received:
    found: Any = queries.seen(person_of(request)).filter(pk=pk).first()
    if not isinstance(found, Received):
        raise Http404
    return found
