"""The editor's page. With script it is never left on a refusal, so that neither words nor a recording are lost."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nguon.kit import clock
from nguon.media.errors import MediaError
from nguon.newsroom import actions, films, kept, queries, shown
from nguon.newsroom.errors import Conflict, NewsroomError, Unfit
from nguon.newsroom.forms import SOUND, EditorForm, asked_voice, starting
from nguon.newsroom.models import Bulletin, Version
from nguon.people.asking import person_of
from nguon.people.rules import Right


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A bulletin that does not exist yet; the first save makes it."""
    if not queries.may_write(person_of(request)):
        raise PermissionDenied
    return _editor(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A bulletin that exists; saving changed words makes a new version."""
    bulletin = get_object_or_404(queries.bulletins(person_of(request), clock.now(), Right.WRITE), pk=pk)
    if bulletin.withdrawn_at is not None:
        messages.error(request, _("Bản tin đã rút, không sửa được nữa. Hãy soạn bản tin mới."))
        return redirect("newsroom:detail", pk=pk)
    return _editor(request, bulletin)


@require_GET
def voices(request: HttpRequest) -> HttpResponse:
    """The field of the voice for another place: each has voices of its own."""
    person = person_of(request)
    if not queries.may_write(person):
        raise PermissionDenied
    form = EditorForm(person, initial=starting(person) | asked_voice(person, request.GET))
    return render(request, "newsroom/parts/voice.html", {"form": form})


def _editor(request: HttpRequest, bulletin: Bulletin | None) -> HttpResponse:
    person = person_of(request)
    version = queries.newest(bulletin) if bulletin else None
    if request.method != "POST":
        form = EditorForm(person, version=version)
        if version is None:
            form.initial = {**form.initial, **kept.offered(person, request.GET, SOUND)}
        return _page(request, form, version)
    form = EditorForm(person, request.POST, request.FILES, version=version)
    theirs = None
    if form.is_valid():
        try:
            return _saved(request, _save(request, form, bulletin))
        except Conflict as conflict:
            theirs = conflict.theirs
            form.add_error(None, str(conflict))
        except Unfit as unfit:
            for name, words in unfit.fields.items():
                form.add_error(name, words)
        except MediaError as error:
            form.add_error("sound", str(error))
        except NewsroomError as error:
            form.add_error(None, str(error))
    return _refused(request, form, version, theirs)


def _save(request: HttpRequest, form: EditorForm, bulletin: Bulletin | None) -> Version:
    return actions.save(
        bulletin=bulletin,
        seen=form.cleaned_data["seen"] or 0,
        draft=form.draft(),
        details=form.details(),
        sound=form.given(),
        hear=request.POST.get("do") == "hear",
        reread=form.cleaned_data["reread"],
        actor=person_of(request),
        now=clock.now(),
    )


def _saved(request: HttpRequest, version: Version) -> HttpResponse:
    """To the bulletin's page after saving; the audio under way, without leaving the page, after asking to hear."""
    detail = reverse("newsroom:detail", args=[version.bulletin_id])
    # what the browser kept of this text is not needed any more
    saved: dict[str, Any] = {"draft-saved": {"target": "#editor", "key": f"bulletin-{version.bulletin_id}"}}
    if "HX-Request" not in request.headers:
        messages.success(request, _("Đã lưu."))
        return redirect(detail)
    if request.POST.get("do") != "hear":
        messages.success(request, _("Đã lưu."))
        return HttpResponse(headers={"HX-Redirect": detail, "HX-Trigger": json.dumps(saved)})
    bulletin = queries.bulletins(person_of(request), clock.now()).get(pk=version.bulletin_id)
    context = {
        "bulletin": bulletin,
        "version": version,
        "rendition": queries.rendition(version),
        "reel": films.of_version(person_of(request), queries.newest(version.bulletin)),
        "can": queries.abilities(person_of(request), bulletin),
    }
    response = render(request, "newsroom/parts/answer.html", context)
    response["HX-Replace-Url"] = reverse("newsroom:edit", args=[version.bulletin_id])
    response["HX-Trigger"] = json.dumps(saved | {"toast": _("Đã lưu")})
    return response


def _refused(request: HttpRequest, form: EditorForm, version: Version | None, theirs: Version | None) -> HttpResponse:
    comparison = None
    if theirs is not None:
        mine = form.draft()
        comparison = queries.compared_words(theirs, mine.title, mine.body)
        form.data = {**request.POST.dict(), "seen": str(theirs.number)}  # saving again after reading theirs is meant
    context = {"form": form, "version": version, "theirs": theirs, "comparison": comparison}
    if "HX-Request" in request.headers:
        response = render(request, "newsroom/parts/refused.html", context | {"swap": theirs is not None}, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#refused", "innerHTML show:window:top"
        return response
    return render(request, "newsroom/editor.html", context | _beside(version), status=422)


def _page(request: HttpRequest, form: EditorForm, version: Version | None) -> HttpResponse:
    return render(request, "newsroom/editor.html", {"form": form, "version": version} | _beside(version))


def _beside(version: Version | None) -> dict[str, Any]:
    """What stands beside the text: a place for what is seen, and what is heard of a version."""
    beside: dict[str, Any] = {"shown": shown.empty()}
    return (
        beside if version is None else beside | {"bulletin": version.bulletin, "rendition": queries.rendition(version)}
    )
