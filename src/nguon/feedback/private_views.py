"""Pages for officers: who told a case, what was asked of data and until when, who looked, how long all is kept."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.feedback import keeping, private, private_queries, queries, redaction
from nguon.feedback.models import PrivacyRequest
from nguon.feedback.private_errors import PrivateError, TooLong
from nguon.feedback.private_forms import EraseForm, LookForm, RetentionForm, WordsForm
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.people.scope import everywhere, forbidden

PAGE = 50


@never_cache
@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who told a case. Asked for with a reason; each look stands in the journal."""
    person = person_of(request)
    case = get_object_or_404(private_queries.cases(person), pk=pk)
    form = LookForm(request.POST or None)
    context = {"case": case, "form": form, "shown": False}
    if request.method == "POST" and form.is_valid():
        found = private.look(case=case, why=form.cleaned_data["why"], actor=person, now=clock.now())
        context |= {"shown": True, "reporter": found, "looks": private_queries.looks_at(case)}
    return render(request, "feedback/contacts.html", context)


@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at contacts, for whoever may read the journal."""
    person = person_of(request)
    if Right.JOURNAL not in rights(person):
        raise forbidden()
    page = Paginator(private_queries.looks(person), PAGE).get_page(request.GET.get("page"))
    names = person.place_names(Right.JOURNAL)
    rows = [(private_queries.look_of(entry), names.get(entry.place, "") if entry.place else "") for entry in page]
    return render(request, "feedback/looks.html", {"page": page, "rows": rows})


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What was asked of personal data, what is due first."""
    person = _keeper(request)
    done = request.GET.get("xong") == "1"
    page = Paginator(private_queries.requests(person, done=done), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "done": done,
        "waiting": not done,
        "done_url": f"{reverse('feedback:privacy')}?xong=1",
        "now": clock.now(),
        "journal": Right.JOURNAL in rights(person),
    }
    return render(request, "feedback/privacy_list.html", context)


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: what was asked, its clocks, what can be done."""
    found = _request(request, pk)
    return _detail(request, found, EraseForm(initial={"words": _suggested(found)}))


@require_POST
def reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell whoever asked what is being done."""
    found, person = _request(request, pk), person_of(request)

    def act(words: str) -> None:
        private.reply(request=found, words=words, actor=person, now=clock.now())

    return _said(request, found, act, _("Đã trả lời người yêu cầu."))


@require_POST
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the last day off."""
    found, person = _request(request, pk), person_of(request)

    def act(words: str) -> None:
        private.extend(request=found, why=words, actor=person, now=clock.now())

    return _said(request, found, act, _("Đã gia hạn. Người yêu cầu đọc được lý do."), private.LONGEST_WHY)


@require_POST
def erase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Carry an erasure out."""
    found, form = _request(request, pk), EraseForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            private.erase(request=found, words=words, actor=person_of(request), now=clock.now())
        except PrivateError as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("Đã xóa dữ liệu cá nhân. Mã phản ánh không tra cứu được nữa."))
            return redirect("feedback:privacy")
    return _detail(request, found, form, 422)


@require_http_methods(["GET", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """How long cases are kept, and how long requests may take; a new rule from a day on."""
    person = person_of(request)
    if not rights(person) & {Right.CONTACTS, Right.PEOPLE}:
        raise forbidden()
    may_change = everywhere(person, Right.PEOPLE)
    form = RetentionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keeping.set_retention(**form.values(), actor=person, now=clock.now())
        messages.success(request, _("Đã ghi thời hạn lưu."))
        return redirect("feedback:kept")
    rules, terms = private_queries.retentions(), private_queries.terms()
    context = {"form": form, "rules": rules, "terms": terms, "may_change": may_change}
    context["journal"] = Right.JOURNAL in rights(person)
    return render(request, "feedback/kept.html", context, status=422 if form.errors else 200)


def _keeper(request: HttpRequest) -> Person:
    person = person_of(request)
    if Right.CONTACTS not in rights(person):
        raise forbidden()
    return person


def _request(request: HttpRequest, pk: UUID) -> PrivacyRequest:
    person = person_of(request)
    return get_object_or_404(private_queries.any_request(person), pk=pk)


def _suggested(found: PrivacyRequest) -> str:
    """The words of the case without what a program sees of the reporter in them."""
    if found.case is None:
        return ""
    return redaction.redacted(found.case.words, queries.known_of(found.case))


def _said(
    request: HttpRequest, found: PrivacyRequest, act: Callable[[str], None], done: str, longest: int = 2000
) -> HttpResponse:
    form = WordsForm(_("Nội dung"), request.POST, longest)
    try:
        if not form.is_valid() and request.POST.get("words", "").strip():
            raise TooLong(longest)
        act(form.cleaned_data.get("words", ""))
    except PrivateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("feedback:privacy-request", found.pk)


def _detail(request: HttpRequest, found: PrivacyRequest, form: EraseForm, status: int = 200) -> HttpResponse:
    context = {
        "request_": found,
        "case": found.case,
        "form": form,
        "reply_form": WordsForm(_("Trả lời người yêu cầu"), auto_id="reply_%s"),
        "extend_form": WordsForm(_("Lý do gia hạn"), longest=private.LONGEST_WHY, auto_id="extend_%s"),
        "photos": found.case.attachments.filter(by=None).count() if found.case else 0,
        "now": clock.now(),
    }
    return render(request, "feedback/privacy_detail.html", context, status=status)
