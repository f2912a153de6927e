"""Signing in, by one step or two, and out; choosing one's own password; proving once more who one is."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nguon.kit import clock
from nguon.people import actions, doors, passkeys, tries, visits
from nguon.people.asking import person_of
from nguon.people.errors import PeopleError
from nguon.people.forms import CodeForm, OwnPasswordForm, PasswordAgainForm, SignInForm
from nguon.people.models import FactorKind, Person

HALF = "half_in"  # in the session between the two steps: who, since when, where to
HALF_MINUTES = 10
CHALLENGE = "passkey"


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; then in, or on to the second step. A passkey alone opens too."""
    if isinstance(request.user, Person):
        return redirect(_back(request))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, now = form.cleaned_data["person"], clock.now()
        if not doors.has_factor(person):
            return _enter(request, person, visits.PASSWORD, _back(request))
        request.session.cycle_key()
        request.session.set_expiry(HALF_MINUTES * 60)
        request.session[HALF] = {"person": person.pk.hex, "at": int(now.timestamp()), "next": _back(request)}
        return redirect("people:second")
    found = {"form": form, "next": request.GET.get("next", ""), "passkeys": passkeys.possible(request)}
    return render(request, "people/sign_in.html", found)


@sensitive_post_parameters("code")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second step: figures, a code from paper, or a passkey."""
    person = _half_in(request)
    if person is None:
        messages.info(request, _("Đã quá lâu. Hãy đăng nhập lại từ đầu."))
        return redirect("people:sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        try:
            proof = _proof(request, person, form)
        except PeopleError as error:
            form.add_error(None, str(error))
        else:
            if proof:
                return _enter(request, person, proof, request.session[HALF]["next"])
    return render(request, "people/second.html", {"form": form, **_ways(request, person)})


@never_cache
@login_not_required
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """In by a passkey alone: it has asked for a finger or a PIN itself."""
    try:
        person = passkeys.sign_in_finish(
            request=request,
            person=None,
            answer=request.POST.get("credential", ""),
            state=request.session.pop(CHALLENGE, {}),
            now=clock.now(),
        )
        if not person.is_active:
            raise passkeys.PasskeyRefused
    except PeopleError as error:
        messages.error(request, str(error))
        return redirect("people:sign-in")
    return _enter(request, person, "passkey", _back(request))


@never_cache
@login_not_required
@require_POST
def passkey_asked(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for: a passkey of whoever is half in, or in, or of anybody."""
    person = request.user if isinstance(request.user, Person) else _half_in(request)
    asked = passkeys.sign_in_begin(request, person, clock.now())
    if not request.user.is_authenticated:
        request.session.set_expiry(HALF_MINUTES * 60)  # of a stranger: the row is soon to be thrown away
    request.session[CHALLENGE] = asked.state
    return JsonResponse(asked.options)


@sensitive_post_parameters("code", "password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Before something grave: the second step once more (the password, for whoever has no second step), and back."""
    person, now = person_of(request), clock.now()
    ways = _ways(request, person)
    form = CodeForm(request.POST or None) if ways["has_factor"] else PasswordAgainForm(request.POST or None)
    if request.method == "POST":
        try:
            proof = _proof(request, person, form) if isinstance(form, CodeForm) else _typed(request, person, form)
        except PeopleError as error:
            form.add_error(None, str(error))
        else:
            if proof:
                visits.prove(request, proof, now)
                return redirect(_back(request))
    found = {"form": form, "next": _back(request), **ways}
    return render(request, "people/again.html", found, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and the session is gone."""
    visits.forget(person_of(request), request.session.session_key)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose one's own password. Whoever has an initial one has just typed it and is not asked for it again."""
    asker = person_of(request)
    form = OwnPasswordForm(asker, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        actions.change_own_password(actor=asker, password=form.cleaned_data["new_password1"], now=clock.now())
        visits.end_others(asker, None)
        update_session_auth_hash(request, asker)
        visits.renew(request, asker, clock.now())
        messages.success(request, _("Đã đổi mật khẩu. Các máy khác đang mở đã bị đăng xuất."))
        return redirect("home")
    return render(request, "people/password.html", {"form": form}, status=422 if form.errors else 200)


def _enter(request: HttpRequest, person: Person, proof: str, to: str) -> HttpResponse:
    request.session.pop(HALF, None)
    visits.begin(request, person, proof, clock.now())
    answer = redirect(to)
    tries.remember(request, answer, person)
    return answer


def _half_in(request: HttpRequest) -> Person | None:
    """Who gave the right password a moment ago."""
    kept = request.session.get(HALF)
    if not kept or int(clock.now().timestamp()) - kept["at"] > HALF_MINUTES * 60:
        return None
    return Person.objects.filter(pk=UUID(kept["person"]), is_active=True).first()


def _proof(request: HttpRequest, person: Person, form: CodeForm) -> str:
    """How the person proved who they are; empty if the form lacks something. Raises PeopleError."""
    now = clock.now()
    if answer := request.POST.get("credential", ""):
        state = request.session.pop(CHALLENGE, {})
        passkeys.sign_in_finish(request=request, person=person, answer=answer, state=state, now=now)
        return "passkey"
    if not form.is_valid():
        return ""
    return doors.by_code(request=request, person=person, code=form.cleaned_data["code"], now=now)


def _typed(request: HttpRequest, person: Person, form: PasswordAgainForm) -> str:
    if not form.is_valid():
        return ""
    doors.by_own_password(request=request, person=person, password=form.cleaned_data["password"], now=clock.now())
    return visits.PASSWORD


def _ways(request: HttpRequest, person: Person) -> dict[str, Any]:
    """Which second steps the page offers."""
    kinds = set(person.factors.values_list("kind", flat=True))
    return {
        "has_factor": bool(kinds),
        "figures": FactorKind.TOTP in kinds,
        "passkey": FactorKind.PASSKEY in kinds and passkeys.possible(request),
    }


def _back(request: HttpRequest) -> str:
    """Where to go on: the page that was asked for, if it is one of this server."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    same = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if same else reverse("home")
