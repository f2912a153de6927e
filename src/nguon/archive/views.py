"""Pages of the library: each parses, makes one call, renders."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from nguon.archive import actions, queries, rules, transcribers, transcribing
from nguon.archive.errors import ArchiveError, Unfit
from nguon.archive.forms import FilterForm, RecordingForm
from nguon.archive.models import Pair, Recording, Transcript
from nguon.archive.words import GUESSED
from nguon.kit import clock
from nguon.media import ranged
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may

PAGE = 30
TOGETHER = 1000  # ms: beginning nearer to each other is beginning together


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The recordings of my places, filtered."""
    person = person_of(request)
    form = FilterForm(person, request.GET)
    asked = form.asked()
    page = Paginator(queries.found(person, asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": queries.shown(page, asked.text),
        "filtered": asked.any,
        "narrowed": replace(asked, text="").any,
        "may_write": queries.may_write(person),
        "pairs": queries.pairs(person).count() if queries.may_write(person) else 0,
    }
    return render(request, "archive/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One recording; one that was merged leads to the one that was kept."""
    person = person_of(request)
    kept = Recording.objects.filter(pk=pk, merged_into__in=queries.recordings(person)).first()
    if kept is not None and kept.merged_into_id is not None:
        return redirect("archive:detail", pk=kept.merged_into_id)
    recording = _recording(request, pk)
    transcript = Transcript.objects.filter(recording=recording).first()
    may_write = may(person, Right.WRITE, recording.place_id)
    context = {
        "recording": recording,
        "pairs": queries.pairs_of(person, recording),
        "merged": recording.merged.all(),
        "facts": _facts(recording),
        "transcript": transcript,
        "may_write": may_write,
        "may_transcribe": may_write and transcribers.active() is not None and not _under_way(transcript),
        "history": queries.history(recording),
        "q": request.GET.get("q", ""),
    }
    return render(request, "archive/detail.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what is known of a recording."""
    recording, person = _recording(request, pk, Right.WRITE), person_of(request)
    if request.method != "POST":
        form = RecordingForm(person, recording)
        return render(request, "archive/edit.html", {"form": form, "recording": recording})
    form = RecordingForm(person, recording, request.POST)
    if form.is_valid():
        try:
            actions.correct(recording=recording, details=form.details(), actor=person, now=clock.now())
        except Unfit as unfit:
            for name, words in unfit.fields.items():
                form.add_error(name if name in form.fields else "recorded", words)
        except ArchiveError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("archive:detail", pk=pk)
    return render(request, "archive/edit.html", {"form": form, "recording": recording}, status=422)


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was guessed is right."""
    recording = _recording(request, pk, Right.WRITE)
    return _tried(request, pk, lambda: actions.confirm(recording=recording, actor=person_of(request), now=clock.now()))


@require_POST
def split(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one that was merged into this recording out again."""
    recording, now = _recording(request, pk, Right.WRITE), clock.now()
    merged = get_object_or_404(recording.merged, pk=parsed(request.POST.get("merged", "")))
    return _tried(request, pk, lambda: actions.split(recording=merged, actor=person_of(request), now=now))


def parsed(text: str) -> UUID | None:
    """An id from a form; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
def transcribe(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the words."""
    recording = _recording(request, pk, Right.WRITE)
    now = clock.now()
    return _tried(request, pk, lambda: transcribing.request(recording=recording, actor=person_of(request), now=now))


@require_safe
def original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file as it came, under its own name."""
    recording = _recording(request, pk)
    answer = ranged.respond(request, recording.original)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(recording.name)}"
    return answer


@require_GET
def words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is said in a recording: a piece of its page, asked for again until it is there."""
    recording = _recording(request, pk)
    transcript = get_object_or_404(Transcript, recording=recording)
    return render(request, "archive/parts/words.html", {"recording": recording, "transcript": transcript, "q": ""})


@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """Recordings that sound alike and wait for a decision."""
    page = Paginator(queries.pairs(person_of(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "archive/pairs.html", {"page": page})


@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two recordings side by side; POST decides: keep=both, or the id of the one that stays."""
    person, now = person_of(request), clock.now()
    found: Pair = get_object_or_404(queries.pairs(person), pk=pk)
    writes = all(may(person, Right.WRITE, one.place_id) for one in (found.first, found.second))
    if request.method != "POST":
        return render(request, "archive/pair.html", _compared(found) | {"may_write": writes})
    if not writes:
        raise PermissionDenied
    kept = request.POST.get("keep", "")
    both = {found.first_id.hex: found.first_id, found.second_id.hex: found.second_id}
    try:
        if kept == "both":
            actions.keep_both(pair=found, actor=person, now=now)
            messages.success(request, _("Đã giữ cả hai bản."))
            return redirect("archive:pairs")
        if kept not in both:
            messages.error(request, _("Hãy chọn bản giữ lại."))
            return redirect("archive:pair", pk=pk)
        one = actions.merge(pair=found, kept=both[kept], actor=person, now=now)
    except ArchiveError as error:
        messages.error(request, str(error))
        return redirect("archive:pairs")
    messages.success(request, _("Đã gộp hai bản làm một."))
    return redirect("archive:detail", pk=one.pk)


def _compared(pair: Pair) -> dict[str, Any]:
    """The two, whether they are known to be of different days, and where one begins in the other if not together."""
    days = [one.recorded_on for one in (pair.first, pair.second) if one.recorded_on == one.recorded_until]
    apart = pair.offset_ms if abs(pair.offset_ms) >= TOGETHER else 0
    other_day = len(days) == 2 and None not in days and days[0] != days[1]
    return {"pair": pair, "other_day": other_day, "start_ms": apart, "start_abs": abs(apart)}


def _facts(recording: Recording) -> list[tuple[Any, str, Any]]:
    """(what it is called, what is known, how it was guessed if it was) of each field."""
    known = {
        "recorded": rules.period(recording.recorded_on, recording.recorded_until),
        "programme": recording.programme,
        "category": recording.get_category_display(),
        "speaker": recording.speaker,
        "place": str(recording.place),
    }
    return [(GUESSED[name], value, recording.guesses.get(name)) for name, value in known.items()]


def _recording(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> Recording:
    found: Recording = get_object_or_404(queries.recordings(person_of(request), right), pk=pk)
    return found


def _tried(request: HttpRequest, pk: UUID, verb: Any) -> HttpResponse:
    try:
        verb()
    except ArchiveError as error:
        messages.error(request, str(error))
    return redirect(reverse("archive:detail", args=[pk]))


def _under_way(transcript: Transcript | None) -> bool:
    return transcript is not None and transcript.state in (Transcript.State.QUEUED, Transcript.State.WORKING)
