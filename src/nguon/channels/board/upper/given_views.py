"""Pages of the system above: classes of boards with their playlists, who takes them, and what was told."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.channels.board.upper import given, giving, told, words
from nguon.channels.board.upper.errors import UpperError
from nguon.channels.board.upper.forms import ClassForm, EntryForm, GrantForm, TermsForm
from nguon.channels.board.upper.models import BoardClass, Entry, Grant
from nguon.kit import clock
from nguon.newsroom.models import Bulletin
from nguon.newsroom.rules import State
from nguon.people import scope
from nguon.people.asking import person_of
from nguon.people.queries import rights
from nguon.people.rules import Right


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Classes of boards that this place gives to, and who takes them."""
    person, now = person_of(request), clock.now()
    classes = [
        (one, sum(each.page is not None for each in given.given(one, now)))
        for one in given.classes(person).order_by("ended_at", "name")
    ]
    takers = [(one, told.is_silent(one, now)) for one in given.grants(person).order_by("revoked_at", "name")]
    held = rights(person)
    context = {"classes": classes, "takers": takers}
    context |= {"may_give": Right.BROADCAST in held, "may_grant": Right.DEVICES in held}
    return render(request, "board/upper/classes.html", context)


@require_http_methods(["GET", "POST"])
def new_class(request: HttpRequest) -> HttpResponse:
    """Another kind of boards."""
    person = person_of(request)
    if Right.BROADCAST not in rights(person):
        raise scope.forbidden()
    form = ClassForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = giving.create_class(
                place=UUID(data["place"]), name=data["name"], days=data["days"], actor=person, now=clock.now()
            )
        except (UpperError, PermissionDenied) as error:
            _add(form, error)
        else:
            messages.success(request, _("Đã thêm loại bảng. Hãy chọn bản tin cho danh sách."))
            return redirect("board:upper-class", pk=made.pk)
    return render(request, "board/upper/class_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_class(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name or length of a class."""
    person, found = person_of(request), _class(request, pk, Right.BROADCAST)
    form = ClassForm(person, request.POST or None, held=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            giving.change_class(board_class=found, name=data["name"], days=data["days"], actor=person, now=clock.now())
        except UpperError as error:
            _add(form, error)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("board:upper-class", pk=pk)
    context = {"form": form, "board_class": found}
    return render(request, "board/upper/class_form.html", context, status=422 if form.errors else 200)


@require_GET
def board_class(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The playlist of a class as it stands."""
    person, now, found = person_of(request), clock.now(), _class(request, pk)
    rows = [(one, words.times(one.entry.weekdays, one.entry.minutes), _badge(one)) for one in given.given(found, now)]
    context = {
        "board_class": found,
        "rows": rows,
        "takers": found.grants.filter(revoked_at=None),
        "may_give": scope.may(person, Right.BROADCAST, found.place_id) and found.ended_at is None,
    }
    return render(request, "board/upper/class.html", context)


@require_POST
def end_class(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a class no more."""
    found = _class(request, pk, Right.BROADCAST)
    return _done(
        request,
        lambda: giving.end_class(board_class=found, actor=person_of(request), now=clock.now()),
        _("Đã thôi loại bảng này. Nơi nhận gỡ hết nội dung ở lần hỏi tới."),
        "board:upper-classes",
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a bulletin into the playlist."""
    person, now, found = person_of(request), clock.now(), _class(request, pk, Right.BROADCAST)
    taken = found.entries.filter(removed_at=None).values("bulletin")
    bulletins = given.choosable(found, person, now).exclude(pk__in=taken)
    form = EntryForm(bulletins, request.POST or None)
    if request.method == "POST" and form.is_valid():
        bulletin = get_object_or_404(Bulletin, pk=form.cleaned_data["bulletin"])
        try:
            giving.add(board_class=found, bulletin=bulletin, terms=form.terms(), actor=person, now=now)
        except UpperError as error:
            _add(form, error)
        else:
            messages.success(request, _("Đã thêm vào danh sách."))
            return redirect("board:upper-class", pk=pk)
    context = {"form": form, "board_class": found, "any": bool(form.fields["bulletin"].choices)}  # type: ignore[attr-defined]
    return render(request, "board/upper/entry.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Other days and hours of an entry."""
    found = _entry(request, pk)
    form = TermsForm(request.POST or None, entry=found)
    if request.method == "POST" and form.is_valid():
        try:
            giving.change(entry=found, terms=form.terms(), actor=person_of(request), now=clock.now())
        except UpperError as error:
            _add(form, error)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("board:upper-class", pk=found.board_class_id)
    context = {"form": form, "board_class": found.board_class, "entry": found, "any": True}
    return render(request, "board/upper/entry.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One place up or down."""
    found, up = _entry(request, pk), request.POST.get("to") == "up"
    return _done(
        request,
        lambda: giving.move(entry=found, up=up, actor=person_of(request), now=clock.now()),
        "",
        "board:upper-class",
        found.board_class_id,
    )


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an entry out."""
    found = _entry(request, pk)
    return _done(
        request,
        lambda: giving.remove(entry=found, actor=person_of(request), now=clock.now()),
        _("Đã bỏ khỏi danh sách. Bảng gỡ ở lần hỏi tới."),
        "board:upper-class",
        found.board_class_id,
    )


@require_http_methods(["GET", "POST"])
def new_grant(request: HttpRequest) -> HttpResponse:
    """Let a lower system take some classes; its token is on the answer to the form, once."""
    person, now = person_of(request), clock.now()
    if Right.DEVICES not in rights(person):
        raise scope.forbidden()
    classes = list(given.classes(person, Right.DEVICES).filter(ended_at=None))
    form = GrantForm(classes, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            made, token = giving.grant(
                place=chosen[0].place_id, name=form.cleaned_data["name"], classes=chosen, actor=person, now=now
            )
        except (UpperError, PermissionDenied) as error:
            _add(form, error)
        else:
            addresses = [(one, _address(request, one), given.fingerprints(one, now)) for one in chosen]
            answer = render(request, "board/upper/token.html", {"grant": made, "token": token, "addresses": addresses})
            answer.headers["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "any": bool(classes)}
    return render(request, "board/upper/grant_form.html", context, status=422 if form.errors else 200)


@require_GET
def grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a lower system takes, and what it told."""
    now, found = clock.now(), _grant(request, pk)
    classes = [
        (
            one,
            _address(request, one),
            given.fingerprints(one, now),
            found.boards.filter(board_class=one),
            told.shown_of(found, one, now),
        )
        for one in found.classes.select_related("place")
    ]
    context = {"grant": found, "classes": classes, "silent": told.is_silent(found, now)}
    return render(request, "board/upper/grant.html", context)


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a token back."""
    found = _grant(request, pk)
    return _done(
        request,
        lambda: giving.revoke(grant=found, actor=person_of(request), now=clock.now()),
        _("Đã thu mã. Mã này không lấy được gì nữa."),
        "board:upper-grant",
        pk,
    )


def _badge(one: given.Given) -> words.Badge:
    if one.page is not None:
        return words.Badge(_("Đang đưa"), "ok")
    if one.state == State.APPROVED:
        return words.Badge(_("Chưa có trang cho bảng"), "warn")
    return words.Badge(_("Không đưa"), "off")


def _done(request: HttpRequest, act: object, good: str, to: str, pk: UUID | None = None) -> HttpResponse:
    assert callable(act)
    try:
        act()
    except UpperError as error:
        messages.error(request, str(error))
    else:
        if good:
            messages.success(request, good)
    return redirect(to, pk=pk) if pk else redirect(to)


def _address(request: HttpRequest, board_class: BoardClass) -> str:
    base = settings.NGUON_PUBLIC_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    return f"{base}{reverse('board:upper-playlist', args=[board_class.pk])}"


def _add(form: Form, error: Exception) -> None:
    field = error.field if isinstance(error, UpperError) and error.field in form.fields else None
    form.add_error(field, str(error))


def _class(request: HttpRequest, pk: UUID, right: Right = Right.VIEW) -> BoardClass:
    found: BoardClass = get_object_or_404(given.classes(person_of(request), right), pk=pk)
    return found


def _entry(request: HttpRequest, pk: UUID) -> Entry:
    mine = given.classes(person_of(request), Right.BROADCAST)
    entries = Entry.objects.select_related("board_class", "bulletin__current").filter(removed_at=None)
    return get_object_or_404(entries, pk=pk, board_class__in=mine)


def _grant(request: HttpRequest, pk: UUID) -> Grant:
    found: Grant = get_object_or_404(given.grants(person_of(request)), pk=pk)
    return found
