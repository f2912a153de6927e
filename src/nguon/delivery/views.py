"""Pages on broadcasts: what went out, how far each device is, and the stop."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nguon.delivery import actions, queries
from nguon.delivery.models import OPEN, Broadcast, State
from nguon.delivery.show import Shown, rows_of, shares_of
from nguon.devices.photos import queries as photos
from nguon.kit.clock import now
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import may, require

PHOTOS = 24  # of screens on that page
SHOWN = 300  # devices on the page of a broadcast, which asks for itself each second; the bar counts all
FILTERS: dict[str, tuple[str | Promise, tuple[State, ...]]] = {
    "": (gettext_lazy("Tất cả"), tuple(state for state in State if state != State.PLANNED)),
    "dang-phat": (gettext_lazy("Đang phát"), (State.QUEUED, State.LIVE)),
    "da-xong": (gettext_lazy("Đã xong"), (State.DONE,)),
    "khong-tron": (gettext_lazy("Đã dừng, hết hạn"), (State.STOPPED, State.EXPIRED)),
}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All broadcasts one may see, newest first."""
    chosen = request.GET.get("loc", "")
    _label, states = FILTERS.get(chosen, FILTERS[""])
    found = queries.broadcasts(person_of(request)).filter(state__in=states).order_by("-issued_at")
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    rows = [Shown(broadcast) for broadcast in queries.counted(page)]
    tabs = [(f"?loc={key}" if key else "?", label, key == chosen) for key, (label, _states) in FILTERS.items()]
    return render(request, "delivery/list.html", {"page": page, "rows": rows, "chosen": chosen, "tabs": tabs})


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One broadcast."""
    found = photos.of_broadcast(person_of(request), pk)
    seen = {"photos": found[:PHOTOS], "more_photos": max(found.count() - PHOTOS, 0)}
    return render(request, "delivery/detail.html", _context(request, pk) | seen)


@require_GET
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that moves, asked for each second while it is not over."""
    return render(request, "delivery/_progress.html", _context(request, pk))


def _context(request: HttpRequest, pk: UUID) -> dict[str, object]:
    asking = person_of(request)
    broadcast = get_object_or_404(queries.broadcasts(asking), pk=pk)
    found = queries.deliveries(asking, broadcast)
    rows, shares = rows_of(found[:SHOWN]), shares_of(found)
    stoppable = broadcast.state in OPEN and may(asking, Right.BROADCAST, broadcast.place_id)
    moving = broadcast.state in (State.QUEUED, State.LIVE) or any(row.moving(now()) for row in rows)
    return {
        "broadcast": broadcast,
        "shown": Shown(broadcast),
        "rows": rows,
        "shares": shares,
        "hidden": max(sum(number for _kind, number, _words in shares) - SHOWN, 0),
        "stoppable": stoppable,
        "moving": moving,
        "targets": queries.target_names(broadcast),
    }


@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop it everywhere: one tap and a confirm."""
    asking = person_of(request)
    broadcast: Broadcast = get_object_or_404(queries.broadcasts(asking), pk=pk)
    require(asking, Right.BROADCAST, broadcast.place_id)
    if actions.stop(broadcast=broadcast, actor=asking, now=now()):
        messages.success(request, _("Đã gửi lệnh dừng tới mọi thiết bị của lượt phát này."))
    else:
        messages.info(request, _("Lượt phát này đã kết thúc từ trước."))
    return redirect("delivery:detail", pk=pk)
