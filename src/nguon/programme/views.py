"""Pages of placing: where, when, one sentence of what will happen, and off it goes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.newsroom import queries as bulletins
from nguon.newsroom.errors import NewsroomError
from nguon.newsroom.models import Bulletin
from nguon.newsroom.queries import Stated
from nguon.people.asking import person_of
from nguon.people.rules import Right
from nguon.people.scope import Forbidden, may
from nguon.programme import actions, queries, rules
from nguon.programme.forms import PlaceForm


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The broadcast form of an approved bulletin."""
    bulletin, person, now = _bulletin(request, pk, Right.BROADCAST), person_of(request), clock.now()
    if bulletin.state != "approved":
        messages.error(request, _("Bản tin chưa được duyệt hoặc không còn hiệu lực nên chưa phát được."))
        return redirect("newsroom:detail", pk=pk)
    form = _form(request, bulletin)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.place(
                bulletin=bulletin,
                targets=form.targets(),
                start_at=form.start(),
                expires_at=form.cleaned_data["expires_at"],
                actor=person,
                now=now,
            )
        except (actions.ProgrammeError, Forbidden) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã chuyển đi phát."))
            return redirect("delivery:detail", pk=made.pk)
    context = _context(request, bulletin, form)
    return render(request, "programme/place.html", context, status=422 if form.errors else 200)


@require_POST
def reach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What would happen with what is ticked so far: a piece of the page."""
    bulletin = _bulletin(request, pk, Right.BROADCAST)
    form = _form(request, bulletin)
    form.is_valid()
    return render(request, "programme/parts/reach.html", {"preview": _preview(request, bulletin, form), "form": form})


@require_GET
def broadcasts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The broadcasts of a bulletin: a piece of its page."""
    bulletin = _bulletin(request, pk, Right.VIEW)
    person = person_of(request)
    context = {
        "broadcasts": queries.broadcasts(person, bulletin),
        "bulletin": bulletin,
        "outdated": [one.pk for one in queries.outdated(bulletin)],
        "may_stop": may(person, Right.BROADCAST, bulletin.place_id),
    }
    return render(request, "programme/parts/broadcasts.html", context)


@require_POST
def stop_outdated(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop what still goes out with an earlier wording."""
    bulletin = _bulletin(request, pk, Right.BROADCAST)
    stopped = actions.stop_outdated(bulletin=bulletin, actor=person_of(request), now=clock.now())
    words = ngettext("Đã dừng %(count)d lượt phát bản cũ.", "Đã dừng %(count)d lượt phát bản cũ.", stopped)
    messages.success(request, words % {"count": stopped})
    return redirect("newsroom:detail", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a bulletin and stop it wherever it is."""
    bulletin = _bulletin(request, pk, Right.VIEW)
    if not bulletins.abilities(person_of(request), bulletin).withdraw and bulletin.withdrawn_at is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        stopped = actions.withdraw(bulletin=bulletin, reason=reason, actor=person_of(request), now=clock.now())
    except NewsroomError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _told(stopped))
    return redirect("newsroom:detail", pk=pk)


def _bulletin(request: HttpRequest, pk: UUID, right: Right) -> Stated:
    return get_object_or_404(bulletins.bulletins(person_of(request), clock.now(), right), pk=pk)


def _form(request: HttpRequest, bulletin: Bulletin) -> PlaceForm:
    offered = rules.default_expiry(clock.now(), bulletin.valid_to)
    return PlaceForm(request.POST if request.method == "POST" else None, expires_at=offered)


def _context(request: HttpRequest, bulletin: Bulletin, form: PlaceForm) -> dict[str, Any]:
    version = bulletins.newest(bulletin)
    kinds = queries.kinds(version)
    chosen = form.targets() if form.is_bound and hasattr(form, "cleaned_data") else None
    return {
        "bulletin": bulletin,
        "version": version,
        "rendition": bulletins.rendition(version),
        "form": form,
        "choices": queries.choices(person_of(request), kinds, clock.today()),
        "chosen": {*chosen.places, *chosen.groups, *chosen.devices} if chosen else set(),
        "preview": _preview(request, bulletin, form) if chosen else None,
    }


def _preview(request: HttpRequest, bulletin: Bulletin, form: PlaceForm) -> queries.Preview | None:
    expires_at = form.cleaned_data.get("expires_at")
    if not form.targets() or expires_at is None or form.errors:
        return None
    return queries.preview(
        person_of(request),
        targets=form.targets(),
        kinds=queries.kinds(bulletins.newest(bulletin)),
        start_at=form.start(),
        expires_at=expires_at,
        now=clock.now(),
    )


def _told(stopped: int) -> str:
    if not stopped:
        return _("Đã rút bản tin.")
    words = ngettext(
        "Đã rút bản tin và dừng %(count)d lượt phát.", "Đã rút bản tin và dừng %(count)d lượt phát.", stopped
    )
    return words % {"count": stopped}
