"""Pages of the music of places: what there is, adding, renaming, ending, what is usual."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.media import music_actions, music_queries
from nguon.media.errors import MediaError
from nguon.media.models import Music
from nguon.media.music_forms import MusicForm, PlaceChoice, UsualForm
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.places.models import Place


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The music a place may use, and with which its new bulletins begin."""
    person, on = person_of(request), clock.today()
    place = music_queries.chosen_place(person, request.GET.get("place", ""), on)
    if place is None:
        raise Http404
    usual, offered = music_queries.usual(place.pk, on), music_queries.offered([place.pk], on)
    context = {
        "place": place,
        "choice": PlaceChoice(music_queries.places_shown(person, place, on), initial={"place": place}),
        "pieces": music_queries.pieces(person, place, on),
        "usual": usual,
        "usual_form": UsualForm(usual, offered),
        "may_change": music_queries.places_of(person, Right.WRITE, on).filter(pk=place.pk).exists(),
    }
    return render(request, "media/music.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new piece."""
    person = person_of(request)
    if not music_queries.places_of(person, Right.WRITE, clock.today()).exists():
        raise PermissionDenied
    begun = {
        "kind": Music.Kind.JINGLE,
        "place": music_queries.chosen_place(person, request.GET.get("place", ""), clock.today()),
    }
    form = MusicForm(person, request.POST or None, request.FILES or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        place: Place = given["place"]
        try:
            music_actions.add(
                place_id=place.pk,
                kind=given["kind"],
                name=given["name"],
                upload=given["sound"],
                actor=person,
                now=clock.now(),
            )
        except music_actions.NameRefused as error:
            form.add_error("name", str(error))
        except MediaError as error:
            form.add_error("sound", str(error))
        else:
            messages.success(request, _("Đã thêm nhạc. Nghe lại để chắc là đúng."))
            return _to(place.pk)
    return render(request, "media/music_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def usual(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what is usual at a place."""
    person, on = person_of(request), clock.today()
    place = music_queries.places_of(person, Right.WRITE, on).filter(pk=pk).first()
    if place is None:
        raise Http404
    form = UsualForm(music_queries.usual(pk, on), music_queries.offered([pk], on), request.POST)
    if not form.is_valid():
        messages.error(request, _("Chưa lưu được: có nhạc vừa thôi dùng. Hãy chọn lại."))
    elif music_actions.set_usual(place_id=pk, wanted=form.wanted(), actor=person, now=clock.now()):
        messages.success(request, _("Đã lưu. Bản tin soạn mới sẽ bắt đầu với nhạc này."))
    return _to(pk)


@require_POST
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name."""
    music = _music(request, pk)
    try:
        music_actions.rename(music=music, name=request.POST.get("name", ""), actor=person_of(request), now=clock.now())
    except MediaError as error:
        messages.error(request, str(error))
    return _to(music.place_id)


@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer it no more."""
    music = _music(request, pk)
    music_actions.end(music=music, actor=person_of(request), now=clock.now())
    messages.success(request, _("Đã thôi dùng “%(name)s”.") % {"name": music.name})
    return _to(music.place_id)


def _music(request: HttpRequest, pk: UUID) -> Music:
    music = music_queries.music(person_of(request), pk)
    if music is None:
        raise Http404
    return music


def _to(place_id: UUID) -> HttpResponse:
    return redirect(f"{reverse('media:music')}?place={place_id}")
