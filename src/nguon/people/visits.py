"""Sessions: how one begins, how long it lasts, how its person sees and ends it.

Kept in the session itself: `began` and `seen` (seconds since 1970), and `proved` with `proof`: when and how the person
last proved who they are (`password`, `totp`, `passkey`, `recovery`).
"""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest

from nguon.kit.clock import from_ms
from nguon.people.models import Person, Visit

BACKEND = "django.contrib.auth.backends.ModelBackend"
SEEN_EVERY = 60  # seconds: a page asks often, the database is written seldom
PASSWORD = "password"
STRONG = frozenset({"totp", "passkey", "recovery"})  # proofs that a stolen password does not give
BROWSERS = (
    ("Edg/", "Edge"),
    ("coc_coc", "Coc Coc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"))


def begin(request: HttpRequest, person: Person, proof: str, now: datetime) -> None:
    """Sign the person in: a new session key, and a row for their own page."""
    Visit.objects.filter(seen_at__lt=now - timedelta(hours=settings.NGUON_SESSION_HOURS)).delete()
    _engine().clear_expired()
    login(request, person, backend=BACKEND)
    request.session.set_expiry(settings.NGUON_SESSION_HOURS * 3600)
    request.session["began"] = request.session["seen"] = int(now.timestamp())
    prove(request, proof, now)
    _note(request, person, now)


def renew(request: HttpRequest, person: Person, now: datetime) -> None:
    """Note the session under the key it has now, after it was given another."""
    _note(request, person, now)


def prove(request: HttpRequest, proof: str, now: datetime) -> None:
    """The person of this session has just proved who they are, in this way."""
    request.session["proved"], request.session["proof"] = int(now.timestamp()), proof


def proof_of(request: HttpRequest) -> str:
    """How the person of this session last proved who they are; empty if nothing is known."""
    return str(request.session.get("proof", ""))


def proved_at(request: HttpRequest) -> datetime | None:
    """When that was."""
    kept = request.session.get("proved")
    return from_ms(int(kept) * 1000) if kept else None


def keep(request: HttpRequest, person: Person, now: datetime) -> bool:
    """Whether the session goes on; it ends after NGUON_SESSION_HOURS, or NGUON_SESSION_IDLE_MINUTES unused."""
    session, at = request.session, int(now.timestamp())
    seen, began = int(session.get("seen", at)), int(session.get("began", at))
    if at - seen > settings.NGUON_SESSION_IDLE_MINUTES * 60 or at - began > settings.NGUON_SESSION_HOURS * 3600:
        Visit.objects.filter(session=session.session_key).delete()
        logout(request)
        return False
    if "seen" not in session or at - seen >= SEEN_EVERY:
        session["began"], session["seen"] = began, at
        _note(request, person, now)
    return True


def of(person: Person, now: datetime) -> QuerySet[Visit]:
    """The sessions of a person that may still be used, the newest first."""
    idle = now - timedelta(minutes=settings.NGUON_SESSION_IDLE_MINUTES)
    return Visit.objects.filter(person=person, seen_at__gte=idle)


def end(person: Person, pk: int) -> None:
    """End one session of the person. Nothing if it is not theirs or over already."""
    for visit in Visit.objects.filter(person=person, pk=pk):
        _forget(visit)


def end_others(person: Person, session_key: str | None) -> int:
    """End all sessions of the person but this one; how many there were."""
    others = list(Visit.objects.filter(person=person).exclude(session=session_key or ""))
    for visit in others:
        _forget(visit)
    return len(others)


def forget(person: Person, session_key: str | None) -> None:
    """The person signed out of this session: it is gone from their page too."""
    Visit.objects.filter(person=person, session=session_key or "").delete()


def _forget(visit: Visit) -> None:
    _engine()(visit.session).delete()
    visit.delete()


def _engine() -> type[SessionBase]:
    found: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return found


def _note(request: HttpRequest, person: Person, now: datetime) -> None:
    if request.session.session_key is None:
        request.session.save()
    key = request.session.session_key
    Visit.objects.update_or_create(
        session=key,
        defaults={"person": person, "seen_at": now},
        create_defaults={
            "person": person,
            "seen_at": now,
            "began_at": now,
            "browser": _called(request.headers.get("User-Agent", "")),
            "address": request.META.get("REMOTE_ADDR", "")[:60],
        },
    )


def _called(agent: str) -> str:
    """What an officer calls the browser: `Chrome, Windows`."""
    found = [next((name for mark, name in names if mark in agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in found if part)
