"""Pages of the registry: list, one device, register, change, enrol, groups."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.devices import actions, basemap, channels, forms, queries, rules, screens
from nguon.devices.errors import DeviceError
from nguon.devices.models import Device, Status
from nguon.devices.photos import views as photos
from nguon.kit import clock
from nguon.people.models import Person
from nguon.people.rules import Right

PER_PAGE = 50
require_form = require_http_methods(["GET", "HEAD", "POST"])


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _device(request: HttpRequest, pk: UUID, right: Right = Right.DEVICES) -> Device:
    return get_object_or_404(queries.devices(_person(request), clock.today(), right), pk=pk)


def _to(device: Device) -> HttpResponse:
    return redirect("devices:detail", pk=device.pk)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The devices a person may see."""
    person, on = _person(request), clock.today()
    search = forms.search(request.GET)
    page = Paginator(queries.found(person, search, on), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.with_outer(page.object_list, on),
        "search": search,
        "places": queries.place_labels(queries.watched_places(person, on), on),
        "statuses": Status.choices,
        "kinds": channels.choices(),
        "may_manage": queries.manages_any(person, on),
    }
    return render(request, "devices/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One device."""
    device, now = _device(request, pk, Right.VIEW), clock.now()
    context = {
        "device": device,
        "sheet": basemap.of_device(device.latitude, device.longitude, device.name),
        "areas": queries.areas(device, clock.today()),
        "code": queries.live_code(device, now),
        "arranged": channels.arranged_at(device.channel),
        "may_manage": queries.devices(_person(request), clock.today(), Right.DEVICES).filter(pk=pk).exists(),
        "status_form": forms.StatusForm(initial={"status": device.status}),
    }
    return render(request, "devices/detail.html", photos.context_of(request, device) | context)


@require_form
def new(request: HttpRequest) -> HttpResponse:
    """Register a device."""
    person = _person(request)
    if not queries.manages_any(person, clock.today()):
        raise PermissionDenied
    form = forms.DeviceForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = actions.register(**form.cleaned_data, actor=person, now=clock.now())
        words = _("Đã đăng ký. Bây giờ cấp mã để nhập vào thiết bị.")
        messages.success(
            request, words if device.audible else _("Đã đăng ký. Bây giờ nhập mã đang hiện trên màn hình.")
        )
        return _to(device)
    return _form(request, form, None)


@require_form
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is known of a device."""
    person, device = _person(request), _device(request, pk)
    form = forms.DeviceForm(person, request.POST or None, device=device)
    if request.method == "POST" and form.is_valid():
        changed = actions.change(device=device, **form.cleaned_data, actor=person, now=clock.now())
        messages.success(request, _saved(changed))
        return _to(device)
    return _form(request, form, device)


def _saved(changed: frozenset[str]) -> str:
    if not changed:
        return _("Không có gì thay đổi.")
    return _("Đã lưu và đang gửi xuống thiết bị.") if changed & actions.TOLD else _("Đã lưu.")


def _form(request: HttpRequest, form: forms.DeviceForm, device: Device | None) -> HttpResponse:
    sheet = basemap.picker(queries.manageable_points(_person(request), clock.today()))
    return render(request, "devices/form.html", {"form": form, "device": device, "sheet": sheet})


@never_cache
@require_form
def enrol(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a one-time code, shown this once; a GET says what will happen."""
    device, now = _device(request, pk), clock.now()
    given: dict[str, object] = {}
    if request.method == "POST":
        try:
            code = actions.issue_code(device=device, actor=_person(request), now=now)
        except DeviceError as error:
            messages.error(request, str(error))
            return _to(device)
        given = {"code": code, "expires": now + rules.CODE_LIFE}
    return _enrol_page(request, device, given)


def _enrol_page(request: HttpRequest, device: Device, given: dict[str, object], status: int = 200) -> HttpResponse:
    context: dict[str, object] = {"device": device, "live": queries.live_code(device, clock.now())}
    context |= {"address": request.build_absolute_uri("/").rstrip("/"), "screen_form": forms.ScreenForm()}
    if path := channels.opens_at(device.channel):
        context["page_address"] = request.build_absolute_uri(path)
    return render(request, "devices/enrol.html", context | given, status=status)


@require_POST
def screen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the screen with a code is this device."""
    device, form, now = _device(request, pk), forms.ScreenForm(request.POST), clock.now()
    if not form.is_valid():
        return _enrol_page(request, device, {"screen_form": form}, 422)
    try:
        found = screens.name(code=form.cleaned_data["code"], device=device, actor=_person(request), now=now)
    except DeviceError as error:
        form.add_error("code", str(error))
        return _enrol_page(request, device, {"screen_form": form}, 422)
    messages.success(request, _("%s đã được nhận. Trong vài giây màn hình sẽ đổi.") % screens.whose(found))
    return _to(device)


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the credential of a device."""
    device = _device(request, pk)
    actions.revoke(device=device, actor=_person(request), now=clock.now())
    messages.success(request, _("Đã thu hồi quyền kết nối của thiết bị."))
    return _to(device)


@require_POST
def status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a device in use, in repair or out of use."""
    device, form = _device(request, pk), forms.StatusForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Chưa đổi tình trạng: hãy chọn tình trạng và ghi lý do."))
        return _to(device)
    chosen = Status(form.cleaned_data["status"])
    actions.set_status(
        device=device, status=chosen, reason=form.cleaned_data["reason"], actor=_person(request), now=clock.now()
    )
    messages.success(request, _("Đã đổi tình trạng."))
    return _to(device)


@require_POST
def plug(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pull or put in the plug of a simulated device."""
    device, form = _device(request, pk), forms.PlugForm(request.POST)
    if form.is_valid():
        try:
            actions.set_plug(device=device, **form.cleaned_data, actor=_person(request), now=clock.now())
        except DeviceError as error:
            messages.error(request, str(error))
    return redirect("monitor:device", pk=device.pk)


@require_form
def groups(request: HttpRequest) -> HttpResponse:
    """The groups of devices, and a new one."""
    person = _person(request)
    if not queries.manages_any(person, clock.today()):
        raise PermissionDenied
    form = forms.GroupForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.create_group(**form.cleaned_data, actor=person, now=clock.now())
        messages.success(request, _("Đã thêm nhóm."))
        return redirect("devices:groups")
    return render(
        request, "devices/groups.html", {"form": form, "groups": queries.counted_groups(person, clock.today())}
    )


@require_POST
def group_delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a group away."""
    person = _person(request)
    group = get_object_or_404(queries.groups(person, clock.today()), pk=pk)
    try:
        actions.delete_group(group=group, actor=person, now=clock.now())
        messages.success(request, _("Đã xóa nhóm."))
    except ProtectedError:
        messages.error(request, _("Nhóm này đã từng có lượt phát nên phải giữ lại."))
    return redirect("devices:groups")
