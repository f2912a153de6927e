"""Pages of papers: add, look, mend, withdraw, fetch the file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from nguon.kit import clock
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.portal import documents, office, papers
from nguon.portal.errors import PortalError
from nguon.portal.forms import PAPER, GiveForm, PaperForm
from nguon.portal.models import Paper, PaperKind, Section, SectionKind, Site
from nguon.review.models import State

DIRECTIVES = "van-ban"  # key of the section whose papers are directives more often than not


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another paper in a section."""
    person = person_of(request)
    section: Section = get_object_or_404(office.sections(person).filter(kind=SectionKind.PAPERS), pk=pk)
    kind = PaperKind.DIRECTIVE if section.key == DIRECTIVES else PaperKind.OTHER
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        initial={"issuer": section.site.owner, "kind": kind},
        replaceable=office.replaceable(section.site, None),
    )
    return _filled(request, form, section, None, person)


@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a paper that is not approved."""
    person = person_of(request)
    paper: Paper = get_object_or_404(office.papers(person).filter(withdrawn_at=None), pk=pk)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        initial={name: getattr(paper, name) for name in PAPER},
        replaceable=office.replaceable(paper.section.site, paper),
    )
    return _filled(request, form, paper.section, paper, person)


def _filled(
    request: HttpRequest, form: PaperForm, section: Section, paper: Paper | None, person: Person
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            kept = _kept(form, section, paper, person)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu và gửi duyệt. Dân thấy sau khi có người khác duyệt."))
            return redirect("portal:paper", pk=kept.pk)
    context = {"form": form, "section": section, "site": section.site, "paper": paper}
    return render(request, "portal/paper_form.html", context, status=422 if form.errors else 200)


def _kept(form: PaperForm, section: Section, paper: Paper | None, person: Person) -> Paper:
    now, upload, more = clock.now(), form.cleaned_data["file"], dict[str, Any]()
    if upload:
        papers.refuse_secret(form.said(filename=upload.name or ""))  # before a byte of it is kept
        more["file"], more["filename"] = documents.take_in(upload=upload, now=now)
    said = form.said(**more)
    if paper is None:
        return papers.add(section=section, said=said, actor=person, now=now)
    return papers.mend(paper=paper, said=said, actor=person, now=now)


@require_GET
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One paper, and how far it is."""
    person = person_of(request)
    found: Paper = get_object_or_404(office.papers(person, None), pk=pk)
    approved = found.review is not None and found.review.state == State.APPROVED
    may_edit = office.papers(person).filter(pk=pk, withdrawn_at=None).exists()
    context = {
        "paper": found,
        "section": found.section,
        "site": found.section.site,
        "may_edit": may_edit,
        "may_mend": may_edit and not approved,
        "given": found.sites.order_by("name"),
    }
    takers = office.takers(person, found) if may_edit else Site.objects.none()
    if takers.exists():
        context["give"] = GiveForm(takers=takers, initial={"sites": found.sites.all()})
    return render(request, "portal/paper.html", context)


@require_POST
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose on which other sites a paper stands too."""
    person = person_of(request)
    found: Paper = get_object_or_404(office.papers(person), pk=pk)
    form = GiveForm(request.POST, takers=office.takers(person, found))
    if not form.is_valid():
        messages.error(request, _("Có trang không còn nhận được văn bản này. Hãy chọn lại."))
        return redirect("portal:paper", pk=pk)
    try:
        papers.give(paper=found, sites=form.cleaned_data["sites"], actor=person, now=clock.now())
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã lưu các trang có văn bản này."))
    return redirect("portal:paper", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a paper down."""
    found: Paper = get_object_or_404(office.papers(person_of(request)), pk=pk)
    try:
        why = request.POST.get("why", "")
        papers.withdraw(paper=found, why=why, actor=person_of(request), now=clock.now())
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("portal:paper", pk=pk)
    messages.success(request, _("Đã rút văn bản. Dân không thấy nữa."))
    return redirect("portal:section", pk=found.section_id)


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file of a paper, to be kept by whoever asked: never opened in the page."""
    found: Paper = get_object_or_404(office.papers(person_of(request), None), pk=pk)
    if found.file is None:
        raise Http404
    opened = default_storage.open(found.file.path)
    return FileResponse(opened, as_attachment=True, filename=found.filename, content_type=found.file.mime)
