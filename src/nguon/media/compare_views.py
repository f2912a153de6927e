"""Pages on which voices are heard side by side on one's own sentence, and one is chosen for a place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nguon.kit import clock
from nguon.kit.text import clean
from nguon.media import account_queries, accounts, offers, trial_queries, trials
from nguon.media.errors import MediaError
from nguon.media.offers import Offered
from nguon.media.trial_queries import Heard
from nguon.media.voice_forms import ChoiceForm, CompareForm, PlaceForm
from nguon.media.voice_words import sample
from nguon.people.asking import person_of
from nguon.places.models import Place

TICKED = 4  # voices that are ticked at first


def _place(request: HttpRequest) -> UUID:
    """The place the page is for: the one asked for, else the person's own. Raises PermissionDenied without any."""
    person, now = person_of(request), clock.now()
    reach = account_queries.may_use_at(person, clock.local_day(now))
    data = request.POST if request.method == "POST" else request.GET
    found = PlaceForm(data).asked(reach, account_queries.own_place(person, now))
    if found is None:
        raise PermissionDenied
    return found


@require_GET
def voices(request: HttpRequest) -> HttpResponse:
    """The voices of a place; `?cau=` is a sentence to begin with."""
    place = _place(request)
    offered = offers.offered(place, clock.now())
    text = clean(request.GET.get("cau", ""))[: trials.LONGEST] or sample()
    form = CompareForm(person_of(request), offered=offered, initial={"place": str(place), "text": text})
    form.initial["voices"] = _at_first(form)
    return _page(request, form, place, offered)


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Have the ticked voices say the sentence."""
    place, now, person = _place(request), clock.now(), person_of(request)
    offered = offers.offered(place, now)
    form = CompareForm(person, request.POST, offered=offered)
    if form.is_valid():
        names = form.cleaned_data["voices"]
        try:
            batch = trials.compare(place_id=place, text=form.cleaned_data["text"], names=names, actor=person, now=now)
        except MediaError as error:
            form.add_error("voices", str(error))
        else:
            return redirect("media:compared", batch=batch)
    return _page(request, form, place, offered, status=422)


@require_GET
def compared(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What was asked for together, as it comes; the form stands under it as it was sent."""
    person = person_of(request)
    found = trial_queries.batch(person, batch)
    if not found:
        raise Http404
    trial = found[0].trial
    names = [one.trial.rendition.voice for one in found]
    initial = {"place": str(trial.place_id), "text": trial.text, "voices": names}
    offered = offers.offered(trial.place_id, clock.now())
    form = CompareForm(person, offered=offered, initial=initial)
    return _page(request, form, trial.place_id, offered, found=found)


@require_GET
def trial(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One trial: a piece of a page that asks again until it is done."""
    found = trial_queries.one(person_of(request), pk)
    if found is None:
        raise Http404
    chosen = offers.default_voice(found.trial.place_id, clock.now())
    alone = "rieng" in request.GET
    response = render(request, "media/voices/trial.html", {"heard": found, "chosen": chosen, "alone": alone})
    if alone and found.final and "HX-Request" in request.headers:
        response["HX-Refresh"] = "true"  # the page of the account around it says more now
    return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Let the bulletins of a place begin with a voice."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    try:
        accounts.choose_voice(place_id=data["place"], voice=data["voice"], actor=person_of(request), now=clock.now())
    except MediaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Từ nay bản tin mới bắt đầu bằng giọng này.") if data["voice"] else _("Đã bỏ."))
    if data["back"]:
        return redirect("media:compared", batch=data["back"])
    return redirect(f"{reverse('media:voices')}?place={data['place']}")


def _page(
    request: HttpRequest,
    form: CompareForm,
    place: UUID,
    offered: Offered,
    found: list[Heard] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "place": Place.objects.get(pk=place),
        "chosen": offered.default,
        "begins": next((one for one in offered.voices if one.name == offered.default), None),
        "own_choice": offers.chosen_at(place),
        "found": found or [],
        "may_manage": account_queries.manages_any(person_of(request)),
        "most": trials.MOST,
    }
    return render(request, "media/voices/compare.html", context, status=status)


def _at_first(form: CompareForm) -> list[str]:
    """The voices that are ticked on an empty page: the first of each region, then more, and none that cannot speak."""
    able = [[one.name for one in found if one.mark in ("", "near")] for _words, found in form.groups]
    firsts = [names[0] for names in able if names]
    rest = [name for names in able for name in names[1:]]
    return (firsts + rest)[:TICKED]
