"""Pages of approving, made for a phone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.review import actions, queries, subjects
from nguon.review.forms import READY, ApproveForm, ReturnForm
from nguon.review.models import Review, State


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for my decision, what I sent, and what was decided lately."""
    person = person_of(request)
    context = {
        "waiting": queries.waiting(person),
        "sent": [(review, _url(review)) for review in queries.sent(person)],
        "decided": queries.lately_decided(person),
        "approver": queries.approves(person),
    }
    return render(request, "review/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The thing to decide on: who, its sound, its words, what changed; and the decision."""
    review = _review(request, pk)
    speaker, subject = subjects.of(review.subject)
    context = {
        "review": review,
        "shown": speaker.shown(subject),
        "subject_url": speaker.url(subject),
        "own": not queries.may_decide(person_of(request), review),
        "open": review.state == State.SUBMITTED,
        "ready": READY,
    }
    return render(request, "review/detail.html", context)


@require_POST
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve exactly what the page showed and played."""
    review, form = _review(request, pk), ApproveForm(request.POST)
    form.is_valid()
    try:
        actions.approve(review=review, **form.seen(), actor=person_of(request), now=clock.now())
    except actions.ReviewError as error:
        messages.error(request, str(error))
        return redirect("review:detail", pk=pk)
    messages.success(request, _("Đã duyệt “%s”.") % review.title)
    return redirect("review:list")


@require_POST
def return_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send it back with a reason."""
    review, form = _review(request, pk), ReturnForm(request.POST)
    form.is_valid()
    try:
        actions.return_(review=review, reason=form.reason(), actor=person_of(request), now=clock.now())
    except actions.ReviewError as error:
        messages.error(request, str(error))
        return redirect("review:detail", pk=pk)
    messages.success(request, _("Đã trả lại “%s” cho người soạn.") % review.title)
    return redirect("review:list")


def _review(request: HttpRequest, pk: UUID) -> Review:
    return get_object_or_404(queries.decidable(person_of(request)), pk=pk)


def _url(review: Review) -> str:
    speaker, subject = subjects.of(review.subject)
    return speaker.url(subject)
