"""Pages of the loudspeakers of a site's place: their timetable, and what they said in the last days."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from nguon.channels.site import air
from nguon.channels.site.public_views import site_of
from nguon.kit import clock
from nguon.media import ranged
from nguon.programme import timetable as times
from nguon.programme import words
from nguon.ui import public

SOUND = "public, max-age=60"  # not longer: what is taken back must fall silent


@login_not_required
@require_safe
def timetable(request: HttpRequest) -> HttpResponse:
    """Seven days at the loudspeakers of the place."""
    return _timetable(request, None)


@login_not_required
@require_safe
def hamlet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same of one hamlet."""
    return _timetable(request, pk)


def _timetable(request: HttpRequest, pk: UUID | None) -> HttpResponse:
    site, now = site_of(request), clock.now()
    near = air.hamlets(site, now)
    chosen = next((one for one in near if one.pk == pk), None)
    if pk and chosen is None:
        raise Http404
    days = times.of_today(times.week(chosen.pk if chosen else site.place_id, now), now)
    context = {
        "place": chosen or site.place,
        "chosen": chosen,
        "hamlets": near,
        "days": [(day, words.weekday(day.day)) for day in days],
        "any": any(day.lines for day in days),
        "today": clock.local_day(now),
    }
    return public.page(request, "site/timetable.html", context)


@login_not_required
@require_safe
def listen(request: HttpRequest) -> HttpResponse:
    """What was said in the last days."""
    site = site_of(request)
    return public.page(request, "site/listen.html", {"site": site, "heard": air.heard(site, clock.now())})


@login_not_required
@require_safe
def again(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The sound of one of these, and of nothing else."""
    found = next((one for one in air.heard(site_of(request), clock.now()) if one.id == pk), None)
    if found is None:
        raise Http404
    answer = ranged.respond(request, found.file)
    answer.headers["Cache-Control"] = SOUND
    return answer
