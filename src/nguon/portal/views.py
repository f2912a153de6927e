"""The office of sites: which there are, how each stands, who runs it, where it is, open or closed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from nguon.kit import clock
from nguon.media import pictures
from nguon.media.errors import PictureRefused
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.portal import actions, office, queries, rules, skins, words
from nguon.portal.errors import PortalError
from nguon.portal.following import queries as following
from nguon.portal.forms import AboutForm, AddressForm, CloseForm, NewSiteForm, own_place
from nguon.portal.models import Site


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The sites of a person's places, and how each stands."""
    person, now = person_of(request), clock.now()
    rows = [(one, words.short(one)) for one in office.standings(office.seen(person), now)]
    return render(request, "portal/list.html", {"rows": rows, "missing": office.without_site(person)})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a site for a place that has none."""
    person = person_of(request)
    places = office.without_site(person)
    if not places.exists():
        raise PermissionDenied
    wanted = own_place(places, request.GET.get("don-vi", ""))
    form = NewSiteForm(places, request.POST or None, initial=_first(wanted))
    if request.method == "POST" and form.is_valid():
        try:
            site = actions.create_site(**form.cleaned_data, actor=person, now=clock.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã tạo trang với đủ các mục. Điền thông tin rồi mở cho dân."))
            return redirect("portal:settings", pk=site.pk)
    return render(request, "portal/new.html", {"form": form}, status=422 if form.errors else 200)


def _first(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {}
    name = _("Trang thông tin điện tử %s") % place
    return {"place": place, "name": name, "slug": rules.slug_of(place.name)}


@require_GET
def site(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One site: what is there, what is empty, what is too old, and what to do."""
    person, now = person_of(request), clock.now()
    found: Site = get_object_or_404(office.seen(person), pk=pk)
    standing = office.standing(found, now)
    context = {
        "site": found,
        "standing": standing,
        "rows": [words.told(row) for row in standing.rows],
        "short": words.short(standing),
        "lacking": [_(said) for said in rules.lacking({name: getattr(found, name) for name in rules.NEEDED})],
        "address": _address(request, found),
        "followers": following.count(found),
        **_rights(person, found),
    }
    return render(request, "portal/site.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who runs a site and how it looks."""
    person = person_of(request)
    found: Site = get_object_or_404(queries.sites(person), pk=pk)
    form = AboutForm(request.POST or None, request.FILES or None, initial=AboutForm.first(found))
    if request.method == "POST" and form.is_valid() and _kept(form, found, person):
        messages.success(request, _("Đã lưu."))
        return redirect("portal:site", pk=pk)
    context = {"site": found, "form": form, "needed": ", ".join(_(said) for said in rules.NEEDED.values())}
    return render(request, "portal/settings.html", context, status=422 if form.errors else 200)


def _kept(form: AboutForm, site: Site, person: Person) -> bool:
    """Whether it was kept; if not, the form says why."""
    now, upload = clock.now(), form.cleaned_data["emblem"]
    try:
        emblem = pictures.take_in(upload=upload, now=now).file if upload else None
        actions.describe(site=site, about=form.about(), actor=person, now=now)
    except PictureRefused as error:
        form.add_error("emblem", str(error))
        return False
    except PortalError as error:
        form.add_error(None, str(error))
        return False
    if emblem is not None or form.cleaned_data["no_emblem"]:
        actions.set_emblem(site=site, file=emblem, actor=person, now=now)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a site stands on the web: its path, its own name."""
    person = person_of(request)
    found: Site = get_object_or_404(queries.sites(person, Right.PLACES), pk=pk)
    form = AddressForm(request.POST or None, initial={"slug": found.slug, "host": found.host})
    if request.method == "POST" and form.is_valid():
        try:
            given = {**form.cleaned_data, "asked": request.get_host()}
            actions.set_address(site=found, **given, actor=person, now=clock.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã đổi địa chỉ của trang."))
            return redirect("portal:site", pk=pk)
    context = {"site": found, "form": form, "address": _address(request, found)}
    return render(request, "portal/address.html", context, status=422 if form.errors else 200)


@require_POST
def open_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a site to everybody."""
    found: Site = get_object_or_404(queries.sites(person_of(request)), pk=pk)
    try:
        actions.open_site(site=found, actor=person_of(request), now=clock.now())
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("portal:settings", pk=pk)
    messages.success(request, _("Trang đã mở cho dân."))
    return redirect("portal:site", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a site no more, and where its addresses lead then; of a closed one, where they lead now."""
    person, now = person_of(request), clock.now()
    found: Site = get_object_or_404(queries.sites(person), pk=pk)
    given = request.POST if request.method == "POST" else None  # an empty one is an answer too: no other site
    form = CloseForm(queries.open_besides(found, now), given, initial={"successor": found.successor_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_site(site=found, successor=form.cleaned_data["successor"], actor=person, now=now)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Trang đã đóng. Nội dung vẫn được giữ."))
            return redirect("portal:site", pk=pk)
    context = {"site": found, "form": form, "address": _address(request, found)}
    return render(request, "portal/close.html", context, status=422 if form.errors else 200)


@require_safe
def emblem(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The emblem of a site."""
    found: Site = get_object_or_404(office.seen(person_of(request)), pk=pk)
    if found.emblem is None:
        raise Http404
    return HttpResponse(pictures.bytes_of(found.emblem), content_type=pictures.MIME)


def _rights(person: Person, site: Site) -> dict[str, bool]:
    return {
        "may_edit": queries.sites(person).filter(pk=site.pk).exists(),
        "may_move": queries.sites(person, Right.PLACES).filter(pk=site.pk).exists(),
    }


def _address(request: HttpRequest, site: Site) -> str:
    """The site as everybody reaches it."""
    if site.host:
        return f"{request.scheme}://{site.host}/"
    return f"{skins.base(request)}/trang/{site.slug}/"
