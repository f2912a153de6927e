"""Pages of bulletins from above: the inbox of a place, choosing, declining, the order of priority ones, sending."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.newsroom import queries as bulletins
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import Forbidden, may
from nguon.programme import inbox, offering, where
from nguon.programme.models import Offer
from nguon.programme.offering import OfferRefused

SHOWN = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What came from above: what waits, what entered by itself in its order, what was decided."""
    person, on = person_of(request), clock.today()
    place = where.chosen(person, request.GET.get("place", ""), on)
    if place is None:
        raise Http404
    decided = inbox.offers(person).filter(place=place, state__in=[Offer.State.CHOSEN, Offer.State.DECLINED])
    context = {
        "place": place,
        "places": where.offered(person, place, on),
        "waiting": [(offer, inbox.sound(offer)) for offer in inbox.of_place(person, place, Offer.State.WAITING)],
        "ranked": inbox.ranked(place),
        "decided": decided.order_by("-decided_at")[:SHOWN],
        "slots": inbox.slots_to_choose(place),
        "may_change": may(person, Right.BROADCAST, place.pk),
    }
    return render(request, "programme/inbox.html", context)


@require_POST
def decide(request: HttpRequest, pk: int, do: str) -> HttpResponse:
    """Choose a bulletin into a slot, decline it, or take that back."""
    if do not in ("chon", "khong-dung", "mo-lai"):
        raise Http404
    person = person_of(request)
    offer = get_object_or_404(inbox.offers(person, Right.BROADCAST), pk=pk)
    try:
        if do == "chon":
            asked = request.POST.get("slot", "")
            slot = next((each for each in inbox.slots_to_choose(offer.place) if str(each.pk) == asked), None)
            if slot is None:
                raise OfferRefused(_("Hãy chọn khung giờ sẽ phát bản tin này."))
            offering.choose(offer=offer, slot=slot, actor=person, now=clock.now())
            messages.success(request, _("Sẽ phát trong buổi “%(name)s” kế tiếp.") % {"name": slot.programme.name})
        elif do == "khong-dung":
            offering.decline(offer=offer, actor=person, now=clock.now())
            messages.success(request, _("Đã ghi: không dùng bản tin này."))
        else:
            offering.reopen(offer=offer, actor=person, now=clock.now())
    except OfferRefused as error:
        messages.error(request, str(error))
    return _to(offer.place_id)


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """The order of priority bulletins, as dragged: ids of offers, with `own` where the place's own stand."""
    person = person_of(request)
    asked = request.POST.get("in", "")
    place = where.chosen(person, asked, clock.today(), Right.BROADCAST) if asked else None
    if place is None:
        raise Http404
    rows = request.POST.getlist("rank")
    at = rows.index("own") if "own" in rows else len(rows)
    before, after = ([int(row) for row in part if row.isdecimal()] for part in (rows[:at], rows[at:]))
    try:
        offering.order(place_id=place.pk, before=before, after=after, actor=person, now=clock.now())
    except OfferRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã lưu thứ tự."))
    return _to(place.pk)


@require_http_methods(["GET", "POST"])
def send_down(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer an approved bulletin to the places directly below its own."""
    person, now = person_of(request), clock.now()
    bulletin = get_object_or_404(bulletins.bulletins(person, now, Right.BROADCAST), pk=pk)
    below = inbox.below(bulletin, clock.today())
    if request.method == "POST":
        asked = set(request.POST.getlist("place"))
        try:
            chosen = [each.pk for each in below if str(each.pk) in asked]
            made = offering.send_down(bulletin=bulletin, place_ids=chosen, actor=person, now=now)
        except (OfferRefused, Forbidden) as error:
            messages.error(request, str(error))
        else:
            said = ngettext("Đã gửi xuống %(count)d nơi.", "Đã gửi xuống %(count)d nơi.", len(made))
            messages.success(request, said % {"count": len(made)})
        return redirect("schedule:offer", pk=pk)
    sent = inbox.sent_to(bulletin)
    context = {"bulletin": bulletin, "rows": [(each, sent.get(each.pk)) for each in below], "sent": sent}
    return render(request, "programme/offer.html", context)


def _to(place_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('schedule:inbox')}?place={place_id}")
