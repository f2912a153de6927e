"""Pages of one section: what is there, writing it, its order and its title."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.newsroom.models import Category
from nguon.people.asking import person_of
from nguon.portal import arranging, editions, markup, office, queries, words
from nguon.portal.errors import Conflict, PortalError
from nguon.portal.forms import EditionForm, SectionForm
from nguon.portal.models import Edition, Section, SectionKind, Site
from nguon.review.models import State


@require_GET
def section(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One section: what is public, what waits, what was before."""
    person, now = person_of(request), clock.now()
    found: Section = get_object_or_404(office.sections(person, None), pk=pk)
    context: dict[str, Any] = {
        "section": found,
        "site": found.site,
        "told": words.told(office.row(found, now)),
        "may_edit": office.sections(person).filter(pk=pk).exists(),
    }
    if found.kind == SectionKind.PAGE:
        context |= _page(found)
        context["blank"] = not context["editions"]
    elif found.kind == SectionKind.PAPERS:
        context["papers"] = office.papers(person, None).filter(section=found)
        context["given"] = office.given(found)
        context["blank"] = not context["papers"]
    elif found.kind == SectionKind.NEWS:
        context["categories"] = [Category(one).label for one in found.categories]
        up = queries.up(found.site, now).filter(bulletin__category__in=found.categories)
        context["postings"] = up[:10]
    return render(request, "portal/section.html", context)


def _page(section: Section) -> dict[str, Any]:
    found = list(section.editions.select_related("review__decided_by", "created_by", "sound"))
    public = next((one for one in found if one.review and one.review.state == State.APPROVED), None)
    newest = found[0] if found else None
    draft = newest if newest and newest is not public else None
    state = draft.review.state if draft and draft.review else ""
    return {
        "editions": found,
        "public": public,
        "page": markup.html(public.body) if public else "",
        "draft": draft,
        "draft_page": markup.html(draft.body) if draft else "",
        "may_hand_in": draft is not None and state not in (State.SUBMITTED, State.APPROVED),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text of a page; each saving is another edition."""
    person = person_of(request)
    found: Section = get_object_or_404(office.sections(person).filter(kind=SectionKind.PAGE), pk=pk)
    newest = found.editions.first()
    first = {"body": newest.body if newest else "", "seen": newest.number if newest else 0}
    form = EditionForm(request.POST or None, initial=first)
    context: dict[str, Any] = {"section": found, "site": found.site, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            edition = editions.write(section=found, **form.cleaned_data, actor=person, now=clock.now())
            if request.POST.get("do") == "send":
                editions.hand_in(edition=edition, actor=person, now=clock.now())
        except Conflict as error:
            form.add_error(None, str(error))
            context["other"] = newest
            form.data = {**request.POST.dict(), "seen": first["seen"]}  # having seen the other, one may save
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            sent = request.POST.get("do") == "send"
            said = _("Đã lưu và gửi duyệt.") if sent else _("Đã lưu. Dân thấy sau khi gửi duyệt và được duyệt.")
            messages.success(request, said)
            return redirect("portal:section", pk=pk)
    return render(request, "portal/write.html", context, status=422 if form.errors else 200)


@require_POST
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page as it would be read, while it is written. Nothing is saved."""
    get_object_or_404(office.sections(person_of(request)).filter(kind=SectionKind.PAGE), pk=pk)
    return render(request, "portal/preview.html", {"page": markup.html(request.POST.get("body", ""))})


@require_POST
def hand_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for approval of the newest edition; with `do=renew`, of the public one once more."""
    person = person_of(request)
    found: Section = get_object_or_404(office.sections(person).filter(kind=SectionKind.PAGE), pk=pk)
    newest = found.editions.first()
    try:
        if request.POST.get("do") == "renew":
            editions.renew(section=found, actor=person, now=clock.now())
        elif newest is not None:
            editions.hand_in(edition=newest, actor=person, now=clock.now())
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã gửi duyệt."))
    return redirect("portal:section", pk=pk)


@require_GET
def edition(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An edition of before, and what changed from it to the newest."""
    found: Edition = get_object_or_404(
        Edition.objects.filter(section__in=office.sections(person_of(request), None)).select_related(
            "section__site__place", "created_by", "review__decided_by"
        ),
        pk=pk,
    )
    newest = found.section.editions.first()
    context = {
        "edition": found,
        "section": found.section,
        "site": found.section.site,
        "page": markup.html(found.body),
        "runs": office.changed(found, newest) if newest and newest.pk != found.pk else [],
    }
    return render(request, "portal/edition.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another section of one's own."""
    person = person_of(request)
    found: Site = get_object_or_404(queries.sites(person), pk=pk)
    form = SectionForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            made = arranging.add(site=found, kind=kind, wish=form.wish(), actor=person, now=clock.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã thêm mục. Dân thấy mục khi có nội dung."))
            return redirect("portal:section", pk=made.pk)
    return render(
        request, "portal/section_form.html", {"site": found, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another title, link or rhythm of a section."""
    person = person_of(request)
    found: Section = get_object_or_404(office.sections(person), pk=pk)
    form = SectionForm(found, request.POST or None, initial=SectionForm.first(found))
    if request.method == "POST" and form.is_valid():
        try:
            arranging.change(section=found, wish=form.wish(), actor=person, now=clock.now())
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("portal:section", pk=pk)
    context = {"site": found.site, "section": found, "form": form}
    return render(request, "portal/section_form.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One place up or down."""
    found: Section = get_object_or_404(office.sections(person_of(request)), pk=pk)
    up = request.POST.get("do") == "up"
    arranging.move(section=found, up=up, actor=person_of(request), now=clock.now())
    return redirect("portal:site", pk=found.site_id)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take away a section of one's own."""
    found: Section = get_object_or_404(office.sections(person_of(request)), pk=pk)
    try:
        arranging.remove(section=found, actor=person_of(request), now=clock.now())
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("portal:section", pk=pk)
    messages.success(request, _("Đã bỏ mục “%s”.") % found.title)
    return redirect("portal:site", pk=found.site_id)
