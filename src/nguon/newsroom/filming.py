"""A film that comes while a bulletin is written, how far it is, and a look at it: nothing of the bulletin is saved."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nguon.kit import clock
from nguon.media import films as media
from nguon.media import ranged
from nguon.media.errors import FilmRefused
from nguon.media.models import Film
from nguon.newsroom import films, queries
from nguon.newsroom.films import Reel
from nguon.people.asking import person_of


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """A film of the form, kept: the mark that names it from now on, or why it was refused."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    upload = request.FILES.get("film")
    if upload is None:
        return JsonResponse({"error": _("Chưa nhận được phim. Hãy chọn lại.")}, status=422)
    try:
        film = media.take_in(upload=upload, now=clock.now())
    except FilmRefused as error:
        return JsonResponse({"error": str(error)}, status=422)
    mark = films.mark(person, film.pk)
    return JsonResponse({"mark": mark, "url": reverse("newsroom:film-state", args=[mark])})


@require_safe
def state(request: HttpRequest, mark: str) -> HttpResponse:
    """How far a film is, as a piece of page that asks again until it is done."""
    film = films.marked(person_of(request), mark)
    if film is None:
        raise Http404
    editing = "soan" in request.GET
    reel = Reel(mark, film=film)
    response = render(request, "newsroom/parts/film.html", {"reel": reel, "editing": editing})
    if "HX-Request" in request.headers and not editing and not reel.waits:
        response["HX-Refresh"] = "true"  # the whole page of the bulletin says more than this piece
    return response


@require_safe
def look(request: HttpRequest, mark: str) -> HttpResponseBase:
    """What screens show of a film, for whoever was given its mark: whole or a range."""
    return _bytes(request, films.marked(person_of(request), mark))


@require_safe
def of_version(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """The same of a version, for whoever may see its bulletin."""
    bulletin = get_object_or_404(queries.bulletins(person_of(request), clock.now()), pk=pk)
    version = get_object_or_404(bulletin.versions.select_related("film__file"), number=number)
    return _bytes(request, version.film)


def _bytes(request: HttpRequest, film: Film | None) -> HttpResponseBase:
    if film is None or film.file is None:
        raise Http404
    return ranged.respond(request, film.file)
