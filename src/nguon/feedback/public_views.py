"""Pages where people tell something: what and where, then photos and who. Without an account, and without scripts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nguon.devices import basemap
from nguon.devices.drawing import Point, usable
from nguon.feedback import actions, guarding, localities, own, poles, queries, readers, told_queries
from nguon.feedback.errors import CaseError, WrongTelling
from nguon.feedback.models import Case, Source
from nguon.feedback.rules import FINAL
from nguon.feedback.sizes import MOST_PHOTOS_MB
from nguon.feedback.told_forms import WhatForm, WhoForm
from nguon.kit import clock
from nguon.media.errors import MediaError
from nguon.places.models import Place
from nguon.ui import public, skin, words

AROUND = 0.025  # degrees: the map shows about 3 km on each side of the middle
PERMISSIONS = "camera=(), geolocation=(self), microphone=()"  # of the page that asks where it is
require_form = require_http_methods(["GET", "HEAD", "POST"])


def locality_of(request: HttpRequest) -> Place | None:
    """Where something is told: the locality of the site, or the one that was chosen; None: to be chosen."""
    of_site = skin.of(request).place
    if of_site is not None:
        return Place.objects.filter(pk=of_site).first()
    return localities.named(clock.today(), request.POST.get("noi") or request.GET.get("noi", ""))


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The ways: tell, follow, read what others told."""
    return public.page(request, "feedback/public/start.html")


@login_not_required
@require_form
def new(request: HttpRequest) -> HttpResponse:
    """GET begins; POST with `step` 1 or 2 goes on. Nothing is kept before the end."""
    locality = locality_of(request)
    if locality is None:
        context = {"localities": localities.all_of(clock.today()), "carried": request.GET.items()}
        return public.page(request, "feedback/public/choose.html", context)
    hamlets = localities.inside(locality, clock.today())
    if request.method != "POST":
        return _what(request, WhatForm(locality, hamlets, initial=_first(request)), locality, hamlets)
    what = WhatForm(locality, hamlets, request.POST)
    if met := request.POST.get("too"):
        return _met_too(request, met)
    if "back" in request.POST or not what.is_valid():
        return _what(request, what, locality, hamlets)
    chosen = told_queries.field(what.cleaned_data["field"])
    if request.POST.get("step") != "2":
        return _who(request, what, WhoForm(chosen), locality)
    return _sent(request, what, WhoForm(chosen, request.POST, request.FILES), locality)


def _first(request: HttpRequest) -> dict[str, Any]:
    """What is known before anything is typed: from a pole, with what was heard there and the quick word for it."""
    device = poles.at(request.GET.get("pole", ""))
    quick = poles.QUICK.get(request.GET.get("viec", "")) if device else None
    if device is None:
        return {"place": request.GET.get("thon", "")}
    begun, key = (str(quick[0]), quick[1]) if quick else ("", "")
    known = {"place": device.place_id.hex, "pole": request.GET["pole"], "where": device.address}
    return {**known, "heard": request.GET.get("tin", ""), "words": begun, "field": key}


def _what(request: HttpRequest, form: WhatForm, locality: Place, hamlets: Iterable[Place]) -> HttpResponse:
    """The first step."""
    device = poles.at(form["pole"].value() or "")
    heard = poles.broadcast_at(device, form["heard"].value() or "")
    context = {
        "form": form,
        "locality": locality,
        "device": device,
        "heard": heard,
        "map": None if device else basemap.picker(_points(locality, hamlets)),
    }
    wrong = form.is_bound and bool(form.errors)
    answer = public.page(request, "feedback/public/what.html", context, form=True, status=422 if wrong else 200)
    answer.headers["Permissions-Policy"] = PERMISSIONS
    return answer


def _points(locality: Place, hamlets: Iterable[Place]) -> list[Point]:
    """What the map shows first: the hamlets, and the surroundings of the locality, to be known by."""
    middle = usable(locality.latitude, locality.longitude)
    around = ((AROUND, AROUND), (-AROUND, -AROUND)) if middle else ()
    found = [usable(one.latitude, one.longitude) for one in hamlets]
    return [point for point in found if point] + [(middle[0] + x, middle[1] + y) for x, y in around if middle]


def _who(request: HttpRequest, what: WhatForm, form: WhoForm, locality: Place) -> HttpResponse:
    """The second step, with what may be the same."""
    found = what.cleaned_data
    point = (found["latitude"], found["longitude"])
    chosen = told_queries.field(found["field"])
    may_look = readers.few_looks(request, clock.now())
    alike = told_queries.alike(found["words"], UUID(found["place"]), point, chosen) if may_look else []
    context = {
        "form": form,
        "what": what,
        "locality": locality,
        "place": dict(what.fields["place"].choices)[found["place"]],  # type: ignore[attr-defined]
        "chosen": chosen,
        "suggested": None if chosen else told_queries.suggested(found["words"], UUID(found["place"]), clock.now()),
        "alike": [(one, readers.offered(one)) for one in alike],
        "others": told_queries.others_alike(found["words"], UUID(found["place"]), chosen) if may_look else 0,
        "closed": FINAL,
        "wording": queries.wording(clock.now()),
        "challenge": guarding.challenge(clock.now()),
        "most_mb": MOST_PHOTOS_MB,
    }
    wrong = form.is_bound and bool(form.errors)
    answer = public.page(request, "feedback/public/who.html", context, form=True, status=422 if wrong else 200)
    readers.give_mark(request, answer)
    return answer


def _sent(request: HttpRequest, what: WhatForm, who: WhoForm, locality: Place) -> HttpResponse:
    """Take it in, or say why not: nothing that was typed is lost."""
    now = clock.now()
    if (before := readers.sent_before(request.POST.get("token", ""))) is not None:
        return _receipt_of(*before)  # the answer to the first time was lost
    if not who.is_valid():
        return _who(request, what, who, locality)
    try:
        taken = actions.take_in(told=_told(request, what, who), actor=None, now=now)
    except WrongTelling as error:
        who.add_error("photos" if error.field == "photos" else None, str(error))
    except MediaError as error:
        who.add_error("photos", str(error))
    except CaseError as error:
        who.add_error(None, str(error))
    else:
        readers.remember_sent(who.cleaned_data["token"], taken.case, taken.tail)
        return _receipt_of(taken.case, taken.tail)
    return _who(request, what, who, locality)


def _receipt_of(case: Case, tail: str) -> HttpResponse:
    done = redirect("told:receipt")
    own.keep(done, case, tail)
    return done


def _told(request: HttpRequest, what: WhatForm, who: WhoForm) -> actions.Told:
    """What was told, as the action takes it."""
    found, person = what.cleaned_data, who.cleaned_data
    device = poles.at(found["pole"])
    heard = poles.broadcast_at(device, found["heard"])
    chosen = told_queries.field(found["field"])
    return actions.Told(
        words=found["words"],
        place_id=UUID(found["place"]),
        source=Source.POLE if device else Source.WEB,
        field_id=chosen.pk if chosen else None,
        name=person["name"],
        phone=person["phone"],
        where=found["where"],
        latitude=found["latitude"],
        longitude=found["longitude"],
        device_id=device.pk if device else None,
        broadcast_id=heard.pk if heard else None,
        happened_at=found["happened_at"],
        answers=who.answers(),
        photos=tuple(person["photos"]),
        consents=who.consents(),
        share=person["share"],
        origin=request.META.get("REMOTE_ADDR", ""),
        proof=f"{person['token']}:{person['nonce']}",
        trap=person[guarding.TRAP],
    )


def _met_too(request: HttpRequest, met: str) -> HttpResponse:
    """Somebody found their own matter among those that are alike."""
    case, now = readers.chosen(met), clock.now()
    mark = readers.mark_of(request)
    if case is None or not mark or not readers.few_too(request, now):
        why = _("Chưa ghi nhận được. Hãy cho phép trang này lưu cookie, hoặc gửi phản ánh của bạn.")
        return public.page(request, "feedback/public/met.html", {"why": why}, form=True, status=422)
    counted = actions.too(case=case, mark=mark, now=now)
    return public.page(request, "feedback/public/met.html", {"case": case, "counted": counted}, form=True)


@login_not_required
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Code, digits and what happens next, for half an hour after sending."""
    found = own.of(request)
    if found is None or not found.tail:
        return public.page(request, "feedback/public/gone.html", {}, form=True, status=403)
    context = {
        "case": found.case,
        "tail": found.tail,
        "accept": words.when(found.case.accept_by, clock.now()),
        "answer": words.when(found.case.answer_by, clock.now()),
        "follow": request.build_absolute_uri(reverse("told:follow")),
    }
    return public.page(request, "feedback/public/receipt.html", context, form=True)
