"""Pages on people, roles and offices; signing in is in `signing`."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nguon.kit import clock
from nguon.people import actions, factors, forms, queries, watched
from nguon.people.asking import person_of
from nguon.people.consent import Outcome
from nguon.people.errors import PeopleError
from nguon.people.models import Person, Role
from nguon.people.rules import Right
from nguon.people.scope import forbidden

PER_PAGE = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people of the asker's places."""
    asker = administrator(request)
    form = forms.FilterForm(asker, request.GET)
    kept = form.cleaned_data if form.is_valid() else {}
    place = kept.get("place")
    found = queries.listed(
        asker, text=kept.get("text", ""), kind=kept.get("kind", ""), place=place.pk if place else None
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/list.html", {"form": form, "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new person. Their initial password is shown once: as the answer, or when a second person has agreed."""
    asker = administrator(request)
    form = forms.PersonForm(asker, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = watched.create_person(actor=asker, now=clock.now(), **form.cleaned_data)
        except PeopleError as error:
            form.add_error("username", str(error))
        else:
            return _given(request, outcome, again=False)
    status = 422 if form.errors else 200
    return render(request, "people/new.html", {"form": form}, status=status)


@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One person, with their roles and what may be changed."""
    return _page(request, _one(request, pk))


@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change who the person is and where they work."""
    asker, person = administrator(request), _one(request, pk)
    form = forms.PersonForm(asker, request.POST, known=person)
    if not form.is_valid():
        return _page(request, person, person_form=form)
    return _try(
        request,
        person,
        lambda: actions.change_person(person=person, actor=asker, now=clock.now(), **form.cleaned_data),
        _("Đã lưu."),
    )


@require_POST
def give_role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the person a role."""
    asker, person = administrator(request), _one(request, pk)
    form = forms.RoleForm(asker, request.POST)
    if not form.is_valid():
        return _page(request, person, role_form=form)
    return _try(
        request,
        person,
        lambda: watched.give_role(person=person, actor=asker, now=clock.now(), **form.cleaned_data),
        _("Đã giao vai trò."),
    )


@require_POST
def end_role(request: HttpRequest, pk: UUID, role_id: int) -> HttpResponse:
    """End one role of the person."""
    asker, person = administrator(request), _one(request, pk)
    role = get_object_or_404(Role.objects.select_related("place", "person__office"), pk=role_id, person=person)
    return _try(
        request,
        person,
        lambda: watched.end_role(role=role, actor=asker, now=clock.now()),
        _("Đã kết thúc vai trò."),
    )


@require_POST
def active(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lock or unlock the account."""
    asker, person = administrator(request), _one(request, pk)
    wanted = request.POST.get("active") == "1"
    return _try(
        request,
        person,
        lambda: actions.set_active(person=person, active=wanted, actor=asker, now=clock.now()),
        _("Đã mở lại tài khoản.") if wanted else _("Đã khóa tài khoản."),
    )


@never_cache
@require_POST
def reset_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new initial password, shown once: at once, or when a second person agreed."""
    asker, person = administrator(request), _one(request, pk)
    try:
        outcome = watched.reset_password(person=person, actor=asker, now=clock.now())
    except PeopleError as error:
        messages.error(request, str(error))
        return redirect("people:detail", pk=person.pk)
    return _given(request, outcome, again=True)


@require_POST
def take_factors_away(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody lost their second step: the next sign-in sets one up anew."""
    asker, person = administrator(request), _one(request, pk)
    return _try(
        request,
        person,
        lambda: watched.take_factors_away(person=person, actor=asker, now=clock.now()),
        _("Đã bỏ bước thứ hai. Lần đăng nhập tới người này đặt lại từ đầu."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_office(request: HttpRequest) -> HttpResponse:
    """A new office, to put people in."""
    asker = administrator(request)
    form = forms.OfficeForm(asker, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_office(actor=asker, now=clock.now(), **form.cleaned_data)
        except PeopleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã thêm cơ quan."))
            return redirect("people:list")
    offices = queries.offices_of(asker)
    status = 422 if form.errors else 200
    return render(request, "people/office.html", {"form": form, "offices": offices}, status=status)


def administrator(request: HttpRequest) -> Person:
    """The person asking, who has the right PEOPLE somewhere. Raises Forbidden."""
    asker = person_of(request)
    if Right.PEOPLE not in queries.rights(asker):
        raise forbidden()
    return asker


def _one(request: HttpRequest, pk: UUID) -> Person:
    """A person among those the asker may see. Raises Http404."""
    return get_object_or_404(queries.listed(administrator(request)), pk=pk)


def _try(request: HttpRequest, person: Person, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, or say why not or for whom it waits, on the person's page."""
    try:
        outcome = act()
    except PeopleError as error:
        messages.error(request, str(error))
    else:
        if isinstance(outcome, Outcome) and outcome.waits:
            messages.info(request, _("Đã gửi đề nghị. Việc được thực hiện khi một người nữa có quyền đồng ý."))
        else:
            messages.success(request, done)
    return redirect("people:detail", pk=person.pk)


def _given(request: HttpRequest, outcome: Outcome, *, again: bool) -> HttpResponse:
    """The password, or that it waits for a second person."""
    if outcome.waits:
        messages.info(request, _("Đã gửi đề nghị. Khi một người nữa có quyền đồng ý, bạn lấy mật khẩu ở trang này."))
        return redirect("people:waiting")
    person = Person.objects.get(pk=UUID(outcome.applied.result))
    found = {"person": person, "password": outcome.applied.password, "again": again}
    return render(request, "people/given.html", found)


def _page(
    request: HttpRequest,
    person: Person,
    person_form: forms.PersonForm | None = None,
    role_form: forms.RoleForm | None = None,
) -> HttpResponse:
    asker, today = person_of(request), clock.today()
    found = {
        "person": person,
        "roles": queries.roles_of(asker, person, today),
        "manages": queries.manages(asker, person, today),
        "itself": asker.pk == person.pk,
        "must_have": factors.obliged(person, clock.now()),
        "person_form": person_form or forms.PersonForm(asker, known=person),
        "role_form": role_form or forms.RoleForm(asker),
    }
    return render(request, "people/detail.html", found, status=422 if person_form or role_form else 200)
