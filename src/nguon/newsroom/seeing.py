"""The panel of the editor: what will be seen of what is being written. Nothing is saved."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nguon.newsroom import films, queries, shown
from nguon.newsroom.errors import told
from nguon.newsroom.forms import ShownForm
from nguon.newsroom.rules import Problem, problems
from nguon.newsroom.showing import issuer
from nguon.people.asking import person_of
from nguon.ports.channel import Wording

HINDERS = {  # what is lacking yet is no fault while one writes
    Problem.LONG_TITLE,
    Problem.LONG_BODY,
    Problem.LONG_LINK,
    Problem.LINK_WITHOUT_HTTP,
    Problem.NO_LINK,
    Problem.LONG_LABEL,
}


@require_POST
def page(request: HttpRequest) -> HttpResponse:
    """The words of the form as they would be shown on one channel."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    plug = shown.seen().get(request.GET.get("kenh", ""))
    if plug is None:
        raise Http404
    form = ShownForm(person, request.POST)
    draft = form.draft()
    limit = settings.NGUON_MAX_TEXT
    found = [one for one in problems(draft, limit) if one in HINDERS]
    refused = told(found, title=len(draft.title), body=len(draft.body), limit=limit)
    seen, film = form.seen(), form.film()
    written = bool(draft.title or draft.body or seen)
    wording = Wording(
        draft.title,
        draft.body,
        draft.language,
        issuer=issuer(*form.whose()),
        pictures=seen,
        link_url=draft.link_url,
        link_label=draft.link_label,
        film=films.shown(film) if film else None,
    )
    address = reverse("newsroom:film", args=[films.mark(person, film.pk)]) if film else ""
    if film and wording.film is None:
        made = shown.without(plug, film)
    else:
        made = shown.on(plug, wording, address) if (written and not refused) or film else None
    return render(request, "newsroom/parts/shown.html", {"one": made, "refused": list(refused.values())})
