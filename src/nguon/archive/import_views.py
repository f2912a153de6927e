"""Pages of imports: begin one, watch it, steer it, read its report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.archive import folders, queries, report, steering
from nguon.archive.errors import ArchiveError
from nguon.archive.forms import FileForm, FolderForm, ImportForm
from nguon.archive.models import Batch, Item
from nguon.archive.rules import Step
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may

PAGE, FILES = 20, 100


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of my places, newest first."""
    person = person_of(request)
    page = Paginator(queries.batches(person), PAGE).get_page(request.GET.get("page"))
    rows = [(batch, queries.counts(batch)) for batch in page]
    return render(request, "archive/imports.html", {"page": page, "rows": rows, "may_write": queries.may_write(person)})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an import: of files of one's own, or of a folder of the server."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    form, folder = ImportForm(person), FolderForm(person)
    if request.method == "POST" and request.POST.get("do") == "folder":
        folder = FolderForm(person, request.POST)
        if folder.is_valid() and (batch := _start_folder(request, folder)):
            return redirect("archive:import", pk=batch.pk)
    elif request.method == "POST":
        form = ImportForm(person, request.POST)
        if form.is_valid():
            data = form.cleaned_data
            title = data["title"] or _("Tải lên ngày %(day)s") % {"day": f"{clock.today():%d/%m/%Y}"}
            batch = steering.start_upload(
                place=data["place"], title=title, denoise=data["denoise"], actor=person, now=clock.now()
            )
            return redirect("archive:import", pk=batch.pk)
    context = {
        "form": form,
        "folder_form": folder,
        "folders": folders.offered(person, clock.today()),
        "has_root": bool(folders.root()),
    }
    return render(request, "archive/new.html", context, status=422 if form.errors or folder.errors else 200)


def _start_folder(request: HttpRequest, form: FolderForm) -> Batch | None:
    data, person = form.cleaned_data, person_of(request)
    found = folders.chosen(person, data["folder"], clock.today())
    if found is None:
        form.add_error("folder", _("Không thấy thư mục này nữa."))
        return None
    path, folder = found
    return steering.start_folder(
        place=data["place"],
        path=path,
        within=folders.root(),
        title=data["title"] or folder.name,
        denoise=data["denoise"],
        actor=person,
        now=clock.now(),
    )


@require_GET
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One import: its progress and its report."""
    batch = _batch(request, pk)
    state = request.GET.get("ket-qua", "")
    found = queries.items(batch, state if state in Item.State.values else "")
    page = Paginator(found, FILES).get_page(request.GET.get("page"))
    linked = [item.recording_id for item in page if item.recording_id]
    seen = set(queries.recordings(person_of(request)).filter(pk__in=linked).values_list("pk", flat=True))
    context = _progress(request, batch)
    context |= {"page": page, "chosen": state, "seen": seen, "tabs": _tabs(context["counts"], state)}
    return render(request, "archive/import.html", context)


def _tabs(counts: queries.Counts, chosen: str) -> list[tuple[str, Any, bool, int]]:
    """(address, words, whether it is chosen, how many) for all and for each result that there is."""
    results = (Item.State.FAILED, Item.State.SKIPPED, Item.State.DUPLICATE, Item.State.DONE)
    counted = [(state, counts.by_state.get(state, 0)) for state in results]
    shown = [(f"?ket-qua={state.value}", state.label, state == chosen, number) for state, number in counted if number]
    return [("?", _("Tất cả"), chosen == "", counts.total), *shown]


@require_GET
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that moves; at the end the whole page is asked for."""
    batch = _batch(request, pk)
    response = render(request, "archive/parts/progress.html", _progress(request, batch))
    if "HX-Request" in request.headers and batch.state not in (Batch.State.LISTING, Batch.State.RUNNING):
        response["HX-Refresh"] = "true"
    return response


def _progress(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    counts = queries.counts(batch)
    left = queries.seconds_left(batch, counts)
    return {
        "batch": batch,
        "counts": counts,
        "left_ms": None if left is None else round(left * 1000),
        "in_hand": queries.in_hand(batch),
        "quiet": steering.is_quiet(batch, clock.now()),
        "moving": batch.state in (Batch.State.LISTING, Batch.State.RUNNING),
        "may_write": may(person_of(request), Right.WRITE, batch.place_id),
    }


@require_POST
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in one file that is sent, or several without script. Answers in JSON to the script of the page."""
    batch = _batch(request, pk, Right.WRITE)
    script = request.headers.get("Accept", "") == "application/json"
    given = request.FILES.getlist("file")
    if not given:
        return _answer(request, batch, script, _("Chưa chọn tệp."))
    for file in given:
        form = FileForm(request.POST, MultiValueDict({"file": [file]}))
        if not form.is_valid():
            return _answer(request, batch, script, _("Tên tệp không đọc được."))
        path = form.cleaned_data["path"] if len(given) == 1 else ""
        try:
            item = steering.add_file(
                batch=batch, upload=file, path=path or file.name or "?", actor=person_of(request), now=clock.now()
            )
        except ArchiveError as error:
            return _answer(request, batch, script, str(error))
    return _answer(request, batch, script, "", item)


def _answer(request: HttpRequest, batch: Batch, script: bool, error: str, item: Item | None = None) -> HttpResponse:
    if script and error:
        return JsonResponse({"error": error}, status=422)
    if script:
        said = {"state": item.state, "words": Item.State(item.state).label, "reason": item.reason} if item else {}
        return JsonResponse(said)
    if error:
        messages.error(request, error)
    return redirect("archive:import", pk=batch.pk)


@require_POST
def steer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin, pause, go on, cancel: `do` says which."""
    batch = _batch(request, pk, Right.WRITE)
    verbs = {
        Step.BEGIN: steering.begin,
        Step.PAUSE: steering.pause,
        Step.RESUME: steering.resume,
        Step.CANCEL: steering.cancel,
    }
    verb: Any = verbs.get(Step(step)) if (step := request.POST.get("do", "")) in list(Step) else None
    if verb is None:
        return HttpResponse(status=400)
    try:
        verb(batch=batch, actor=person_of(request), now=clock.now())
    except ArchiveError as error:
        messages.error(request, str(error))
    return redirect("archive:import", pk=pk)


@require_GET
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report as CSV."""
    batch = _batch(request, pk)
    answer = HttpResponse("".join(report.sheet(batch)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="nhap-{batch.created_at:%Y-%m-%d}.csv"'
    return answer


def _batch(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> Batch:
    person = person_of(request)
    found: Batch = get_object_or_404(queries.batches(person), pk=pk)
    if right is not Right.VIEW and not may(person, right, found.place_id):
        raise PermissionDenied
    return found
