"""Stickers with a QR code for poles and boards, to be printed by whoever manages them."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nguon.devices import queries as devices
from nguon.feedback import poles
from nguon.kit import clock
from nguon.people.asking import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """The stickers of one device (`may`) or of a locality (`noi`); POST gives codes to those that have none."""
    person, now = person_of(request), clock.now()
    asked = {name: request.GET[name] for name in ("noi", "may") if request.GET.get(name)}
    found = poles.managed(person, now, place=asked.get("noi", ""), device=asked.get("may", "")) if asked else []
    if not devices.manages_any(person, clock.local_day(now)):
        raise PermissionDenied
    if request.method == "POST" and found:
        made = poles.give_codes(found=found, actor=person, now=now)
        messages.success(request, _("Đã tạo mã cho %d thiết bị.") % made)
        return redirect(f"{reverse('feedback:stickers')}?{urlencode(asked)}")
    ready = poles.stickers(found, _base(request))
    on = clock.local_day(now)
    context = {
        "stickers": ready,
        "without": len(found) - len(ready),
        "asked": asked,
        "places": devices.place_labels(devices.manageable_places(person, on), on),
        "short": _base(request).partition("://")[2].rstrip("/"),
    }
    return render(request, "feedback/stickers/sheet.html", context)


def _base(request: HttpRequest) -> str:
    """The address of the page of a pole as everybody reaches it, without the code."""
    root = settings.NGUON_PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    return f"{root}{reverse('told:find-device')}/"
