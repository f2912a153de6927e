"""Pages of the lower system: from whom boards take playlists, and how it goes."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.channels.board.upper import rules, showing, sources, taking, words
from nguon.channels.board.upper.errors import UpperError
from nguon.channels.board.upper.forms import SourceForm
from nguon.channels.board.upper.models import UpperSource
from nguon.kit import clock
from nguon.people import scope
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.wire.seal import thumbprint


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """From whom boards take, and how it stands."""
    person, now = person_of(request), clock.now()
    rows = [
        (one, words.course(one, now), words.fault(one.fault))
        for one in sources.sources(person).order_by("ended_at", "name")
    ]
    return render(request, "board/upper/list.html", {"rows": rows, "may_manage": Right.DEVICES in rights(person)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take from somebody else."""
    person = _keeper(request)
    form = SourceForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = taking.create(terms=form.terms(), actor=person, now=clock.now())
        except (UpperError, PermissionDenied) as error:
            _add(form, error)
        else:
            messages.success(request, _("Đã lưu. Hệ thống đang hỏi cấp trên; tải lại trang sau ít giây."))
            return redirect("board:upper-detail", pk=made.pk)
    return render(request, "board/upper/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other terms of a source."""
    person, found = _keeper(request), _source(request, pk, Right.DEVICES)
    form = SourceForm(person, request.POST or None, source=found)
    if request.method == "POST" and form.is_valid():
        try:
            taking.change(source=found, terms=form.terms(), actor=person, now=clock.now())
        except (UpperError, PermissionDenied) as error:
            _add(form, error)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("board:upper-detail", pk=pk)
    context = {"form": form, "source": found}
    return render(request, "board/upper/form.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is held of a source, what counts now, and the key that is to be compared."""
    person, now, found = person_of(request), clock.now(), _source(request, pk)
    counting = {file.sha256 for file, _seconds in showing.current(found, now)}
    rows = showing.rows(found)
    context = {
        "source": found,
        "course": words.course(found, now),
        "fault": words.fault(found.fault),
        "report_fault": words.fault(found.report_fault),
        "items": [(row, row.file_id in counting, words.times(item.days, item.minutes)) for row, item in rows],
        "over": found.until is not None and found.until <= now,
        "kids": [thumbprint(key) for key in found.offered],
        "offered": [rules.read_aloud(thumbprint(key)) for key in found.offered],
        "trusted": [rules.read_aloud(thumbprint(key)) for key in found.keys],
        "boards": found.boards.select_related("place", "state"),
        "may_manage": scope.may(person, Right.DEVICES, found.place_id),
    }
    return render(request, "board/upper/detail.html", context)


@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fingerprint was compared: its signature holds from now on."""
    found, kids = _source(request, pk, Right.DEVICES), tuple(request.POST.getlist("kid"))
    try:
        if request.POST.get("compared") != "on":
            raise UpperError(_("Hãy đọc đối chiếu dấu vân với cấp trên rồi đánh dấu đã đối chiếu."))
        taking.agree(source=found, kids=kids, actor=person_of(request), now=clock.now())
    except UpperError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã ghi nhận. Hệ thống đang lấy nội dung; tải lại trang sau ít giây."))
    return redirect("board:upper-detail", pk=pk)


@require_POST
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask at once."""
    try:
        taking.look_now(source=_source(request, pk, Right.DEVICES), actor=person_of(request), now=clock.now())
    except UpperError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, _("Đang hỏi cấp trên. Tải lại trang sau ít giây."))
    return redirect("board:upper-detail", pk=pk)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take no more."""
    try:
        taking.end(source=_source(request, pk, Right.DEVICES), actor=person_of(request), now=clock.now())
    except UpperError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã thôi lấy. Bảng không hiện nội dung này nữa."))
    return redirect("board:upper")


def _add(form: SourceForm, error: Exception) -> None:
    field = error.field if isinstance(error, UpperError) and error.field in form.fields else None
    form.add_error(field, str(error))


def _keeper(request: HttpRequest) -> Person:
    """The person, who looks after devices of some place. Raises Forbidden."""
    person = person_of(request)
    if Right.DEVICES not in rights(person):
        raise scope.forbidden()
    return person


def _source(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> UpperSource:
    found: UpperSource = get_object_or_404(sources.sources(person_of(request), right), pk=pk)
    return found
