"""Pages that set the desk up: what there is, one thing of it, the order of rules, and rules tried on past cases."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.feedback import routing, setting_up, setup
from nguon.feedback.errors import CaseError
from nguon.feedback.models import DayOff, Field, Route, Template, Term
from nguon.feedback.setup_forms import FORMS, RouteForm, SetupForm
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is set up. `changes`: it may be edited; else there is only a new one."""

    model: type[Model]
    label: str | Promise
    lead: str | Promise
    add: str | Promise
    changes: bool = True


KINDS = {
    "linh-vuc": Kind(
        Field,
        gettext_lazy("Lĩnh vực"),
        gettext_lazy("Phản ánh được xếp vào các lĩnh vực này; người dân chọn khi gửi."),
        gettext_lazy("Thêm lĩnh vực"),
    ),
    "quy-tac": Kind(
        Route,
        gettext_lazy("Quy tắc giao việc"),
        gettext_lazy("Xét từ trên xuống; quy tắc đầu tiên hợp thì quyết định giao cho cơ quan nào."),
        gettext_lazy("Thêm quy tắc"),
    ),
    "thoi-han": Kind(
        Term,
        gettext_lazy("Thời hạn"),
        gettext_lazy("Đổi thời hạn là đặt thời hạn mới từ một ngày. Phản ánh đã nhận giữ hạn cũ."),
        gettext_lazy("Thêm thời hạn"),
        changes=False,
    ),
    "ngay-nghi": Kind(
        DayOff,
        gettext_lazy("Ngày nghỉ, làm bù"),
        gettext_lazy("Ngày lễ của cả nước đã có sẵn. Chỉ ghi ngày khác đi."),
        gettext_lazy("Thêm ngày"),
        changes=False,
    ),
    "mau": Kind(
        Template,
        gettext_lazy("Mẫu câu"),
        gettext_lazy("Câu soạn sẵn cho trả lời, hỏi thêm, từ chối."),
        gettext_lazy("Thêm mẫu"),
    ),
}


@require_GET
def listing(request: HttpRequest, kind: str = "linh-vuc") -> HttpResponse:
    """All things of a kind that hold for the person's places."""
    person, found = keeper(request), _kind(kind)
    mine = setting_up.reach(person)
    everywhere = setting_up.may(person, None)
    rows = [(row, everywhere if row.place_id is None else row.place_id in mine) for row in _rows(found, person)]
    return render(request, "feedback/setup.html", _frame(kind) | {"rows": rows, "today": clock.today()})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, kind: str, pk: str = "") -> HttpResponse:
    """A new thing, or one that is changed. A rule may be tried on past cases before it is kept."""
    person, found = keeper(request), _kind(kind)
    row = _row(found, person, pk) if pk else None
    if row is not None and not found.changes:
        raise Http404
    form = FORMS[found.model](person, row, request.POST or None)
    tried: list[routing.Tried] | None = None
    if request.method == "POST" and form.is_valid():
        if "thu" in request.POST and isinstance(form, RouteForm):
            tried = _tried(form, row, person)
        elif _kept(request, found, form, row, person):
            return redirect("feedback:setup", kind=kind)
    context = _frame(kind) | {
        "form": form,
        "row": row,
        "tried": tried,
        "changed": sum(one.changed for one in tried or ()),
    }
    return render(request, "feedback/setup_form.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: HttpRequest, pk: str) -> HttpResponse:
    """Let a rule be asked earlier or later."""
    person = keeper(request)
    row = _row(KINDS["quy-tac"], person, pk)
    assert isinstance(row, Route)
    setting_up.move_route(route=row, up=request.POST.get("len") == "1", actor=person, now=clock.now())
    return redirect("feedback:setup", kind="quy-tac")


@require_POST
def end(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Let a deadline hold until today, or take a day that is still to come out of the list."""
    person = keeper(request)
    row = _row(_kind(kind), person, pk)
    try:
        if isinstance(row, Term):
            setting_up.end_term(term=row, last=clock.today(), actor=person, now=clock.now())
        elif isinstance(row, DayOff):
            setting_up.remove_day_off(day=row, actor=person, now=clock.now())
        else:
            raise Http404
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã lưu."))
    return redirect("feedback:setup", kind=kind)


@require_GET
def trial(request: HttpRequest) -> HttpResponse:
    """The rules as they stand, on past cases: where each would go, and what every rule said."""
    person = keeper(request)
    tried = routing.dry_run(person, setup.routes(person), setup.past_cases(person), clock.now())
    context = _frame("quy-tac") | {"tried": tried, "changed": sum(one.changed for one in tried)}
    return render(request, "feedback/trial.html", context)


def keeper(request: HttpRequest) -> Person:
    """The person who asks, if they set anything up. Raises PermissionDenied."""
    person = person_of(request)
    if not setting_up.anywhere(person):
        raise PermissionDenied
    return person


def _kept(request: HttpRequest, kind: Kind, form: SetupForm, row: Any, person: Person) -> bool:
    values, now = form.values(), clock.now()
    try:
        if kind.model is Field:
            setting_up.save_field(field=row, values=values, actor=person, now=now)
        elif kind.model is Route:
            setting_up.save_route(route=row, values=values, actor=person, now=now)
        elif kind.model is Template:
            setting_up.save_template(template=row, values=values, actor=person, now=now)
        elif kind.model is Term:
            setting_up.add_term(values=values, actor=person, now=now)
        else:
            setting_up.add_day_off(values=values, actor=person, now=now)
    except CaseError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Đã lưu."))
    return True


def _tried(form: RouteForm, row: Any, person: Person) -> list[routing.Tried]:
    """Where past cases would go with the rule as it stands in the form."""
    kept = [one for one in setup.routes(person) if row is None or one.pk != row.pk]
    values = form.values()
    number = row.number if row is not None and row.place_id == values["place"].pk else 10_000
    draft = Route(number=number, **values)
    return routing.dry_run(person, [*kept, draft], setup.past_cases(person), clock.now())


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _rows(kind: Kind, person: Person) -> "QuerySet[Any]":
    if kind.model is Route:
        return setup.routes(person)
    if kind.model is Term:
        return setup.terms(person)
    if kind.model is DayOff:
        return setup.days_off(person)
    return setup.seen(kind.model._default_manager.all(), person)


def _row(kind: Kind, person: Person, pk: str) -> Any:
    """A thing of the person's own places. Raises Http404."""
    try:
        row = get_object_or_404(_rows(kind, person), pk=pk)
    except (ValueError, TypeError, ValidationError) as error:
        raise Http404 from error
    if not setting_up.may(person, row.place_id):
        raise PermissionDenied
    return row


def _frame(kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "about": KINDS[kind],
        "tabs": [(name, one.label, name == kind) for name, one in KINDS.items()],
    }
