"""Pages for the one who told it: look it up, see where it stands, add to it, say how content they are."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nguon.feedback import actions, own, said, told_queries
from nguon.feedback.errors import CaseError, Wait
from nguon.feedback.models import Attachment, Case, CaseState
from nguon.feedback.own import Own
from nguon.feedback.told_forms import ContentForm, FollowForm, SupplementForm, scores
from nguon.kit import clock
from nguon.media import pictures
from nguon.media.errors import MediaError
from nguon.people.tries import address_of
from nguon.ui import public

require_form = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@require_form
def follow(request: HttpRequest) -> HttpResponse:
    """Code and four digits. What is wrong of the two is not said."""
    if request.method != "POST":
        return _ask(request, FollowForm(initial={"code": request.GET.get("ma", "")}))
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    found = _looked_up(request, form)
    if found is None:
        return _ask(request, form)
    done = redirect("told:own")
    own.keep(done, found)
    return done


def _looked_up(request: HttpRequest, form: FollowForm) -> Case | None:
    """The case, or None with the reason in the form. Wrong tries cost time, by code and by address."""
    try:
        found = actions.look_up(**form.cleaned_data, address=address_of(request), now=clock.now())
    except Wait as error:
        form.add_error(None, str(error))
        return None
    if found is None:
        form.add_error(None, _("Mã hoặc bốn số không đúng. Xem lại giấy, ảnh chụp lúc gửi rồi nhập lại."))
    return found


def _ask(request: HttpRequest, form: FollowForm, status: int = 200) -> HttpResponse:
    wrong = form.is_bound and bool(form.errors)
    shown = 422 if wrong else status
    return public.page(request, "feedback/public/follow.html", {"form": form}, form=True, status=shown)


@login_not_required
@require_safe
def own_case(request: HttpRequest) -> HttpResponse:
    """The case of whoever looked it up."""
    found = own.of(request)
    return _case(request, found) if found else _over(request)


def _over(request: HttpRequest) -> HttpResponse:
    """The half hour is over."""
    return _ask(request, FollowForm(), status=403)


def _case(
    request: HttpRequest,
    found: Own,
    supplement: SupplementForm | None = None,
    content: ContentForm | None = None,
) -> HttpResponse:
    case = found.case
    judged = case.state in (CaseState.ANSWERED, CaseState.CLOSED)
    context = {
        "case": case,
        "standing": said.standing(case, clock.now()),
        "moments": said.moments(case),
        "answer": told_queries.answer(case),
        "photos": told_queries.photos(case),
        "supplement": (supplement or SupplementForm()) if case.state == CaseState.ASKED else None,
        "content": (content or ContentForm()) if judged else None,
        "said_content": _said_content(case),
        "data": _data_link(case),
    }
    wrong = any(form is not None and form.errors for form in (supplement, content))
    return public.page(request, "feedback/public/own.html", context, form=True, status=422 if wrong else 200)


def _said_content(case: Case) -> str:
    """How content somebody said to be the last time, in words; empty if never."""
    last = case.contents.order_by("-at").first()
    return scores()[last.score - 1] if last else ""


def _data_link(case: Case) -> str:
    """Where one sees, corrects and erases what is held about oneself; empty where nobody offers it."""
    try:
        return f"{reverse('told:data')}?ma={case.code}"
    except NoReverseMatch:
        return ""


@login_not_required
@require_POST
def supplement(request: HttpRequest) -> HttpResponse:
    """What was asked for is added."""
    found = own.of(request)
    if found is None:
        return _over(request)
    form = SupplementForm(request.POST, request.FILES)
    if form.is_valid():
        words, photos = form.cleaned_data["words"], tuple(form.cleaned_data["photos"])
        try:
            actions.supplement(case=found.case, words=words, photos=photos, now=clock.now())
        except (CaseError, MediaError) as error:
            form.add_error("photos" if isinstance(error, MediaError) else None, str(error))
        else:
            return redirect("told:own")
    return _case(request, found, supplement=form)


@login_not_required
@require_POST
def content(request: HttpRequest) -> HttpResponse:
    """How content, and whether it is to be looked at again."""
    found = own.of(request)
    if found is None:
        return _over(request)
    form = ContentForm(request.POST)
    if form.is_valid():
        score, words = form.cleaned_data["score"], form.cleaned_data["why"]
        reopen = form.cleaned_data["reopen"]
        try:
            actions.say_content(case=found.case, score=score, words=words, reopen=reopen, now=clock.now())
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            return redirect("told:own")
    return _case(request, found, content=form)


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The next one at this telephone sees nothing."""
    done = _ask(request, FollowForm())
    own.forget(done)
    return done


@login_not_required
@require_safe
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A photo: of the register for everybody, of one's own case for whoever looked it up."""
    shown = told_queries.public_photo(pk)
    found: Attachment | None = shown
    if found is None and (mine := own.of(request)):
        found = told_queries.photos(mine.case).filter(pk=pk).first()
    if found is None:
        raise Http404
    answer = HttpResponse(pictures.bytes_of(found.file), content_type=found.file.mime)
    answer.headers["Cache-Control"] = "public, max-age=300" if shown else "no-store"
    return answer
