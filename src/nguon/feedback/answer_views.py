"""The answer of a case: written, sent for approval, given, said aloud; and what everybody reads of the case."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nguon.feedback import actions, answering, desk, desk_words, moderating, queries
from nguon.feedback.answer_forms import AnnounceForm, AnswerForm, PublishForm
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Answer, Case
from nguon.feedback.rules import State, may_become
from nguon.feedback.views import find
from nguon.kit import clock
from nguon.kit.words import gettext_noop
from nguon.newsroom.errors import NewsroomError
from nguon.people.asking import person_of
from nguon.review.actions import ReviewError


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the answer; keep it, or keep it and ask for approval."""
    person = person_of(request)
    case = find(person, pk)
    newest = desk.newest_answer(case)
    form = AnswerForm(request.POST or None, initial={"text": newest.text if newest else ""})
    if request.method == "POST" and form.is_valid():
        try:
            written = answering.write_answer(case=case, text=form.cleaned_data["text"], actor=person, now=clock.now())
            if "submit" in request.POST:
                answering.submit(answer=written, actor=person, now=clock.now())
        except (CaseError, ReviewError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã gửi duyệt.") if "submit" in request.POST else _("Đã lưu câu trả lời."))
            return redirect("feedback:answer", pk=pk)
    context = {
        "case": case,
        "title": desk_words.title(case),
        "form": form,
        "answer": newest,
        "approved": newest is not None and answering.approved(newest),
        "editable": may_become(case.state, State.ANSWERED),
        "prepared": answering.prepared(case, State.ANSWERED),
        "older": desk.older_answers(case, newest),
        "may_announce": newest is not None and desk.may_announce(person, case),
    }
    return render(request, "feedback/answer.html", context, status=422 if form.errors else 200)


@require_POST
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the approved answer to whoever told the case."""
    written = _newest(find(person_of(request), pk))
    try:
        answering.give(answer=written, actor=person_of(request), now=clock.now())
    except CaseError as error:
        messages.error(request, str(error))
        return redirect("feedback:answer", pk=pk)
    messages.success(request, _("Đã gửi câu trả lời cho người phản ánh."))
    return redirect("feedback:detail", pk=pk)


@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a bulletin of the approved answer: its title and the public words are looked over once more."""
    person = person_of(request)
    case = find(person, pk)
    written = _newest(case)
    begin = {"title": gettext_noop("Trả lời phản ánh: %s") % desk_words.title(case, 60), "body": _aloud(case, written)}
    form = AnnounceForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            bulletin = answering.announce(answer=written, **form.cleaned_data, actor=person, now=clock.now())
        except (CaseError, NewsroomError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã tạo bản tin. Nghe thử, gửi duyệt rồi phát như mọi bản tin."))
            return redirect("newsroom:edit", pk=bulletin.pk)
    context = {"case": case, "form": form, "answer": written, "approved": answering.approved(written)}
    return render(request, "feedback/announce.html", context, status=422 if form.errors else 200)


def _aloud(case: Case, written: Answer) -> str:
    asked = case.public_words or gettext_noop("Người dân phản ánh: %s") % desk_words.title(case, 300)
    return f"{asked}\n\n{written.text}"


@require_http_methods(["GET", "POST"])
def public(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What everybody may read of the case, beside the sealed original."""
    person = person_of(request)
    case = find(person, pk)
    photos = list(desk.photos(case))
    begin = {
        "title": case.public_title or desk_words.title(case),
        "words": case.public_words or case.words,
        "photos": [str(one.pk) for one in photos if one.public],
    }
    form = PublishForm(photos, request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            moderating.publish(case=case, **form.values(), actor=person, now=clock.now())
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã công khai."))
            return redirect("feedback:detail", pk=pk)
    context = {
        "case": case,
        "form": form,
        "photos": photos,
        "consented": queries.agreed(case, "publish"),
        "chosen": set(form["photos"].value() or ()),
    }
    return render(request, "feedback/public.html", context, status=422 if form.errors else 200)


@require_POST
def unpublish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the case out of the public register."""
    case = find(person_of(request), pk)
    try:
        actions.unpublish(case=case, actor=person_of(request), now=clock.now())
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã thôi công khai."))
    return redirect("feedback:detail", pk=pk)


def _newest(case: Case) -> Answer:
    found = desk.newest_answer(case)
    if found is None:
        raise Http404
    return found
