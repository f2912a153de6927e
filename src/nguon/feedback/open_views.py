"""Pages about other systems: who may post by Open311, which authorities take cases, passing one on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.feedback import forwarding, open_queries, queries
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Case
from nguon.feedback.open311 import actions as programs
from nguon.feedback.open_forms import AuthorityForm, ClientForm, ForwardForm
from nguon.feedback.private_errors import StillPersonal
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.people.scope import forbidden


@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """Both lists."""
    person = _admin(request)
    context: dict[str, object] = {
        "clients": open_queries.clients(person),
        "authorities": open_queries.authorities(person),
    }
    context["address"] = request.build_absolute_uri("/open311/v2/")
    return render(request, "feedback/systems.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def client_new(request: HttpRequest) -> HttpResponse:
    """A program that may post; its key is shown once."""
    person = _admin(request)
    form = ClientForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, key = programs.make_client(**form.values(), actor=person, now=clock.now())
        return render(request, "feedback/system_key.html", {"client": made, "key": key})
    return render(request, "feedback/client_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def client_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a key back."""
    person = person_of(request)
    found = get_object_or_404(open_queries.clients(person), pk=pk)
    programs.end_client(client=found, actor=person, now=clock.now())
    messages.success(request, _("Đã thu khóa. Hệ thống đó không gửi được nữa."))
    return redirect("feedback:systems")


@require_http_methods(["GET", "POST"])
def authority_new(request: HttpRequest) -> HttpResponse:
    """An authority that takes cases."""
    person = _admin(request)
    form = AuthorityForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            forwarding.make_authority(**form.values(), actor=person, now=clock.now())
        except CaseError as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, _("Đã thêm cơ quan nhận."))
            return redirect("feedback:systems")
    return render(request, "feedback/authority_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def authority_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pass nothing on to it any more."""
    person = person_of(request)
    found = get_object_or_404(open_queries.authorities(person), pk=pk)
    forwarding.end_authority(authority=found, actor=person, now=clock.now())
    messages.success(request, _("Đã thôi chuyển phản ánh cho cơ quan này."))
    return redirect("feedback:systems")


@never_cache
@require_http_methods(["GET", "POST"])
def forward(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pass a case on by Open311, or see how it stands there."""
    person, now = person_of(request), clock.now()
    case: Case = get_object_or_404(queries.cases(person).select_related("place"), pk=pk)
    found = forwarding.authorities(case, now)
    form = ForwardForm(found, request.POST or None, initial={"words": forwarding.suggested(case)})
    if request.method == "POST" and form.is_valid():
        try:
            forwarding.forward(case=case, **form.cleaned_data, actor=person, now=now)
        except (CaseError, StillPersonal) as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("Đã chuyển. Hệ thống gửi đi trong vài phút và theo dõi giúp bạn."))
            return redirect("feedback:forward", case.pk)
    context = {"case": case, "form": form, "sent": forwarding.of_case(case), "can": found.exists()}
    return render(request, "feedback/forward.html", context, status=422 if form.errors else 200)


@require_POST
def forward_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try once more what failed."""
    person = person_of(request)
    case = get_object_or_404(queries.cases(person), pk=pk)
    forwarding.again(case=case, actor=person, now=clock.now())
    messages.success(request, _("Hệ thống sẽ gửi lại trong vài phút."))
    return redirect("feedback:forward", case.pk)


def _admin(request: HttpRequest) -> Person:
    person = person_of(request)
    if Right.PEOPLE not in rights(person):
        raise forbidden()
    return person
