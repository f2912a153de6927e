"""The officer's page of requisitions of one device."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nguon.devices.models import Device, Requisition
from nguon.devices.queries import devices
from nguon.devices.requisitions import actions, queries, rules
from nguon.devices.requisitions.forms import TermsForm
from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.rules import Right


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was laid down for a device, with the owners' links; POST lays down another."""
    device, person, now = _device(request, pk), person_of(request), clock.now()
    form = TermsForm(request.POST or None, initial={"first_day": clock.today(), "last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.begin(device=device, terms=form.terms(), actor=person, now=now)
        except rules.Wrong as wrong:
            form.add_error(wrong.field, _(str(wrong)))
        else:
            messages.success(request, _("Đã ghi nhận. Ngoài khung giờ này bảng từ chối mọi lệnh."))
            return redirect("devices:requisitions", pk=pk)
    rows = [(one, not queries.over(one, now), _link(request, one)) for one in queries.of_device(device)]
    context = {"device": device, "form": form, "rows": rows}
    return render(request, "devices/requisitions.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, pk: UUID, requisition: UUID) -> HttpResponse:
    """Give the screen back now."""
    device = _device(request, pk)
    found = get_object_or_404(Requisition.objects.select_related("device"), pk=requisition, device=device)
    if actions.end(requisition=found, actor=person_of(request), now=clock.now()):
        messages.success(request, _("Đã kết thúc. Bảng thôi nhận lệnh ngay khi nhận được tin này."))
    return redirect("devices:requisitions", pk=pk)


def _device(request: HttpRequest, pk: UUID) -> Device:
    return get_object_or_404(devices(person_of(request), clock.today(), Right.DEVICES), pk=pk)


def _link(request: HttpRequest, one: Requisition) -> str:
    return request.build_absolute_uri(reverse("delivery:owner", args=[queries.token_of(one)]))
