"""The desk: the list of cases, several at once, one case, a step of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from nguon.devices import basemap
from nguon.feedback import actions, deadlines, desk, desk_words, moves, queries, setting_up, suggesting
from nguon.feedback.desk_forms import BulkForm, FilterForm, Words
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Case
from nguon.feedback.moves import Offer
from nguon.feedback.rules import State
from nguon.feedback.step_forms import SortForm
from nguon.kit import clock
from nguon.media import pictures
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.people.scope import place_ids

PAGE = 30
NEWEST_FIRST = 500  # cases at once: more is a slip of the finger


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The cases of my places by tab and filter, what is due first on top."""
    return _list(request, request.GET)


def _list(request: HttpRequest, given: QueryDict, status: int = 200) -> HttpResponse:
    person, now = worker(person_of(request)), clock.now()
    form = FilterForm(person, given)
    search, tab = form.search(), form.tab()
    page = Paginator(desk.found(person, now, tab, search), PAGE).get_page(request.GET.get("page"))
    counts = desk.counts(person, now)
    context = {
        "form": form,
        "tab": tab,
        "tabs": [(f"?muc={each}", words, each is tab, counts.get(each)) for each, words in desk_words.TABS.items()],
        "page": page,
        "rows": desk.rows(page.object_list, now),
        "filtered": search != desk.Search(),
        "bulk": BulkForm(person),
        "empty": desk_words.EMPTY[tab],
        "may_set_up": setting_up.anywhere(person),
        "may_keep": Right.CONTACTS in rights(person),
        "may_connect": Right.PEOPLE in rights(person),
        "open_tab": tab not in (desk.Tab.DONE, desk.Tab.HELD),
    }
    return render(request, "feedback/list.html", context, status=status)


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Give several cases to an office, or sort them into a field. What does not go is said, the rest is done."""
    person = worker(person_of(request))
    form = BulkForm(person, request.POST)
    here = QueryDict(mutable=True)
    here["muc"] = request.POST.get("muc", "")
    if not form.is_valid():
        messages.error(request, form.told())
        return _list(request, here, status=422)
    data = form.cleaned_data
    done, refused = 0, []
    for case in queries.workable(person).filter(pk__in=data["case"][:NEWEST_FIRST]):
        try:
            _several(case, data, person)
        except CaseError as error:
            refused.append(f"{case.code}: {error}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext("Đã xong %d phản ánh.", "Đã xong %d phản ánh.", done) % done)
    for words in refused:
        messages.error(request, words)
    return redirect(f"{reverse('feedback:list')}?{here.urlencode()}")


def _several(case: Case, data: dict[str, Any], person: Person) -> None:
    if data["do"] == "assign":
        actions.assign(case=case, office=data["office"], actor=person, now=clock.now())
    else:
        severity = data["severity"] or case.severity
        actions.sort(case=case, field=data["field"], severity=severity, actor=person, now=clock.now())


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: what was told, where it stands, by when, what may be done now, what was done."""
    return _page(request, find(person_of(request), pk))


@require_POST
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """One step of a case. Where it is refused the page comes back with what was typed."""
    person, taken = person_of(request), moves.NAMED.get(name)
    case = find(person, pk)
    if taken is None:
        raise Http404
    form = taken.form(case, person, request.POST, prefix=taken.name)
    refused = ""
    if form.is_valid():
        try:
            moves.take(step=taken, form=form, case=case, actor=person, now=clock.now())
        except CaseError as error:
            refused = str(error)
        else:
            messages.success(request, str(taken.done))
            return redirect("feedback:detail", pk=pk)
    elif not taken.fits(case):
        refused = _("Phản ánh đã sang trạng thái khác. Hãy xem lại quá trình.")
    return _page(request, case, Offer(taken, form, main=True, open=True, refused=refused), status=422)


@require_POST
def sort(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm or correct the field and how quickly it must go."""
    person = person_of(request)
    case = find(person, pk)
    form = SortForm(case, person, request.POST)
    if form.is_valid():
        _try(request, actions.sort, _("Đã xếp lĩnh vực."), case=case, actor=person, **form.cleaned_data)
    else:
        messages.error(request, _("Hãy chọn lĩnh vực và mức độ."))
    return redirect("feedback:detail", pk=pk)


@require_POST
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a case out of what is held as abuse."""
    _try(
        request,
        actions.release,
        _("Đã đưa vào danh sách."),
        case=find(person_of(request), pk),
        actor=person_of(request),
    )
    return redirect("feedback:detail", pk=pk)


@require_POST
def part(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The part of an office that was asked. Where it is refused the page comes back with what was typed."""
    person = person_of(request)
    case = find(person, pk)
    asked, typed = get_object_or_404(desk.asked(case), pk=number), request.POST.get("words", "")
    try:
        words = Words(max_length=4000, required=False).clean(typed)
        actions.office_answers(asked=asked, words=words, actor=person, now=clock.now())
    except (CaseError, ValidationError) as error:
        messages.error(request, error.messages[0] if isinstance(error, ValidationError) else str(error))
        return _page(request, case, typed={asked.pk: typed}, status=422)
    messages.success(request, _("Đã gửi ý kiến."))
    return redirect("feedback:detail", pk=pk)


@require_safe
def photo(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """A photo or a paper of a case, small unless all of it is asked for, for whoever works on the case."""
    one = get_object_or_404(desk.photos(find(person_of(request), pk)), number=number)
    kept = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    if not one.file.mime.startswith("image/"):
        kept["Content-Disposition"] = f'attachment; filename="{one.case.code}-{one.number}.pdf"'
        return HttpResponse(pictures.bytes_of(one.file), content_type=one.file.mime, headers=kept)
    if "lon" in request.GET:
        return HttpResponse(pictures.bytes_of(one.file), content_type=one.file.mime, headers=kept)
    data, _size = pictures.small(one.file.sha256)
    return HttpResponse(data, content_type=pictures.MIME, headers=kept)


def worker(person: Person) -> Person:
    """The person, if they work on cases anywhere. Raises PermissionDenied."""
    if not place_ids(person, Right.CASES):
        raise PermissionDenied
    return person


def find(person: Person, pk: UUID) -> Case:
    """A case of the person's places. Raises Http404."""
    found = queries.cases(person, Right.CASES).select_related(
        "place", "field", "office", "person", "device", "broadcast", "duplicate_of", "route"
    )
    return get_object_or_404(found, pk=pk)


def _page(
    request: HttpRequest,
    case: Case,
    tried: Offer | None = None,
    *,
    typed: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    person, now = person_of(request), clock.now()
    answer, works = desk.newest_answer(case), queries.workable(person).filter(pk=case.pk).exists()
    context = {
        "case": case,
        "title": desk_words.title(case),
        "left": desk.clock_of(case, now),
        "due": deadlines.of_case(case),
        "offers": moves.offered(case, person, tried) if works else [],
        "sorting": SortForm(case, person) if works and moves.working(case) else None,
        "suggestions": desk.suggested(case, now),
        "legal": suggesting.legal_path(case.words) if case.state != State.DIVERTED else None,
        "history": desk.history(case),
        "asked": [(one, desk.may_answer_part(person, one), (typed or {}).get(one.pk, "")) for one in desk.asked(case)],
        "photos": desk.photos(case),
        "sheet": basemap.of_device(case.latitude, case.longitude, case.code),
        "alike": desk.alike(person, case),
        "answer": answer,
        "may_write_answer": works and desk.may_write_answer(case),
        "works": works,
        "contents": case.contents.order_by("-at"),
        "questions": desk.answered_questions(case),
        "contacts_url": _contacts(case),
    }
    return render(request, "feedback/detail.html", context, status=status)


def _contacts(case: Case) -> str:
    """Where who told it is seen, with a reason that is noted; empty where this server has no such page."""
    try:
        return reverse("feedback:contacts", args=[case.pk])
    except NoReverseMatch:
        return ""


def _try(request: HttpRequest, does: Any, done: str, **values: Any) -> None:
    try:
        does(now=clock.now(), **values)
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
