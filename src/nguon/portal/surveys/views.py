"""Pages of surveys in the office: what is asked, how it is answered, what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may
from nguon.portal.models import Sheet, Survey
from nguon.portal.surveys import actions, forms, queries, rules, sheets, words
from nguon.portal.surveys.forms import SurveyForm

A_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What the sites of a person's places ask and asked."""
    person, now = person_of(request), clock.now()
    page = Paginator(queries.seen(person), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, words.standing(one, now)) for one in page]
    context = {"rows": rows, "page": page, "may_write": queries.sites(person).exists()}
    return render(request, "portal/surveys/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One survey: where it stands and how it was answered."""
    person, now = person_of(request), clock.now()
    survey = get_object_or_404(queries.seen(person, *queries.READERS), pk=pk)
    mine = queries.seen(person).filter(pk=pk).exists()
    context = {
        "survey": survey,
        "standing": words.standing(survey, now),
        "counts": [(number, count, _said(survey, number)) for number, count in enumerate(queries.count(survey))],
        "over": now >= survey.closes_at,
        "may_conclude": may(person, Right.APPROVE, survey.site.place_id),
        "mine": mine,
        "may_change": mine and words.may_change(survey),
        "address": words.address(survey),
    }
    return render(request, "portal/surveys/detail.html", context)


def _said(survey: Survey, number: int) -> list[tuple[Sheet, str]]:
    """What people wrote themselves, the newest first, with the sheet it stands on."""
    rows = queries.words(survey, number, hidden=True)[:A_PAGE]
    return [(sheet, sheet.answers[str(number)][0]) for sheet in rows]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Another survey."""
    if not queries.sites(person_of(request)).exists():
        raise Http404
    return _edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One that is not approved yet."""
    survey = get_object_or_404(queries.seen(person_of(request)), pk=pk)
    return _edited(request, survey)


def _edited(request: HttpRequest, survey: Survey | None) -> HttpResponse:
    person, now = person_of(request), clock.now()
    first = forms.typed(survey) if survey else forms.usual(person, now)
    form = SurveyForm(person, request.POST or None, request.FILES or None, survey=survey, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write(
                site=form.cleaned_data["site"], survey=survey, plan=form.plan(now), actor=person, now=now
            )
        except actions.SurveyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã gửi duyệt “%(title)s”.") % {"title": made})
            return redirect("portal:surveys:detail", made.pk)
    seen = _sheet(form["questions"].value() or "")
    context = {"form": form, "survey": survey, **seen}
    return render(request, "portal/surveys/edit.html", context, status=422 if form.errors else 200)


@require_POST
def tried(request: HttpRequest) -> HttpResponse:
    """The sheet as people would see it, while it is written."""
    person_of(request)
    return render(request, "portal/surveys/sheet.html", _sheet(request.POST.get("questions", "")))


def _sheet(written: str) -> dict[str, Any]:
    try:
        return {"questions": list(enumerate(rules.questions(str(written)))), "steps": rules.STEPS}
    except rules.Unclear as error:
        return {"unclear": _(error.said) % error.values}


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask no more."""
    person = person_of(request)
    survey = get_object_or_404(queries.seen(person), pk=pk)
    try:
        actions.withdraw(survey=survey, actor=person, now=clock.now())
    except actions.SurveyError as error:
        messages.error(request, str(error))
        return redirect("portal:surveys:detail", pk)
    messages.success(request, _("Đã rút “%(title)s”.") % {"title": survey})
    return redirect("portal:surveys:list")


@require_POST
def conclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what became of it."""
    person = person_of(request)
    survey = get_object_or_404(queries.seen(person, Right.APPROVE), pk=pk)
    try:
        actions.conclude(survey=survey, words=request.POST.get("words", ""), actor=person, now=clock.now())
    except actions.SurveyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã công bố kết quả."))
    return redirect("portal:surveys:detail", pk)


@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the words of one sheet to the officers, or show them again."""
    person = person_of(request)
    sheet = get_object_or_404(Sheet, pk=pk, survey__in=queries.seen(person).values("pk"))
    actions.hide(sheet=sheet, actor=person, now=clock.now())
    return redirect("portal:surveys:detail", sheet.survey_id)


@require_GET
def file(request: HttpRequest, pk: UUID) -> FileResponse:
    """The draft that is asked about."""
    survey = get_object_or_404(queries.seen(person_of(request), *queries.READERS), pk=pk)
    if survey.file is None:
        raise Http404
    return FileResponse(default_storage.open(survey.file.path), as_attachment=True, filename=survey.filename)


@require_GET
def table(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All sheets as a workbook."""
    survey = get_object_or_404(queries.seen(person_of(request)), pk=pk)
    response = HttpResponse(sheets.workbook(survey), content_type=sheets.MIME)
    response.headers["Content-Disposition"] = f'attachment; filename="{survey.slug}.xlsx"'
    return response
