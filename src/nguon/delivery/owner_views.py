"""The page of somebody whose screen was requisitioned: all that was shown on it, and a word if it was not agreed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nguon.delivery import queries
from nguon.delivery.show import rows_of
from nguon.devices.models import Requisition
from nguon.devices.requisitions import actions
from nguon.devices.requisitions import queries as requisitions
from nguon.devices.requisitions.forms import BreachForm
from nguon.kit import clock

PAGE = 50


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest, token: str) -> HttpResponse:
    """Who has the link sees what was shown within the days agreed; POST: something was not agreed."""
    found = requisitions.by_token(token)
    if found is None:
        raise Http404
    form = BreachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.complain(requisition=found, words=form.cleaned_data["words"], now=clock.now())
        except actions.NotNow as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("Đã gửi tới cán bộ phụ trách. Nội dung được lưu cùng giờ gửi."))
            return redirect("delivery:owner", token=token)
    return _page(request, found, form)


def _page(request: HttpRequest, found: Requisition, form: BreachForm) -> HttpResponse:
    page = Paginator(queries.shown_for(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "it": found,
        "open": not requisitions.over(found, clock.now()),
        "page": page,
        "rows": rows_of(page),
        "form": form,
        "breaches": found.breaches.all(),
    }
    return render(request, "delivery/owner.html", context, status=422 if form.errors else 200)
