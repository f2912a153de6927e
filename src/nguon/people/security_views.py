"""One's own page of signing in: second steps, codes on paper, sessions open elsewhere."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nguon import vault
from nguon.kit import clock
from nguon.people import doors, factors, passkeys, visits
from nguon.people.asking import person_of, prove_again
from nguon.people.errors import PeopleError
from nguon.people.forms import TelephoneForm
from nguon.people.models import Factor, Person

FRESH = timedelta(minutes=30)  # so long after proving who one is the own doors may be changed
SECRET, CHALLENGE = "new_telephone", "new_passkey"  # in the session, until the new second step is kept
View = Callable[..., HttpResponse]


def _lately_proved(view: View) -> View:
    """Only for whoever proved who they are a short while ago: a computer left alone changes nothing here."""

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        at = visits.proved_at(request)
        person = person_of(request)
        weak = visits.proof_of(request) not in visits.STRONG and doors.has_factor(person)
        if at is None or weak or clock.now() - at > FRESH:
            return prove_again(request, reverse("people:security"))
        return view(request, *args, **kwargs)

    return asked


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What is set up, and what is open elsewhere."""
    person, now = person_of(request), clock.now()
    found = list(person.factors.all())
    context = {
        "factors": found,
        "obliged": factors.obliged(person, now),
        "only_one": len(found) == 1,
        "codes_left": person.recovery_codes.filter(used_at=None).count(),
        "visits": visits.of(person, now),
        "here": request.session.session_key,
        "passkeys": passkeys.possible(request),
    }
    return render(request, "people/security.html", context)


@sensitive_post_parameters("figures")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_lately_proved
def telephone(request: HttpRequest) -> HttpResponse:
    """Add a telephone: scan, then type what it shows."""
    person = person_of(request)
    form, secret = TelephoneForm(request.POST or None), _secret(request, person)
    if request.method == "POST" and form.is_valid():
        try:
            factors.add_totp(actor=person, secret=secret, now=clock.now(), **form.cleaned_data)
        except PeopleError as error:
            form.add_error("figures", str(error))
        else:
            del request.session[SECRET]
            return _added(request, person, "totp")
    drawn = {"form": form, "qr": _qr(factors.address(secret, person)), "secret": _spaced(secret)}
    return render(request, "people/telephone.html", drawn, status=422 if form.errors else 200)


@never_cache
@require_POST
@_lately_proved
def passkey_asked(request: HttpRequest) -> HttpResponse:
    """What the browser is asked for: a new passkey."""
    asked = passkeys.register_begin(request, person_of(request), clock.now())
    request.session[CHALLENGE] = asked.state
    return JsonResponse(asked.options)


@never_cache
@require_POST
@_lately_proved
def passkey(request: HttpRequest) -> HttpResponse:
    """Keep the passkey the browser made."""
    person = person_of(request)
    try:
        passkeys.register_finish(
            request=request,
            actor=person,
            answer=request.POST.get("credential", ""),
            state=request.session.pop(CHALLENGE, {}),
            name=request.POST.get("name", ""),
            now=clock.now(),
        )
    except PeopleError as error:
        messages.error(request, str(error))
        return redirect("people:security")
    return _added(request, person, "passkey")


@never_cache
@require_POST
@_lately_proved
def codes(request: HttpRequest) -> HttpResponse:
    """New codes for paper, shown once."""
    person = person_of(request)
    if not doors.has_factor(person):
        messages.error(request, _("Hãy thêm một cách xác nhận trước, rồi mới lấy mã dự phòng."))
        return redirect("people:security")
    return _codes(request, person)


@require_POST
@_lately_proved
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call a second step otherwise."""
    person, found = _own(request, pk)
    factors.rename(factor=found, name=request.POST.get("name", ""), actor=person, now=clock.now())
    return redirect("people:security")


@require_POST
@_lately_proved
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a second step away."""
    person, found = _own(request, pk)
    try:
        factors.remove(factor=found, actor=person, now=clock.now())
    except PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã bỏ."))
    return redirect("people:security")


@require_POST
def end_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """End a session on another computer."""
    visits.end(person_of(request), pk)
    messages.success(request, _("Đã đăng xuất máy đó."))
    return redirect("people:security")


@require_POST
def end_visits(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    visits.end_others(person_of(request), request.session.session_key)
    messages.success(request, _("Đã đăng xuất mọi máy khác."))
    return redirect("people:security")


def _own(request: HttpRequest, pk: UUID) -> tuple[Person, Factor]:
    person = person_of(request)
    return person, get_object_or_404(Factor, pk=pk, person=person)


def _added(request: HttpRequest, person: Person, proof: str) -> HttpResponse:
    """After a new second step: with the first one the others are thrown out, and the codes are given."""
    visits.prove(request, proof, clock.now())
    if person.factors.count() > 1:
        messages.success(request, _("Đã thêm."))
        return redirect("people:security")
    visits.end_others(person, request.session.session_key)
    return _codes(request, person)


def _codes(request: HttpRequest, person: Person) -> HttpResponse:
    given = factors.new_codes(actor=person, now=clock.now())
    return render(request, "people/codes.html", {"codes": given, "name": person.username})


def _secret(request: HttpRequest, person: Person) -> str:
    """The secret on offer, the same until it is taken. Sealed: sessions are kept in the open."""
    if kept := request.session.get(SECRET):
        try:
            return vault.unseal(base64.b64decode(kept), person.pk)["secret"]
        except (vault.VaultError, ValueError):  # the key was changed meanwhile: another one then
            pass
    made = factors.new_secret()
    request.session[SECRET] = base64.b64encode(vault.seal({"secret": made}, person.pk)).decode()
    return made


def _qr(words: str) -> str:
    """A QR code as a picture in an address (`data:image/svg+xml…`), which the content policy allows."""
    out = io.BytesIO()
    segno.make(words, error="m").save(out, kind="svg", scale=6, border=4, xmldecl=False)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def _spaced(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
