"""Pages of the photos of one screen."""

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from nguon.devices import actions as registry
from nguon.devices import channels
from nguon.devices.errors import DeviceError
from nguon.devices.models import Device
from nguon.devices.photos import actions, queries
from nguon.devices.photos.forms import ScheduleForm
from nguon.devices.queries import devices
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may

PER_PAGE = 24


@require_GET
def listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that came of one screen, the newest first."""
    device = _device(request, pk)
    if not channels.pictured(device.channel):
        raise Http404
    page = Paginator(queries.of_device(device), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "devices/photos.html", context_of(request, device) | {"page": page})


@require_GET
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that moves while a photo is waited for."""
    device = _device(request, pk)
    return render(request, "devices/parts/photo.html", context_of(request, device))


@require_safe
def picture(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponse:
    """The picture itself."""
    found = get_object_or_404(queries.of_device(_device(request, pk)).exclude(path=""), pk=photo)
    try:
        with default_storage.open(found.path) as file:
            answer = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A photo is wanted now."""
    device = _device(request, pk, Right.DEVICES)
    try:
        if not actions.ask(device=device, actor=person_of(request), now=clock.now()):
            messages.info(request, _("Vừa yêu cầu xong, ảnh đang trên đường về."))
    except DeviceError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('devices:detail', kwargs={'pk': pk})}#photo")


@require_POST
def schedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How often it takes one by itself."""
    device = _device(request, pk, Right.DEVICES)
    form = ScheduleForm(request.POST, device)
    if not channels.pictured(device.channel) or not form.is_valid():
        messages.error(request, _("Chưa lưu: hãy chọn một mức trong danh sách."))
    else:
        every = form.cleaned_data["every"]
        registry.change(device=device, photo_every=every, actor=person_of(request), now=clock.now())
        on = _("Đã lưu. Màn hình tự chụp mỗi khi đến hạn và đang chiếu tin.")
        messages.success(request, on if every else _("Đã lưu. Màn hình thôi tự chụp."))
    return redirect("devices:photos", pk=pk)


def context_of(request: HttpRequest, device: Device) -> dict[str, object]:
    """What the card of a device needs."""
    manages = may(person_of(request), Right.DEVICES, device.place_id)
    return {
        "device": device,
        "photos": queries.standing(device, clock.now()),
        "schedule_form": ScheduleForm(None, device),
        "may_manage": manages,
        "may_photograph": manages and device.status == "active" and bool(device.credential),
    }


def _device(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> Device:
    return get_object_or_404(devices(person_of(request), clock.today(), right), pk=pk)
