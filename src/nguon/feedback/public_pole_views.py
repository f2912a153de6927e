"""The page behind the QR code on a pole or a board: it knows where it hangs, and what was played there lately."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from nguon.feedback import localities, poles
from nguon.kit import clock
from nguon.ui import public, skin


@login_not_required
@require_safe
def find_device(request: HttpRequest) -> HttpResponse:
    """For whoever cannot scan: the code of the sticker is typed."""
    typed = poles.typed(request.GET.get("ma", ""))
    if typed and poles.at(typed):
        return redirect("told:at-device", code=typed)
    context = {"typed": request.GET.get("ma", "")}
    return public.page(request, "feedback/public/find.html", context, status=404 if context["typed"] else 200)


@login_not_required
@require_safe
def at_device(request: HttpRequest, code: str) -> HttpResponse:
    """One pole: what was heard there, and quick words for what is wrong. It goes on below the site of its commune."""
    device, now = poles.at(code), clock.now()
    if device is None:
        return public.page(request, "feedback/public/find.html", {"typed": code}, status=404)
    on = clock.today()
    if skin.of(request).place is None and (url := poles.site_of(device.place_id, f"phan-anh/tai/{code}")):
        return redirect(url)
    context = {
        "device": device,
        "code": poles.typed(code),
        "heard": poles.heard(device, now),
        "noi": localities.holding(device.place, on).pk.hex,
        "quick": poles.QUICK,
        "onward": reverse("told:new"),
    }
    return public.page(request, "feedback/public/pole.html", context)
