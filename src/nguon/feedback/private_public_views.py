"""My data: pages by which whoever told a case sees, corrects, takes back and erases what is held of them.

The code and its four digits open them, for half an hour; the proof goes along in the form and is kept nowhere.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nguon.feedback import actions, private, private_proof, private_queries, queries
from nguon.feedback.models import Case
from nguon.feedback.private_errors import NotProven, PrivateError
from nguon.feedback.private_forms import ContactForm
from nguon.feedback.told_forms import FollowForm
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.people import tries
from nguon.ui import public

LONGEST = 1000


@login_not_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The door: the code and its four digits; then all that is held. A page within leads back by its proof."""
    if request.method == "GET":
        return _door(request, FollowForm(initial={"code": request.GET.get("ma", "")[:40]}))
    if "proof" in request.POST:
        return _again(request)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _door(request, form, status=422)
    try:
        found = actions.look_up(**form.cleaned_data, address=tries.address_of(request), now=clock.now())
    except actions.Wait as error:
        return _door(request, form, str(error), 429)
    if found is None:
        return _door(request, form, str(NotProven()), 422)
    return _shown(request, found)


@login_not_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """All that is held, for a program (JSON) or for reading (a page)."""
    try:
        case = private_proof.case_of(request.POST.get("proof", ""))
    except PrivateError as error:
        return _door(request, FollowForm(), str(error), 422)
    held, photos = private_queries.held(case), list(private_queries.photos(case))
    private.given_out(case=case, now=clock.now())
    if request.POST.get("form") == "json":
        answer: HttpResponse = JsonResponse(
            held | {"photos": photos}, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        answer.headers["Content-Disposition"] = f'attachment; filename="du-lieu-{case.code}.json"'
        answer.headers["Cache-Control"] = "no-store"
        return answer
    context = {"held": held, "photos": photos, "proof": request.POST["proof"]}
    return public.page(request, "told/data_read.html", context, form=True)


@login_not_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Take a consent back, or put the contact right."""
    try:
        case = private_proof.case_of(request.POST.get("proof", ""))
    except PrivateError as error:
        return _door(request, FollowForm(), str(error), 422)
    what, now = request.POST.get("do", ""), clock.now()
    if what in private.PURPOSES:
        private.take_back(case=case, purpose=what, now=now)
        return _shown(request, case, said=_("Đã rút lại sự đồng ý. Dữ liệu dựa vào đó đã được bỏ."))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _shown(request, case, form=form, status=422)
    try:
        private.correct(case=case, **form.values(), now=now)
    except PrivateError as error:
        return _shown(request, case, form=form, wrong=str(error), status=409)
    return _shown(request, case, said=_("Đã sửa thông tin của bạn."))


@login_not_required
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Ask to be forgotten: first what goes and what stays, then the asking itself."""
    try:
        case = private_proof.case_of(request.POST.get("proof", ""))
    except PrivateError as error:
        return _door(request, FollowForm(), str(error), 422)
    if request.POST.get("sure") != "yes":
        photos = case.attachments.filter(by=None).count()
        context = {"case": case, "proof": request.POST["proof"], "photos": photos}
        return public.page(request, "told/data_erase.html", context, form=True)
    words = clean(request.POST.get("words", ""))[:LONGEST]
    try:
        private.ask_erasure(case=case, photos=request.POST.get("photos") == "yes", words=words, now=clock.now())
    except PrivateError as error:
        return _shown(request, case, wrong=str(error), status=409)
    return _shown(request, case, said=_("Đã nhận yêu cầu xóa. Khi xóa xong, mã phản ánh này không tra cứu được nữa."))


def _again(request: HttpRequest) -> HttpResponse:
    try:
        return _shown(request, private_proof.case_of(request.POST["proof"]))
    except PrivateError as error:
        return _door(request, FollowForm(), str(error), 422)


def _door(request: HttpRequest, form: FollowForm, wrong: str = "", status: int = 200) -> HttpResponse:
    return public.page(request, "told/data_door.html", {"form": form, "wrong": wrong}, form=True, status=status)


def _shown(request: HttpRequest, case: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    reporter = private_queries.reporter_of(case)
    first = {name: getattr(reporter, name) for name in ("name", "phone", "email", "address")} if reporter else {}
    context = {
        "case": case,
        "proof": private_proof.give(case),
        "held": private_queries.held(case),
        "form": ContactForm(initial=first),
        "consents": [(row, private_queries.PURPOSES.get(row.purpose, row.purpose)) for row in _given(case)],
        "may_contact": queries.agreed(case, "contact"),
        "erasure": private_queries.erasure_of(case),
    }
    return public.page(request, "told/data.html", context | more, form=True, status=status)


def _given(case: Case) -> Any:
    return case.consents.filter(withdrawn_at=None).order_by("purpose")
