"""Every view asks who is there, or stands in a list of public ones with its reason."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.law import code

# Calls that mean: the person, or the device, is asked for and passed on to a query or an action.
ASKING = {"visible", "require", "may", "place_ids", "require_keeper", "sign_in", "worker"}

# Views for those who have not signed in. Each needs a reason.
PUBLIC = {
    "nguon.channels.board.views.page": "a board shows its code there; it says nothing of anybody",
    "nguon.channels.board.views.worker": "the scripts of that page",
    "nguon.channels.board.upper.public_views.playlist": "the token says whose system asks",
    "nguon.channels.board.upper.public_views.page": "the token says whose system asks",
    "nguon.channels.board.upper.public_views.report": "the token says whose system tells",
    "nguon.config.status.health": "balancers ask it; it says nothing of anybody",
    "nguon.people.signing.sign_in": "the door itself",
    "nguon.people.signing.second": "the second step: whose it is stands in the session since the password was right",
    "nguon.people.signing.passkey": "a passkey says whose it is",
    "nguon.people.signing.passkey_asked": "a challenge: random figures that tell nothing of anybody",
    "nguon.api.views.enrol": "a device has no password yet: the one-time code is what it shows",
    "nguon.api.views.screens": "a screen has no password yet: it gets a code to show, which opens nothing",
    "nguon.api.views.screens_ask": "the ticket says whose it is",
    "nguon.delivery.owner_views.owner": "the signed link says whose screen it is",
    "nguon.api.views.time": "the hour is no secret",
    "nguon.api.views.openapi": "a description of the API",
    "nguon.programme.calendar_views.public": "when the loudspeakers sound is for everybody under them",
    "nguon.alerts.public_views.in_force": "what is dangerous now is for everybody",
    "nguon.links.public_views.document": "an alert that went out is for everybody",
    "nguon.links.public_views.widened": "that it sounds further now, too",
    "nguon.links.public_views.cancel": "that it was stopped, too",
    "nguon.links.public_views.everything": "a list of what went out",
    "nguon.links.public_views.of_place": "a list of what went out",
    "nguon.links.public_views.certificates": "a certificate is made to be shown",
    "nguon.feedback.private_public_views.mine": "the door of one's own data: the code of a case and four digits",
    "nguon.feedback.private_public_views.export": "a signed proof of half an hour says whose data it is",
    "nguon.feedback.private_public_views.change": "a signed proof of half an hour says whose data it is",
    "nguon.feedback.private_public_views.erase": "a signed proof of half an hour says whose data it is",
    "nguon.feedback.open311.views.discovery": "Open311: where the interface is, for every program",
    "nguon.feedback.open311.views.services": "Open311: what may be told, for every program",
    "nguon.feedback.open311.views.definition": "Open311: what more is asked, for every program",
    "nguon.feedback.open311.views.requests": "Open311: the public register; to post needs a key",
    "nguon.feedback.open311.views.request_": "Open311: what is public of one case",
    "nguon.feedback.open311.views.token": "Open311: the number of a posted case",
    "nguon.feedback.public_views.start": "whoever has something to tell has no account",
    "nguon.feedback.public_views.new": "whoever has something to tell has no account",
    "nguon.feedback.public_views.receipt": "a signed cookie says which case this browser has just sent",
    "nguon.feedback.public_pole_views.find_device": "the code of a sticker is for everybody who stands before it",
    "nguon.feedback.public_pole_views.at_device": "the code of a sticker is for everybody who stands before it",
    "nguon.feedback.public_follow_views.follow": "the door of one's own case: its code and four digits",
    "nguon.feedback.public_follow_views.own_case": "a signed cookie says which case was opened",
    "nguon.feedback.public_follow_views.supplement": "a signed cookie says which case was opened",
    "nguon.feedback.public_follow_views.content": "a signed cookie says which case was opened",
    "nguon.feedback.public_follow_views.leave": "takes that cookie away",
    "nguon.feedback.public_follow_views.photo": "public ones only, and one's own by the signed cookie",
    "nguon.feedback.public_register_views.listing": "what was moderated is for everybody",
    "nguon.feedback.public_register_views.case": "what was moderated is for everybody",
    "nguon.feedback.public_register_views.too": "whoever met it too has no account",
    "nguon.ui.views.kit": "the style page, served with NGUON_DEBUG=1 only",
    "nguon.ui.views.kit_bare": "the style page, served with NGUON_DEBUG=1 only",
    "nguon.ui.views.kit_song": "the style page, served with NGUON_DEBUG=1 only",
    "nguon.ui.views.kit_sound": "the style page, served with NGUON_DEBUG=1 only",
}
# Views that ask in another module. Each says where.
ELSEWHERE = {
    "nguon.monitor.views.stream": "monitor.watch reads the session again at each look: a lost right ends the stream",
}
# Views of Django itself.
FOREIGN = {
    "django.views.i18n.set_language": "the words of the interface; remembers nothing of anybody",
    "django.views.i18n.JavaScriptCatalog": "words of the interface",
    "django.views.generic.base.RedirectView": "only leads to another address",
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Every address of the server."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def view_of(pattern: URLPattern) -> Any:
    """The function or class behind an address, without its decorators."""
    plain = inspect.unwrap(pattern.callback)
    return getattr(pattern.callback, "view_class", None) or getattr(plain, "view_class", plain)


def dotted(view: Any) -> str:
    return f"{view.__module__}.{view.__qualname__}"


VIEWS = {dotted(view_of(pattern)): view_of(pattern) for pattern in patterns(get_resolver())}


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_asks_who_is_there(name: str) -> None:
    if name in PUBLIC | FOREIGN | ELSEWHERE:
        return
    assert name.startswith("nguon."), "a view of somebody else: give a reason in FOREIGN"
    assert asks(VIEWS[name]), "it never asks for the person: scope it, or give a reason in PUBLIC"


def test_only_public_views_and_those_of_devices_open_without_signing_in() -> None:
    open_ones = {
        dotted(view_of(pattern)): view_of(pattern)
        for pattern in patterns(get_resolver())
        if not getattr(pattern.callback, "login_required", True)
    }
    unexplained = {name for name, view in open_ones.items() if name not in PUBLIC | FOREIGN}
    assert {name for name in unexplained if "sign_in()" not in calls(VIEWS[name])} == set()


def test_no_reason_is_left_over() -> None:
    assert (
        set(PUBLIC | ELSEWHERE) - set(VIEWS) - {name for name in PUBLIC if name.startswith("nguon.ui.views.kit")}
        == set()
    )


def asks(view: Any) -> bool:
    """Whether a view, or a function of its own module that it calls, asks for the person or the device."""
    called = calls(view)
    return "request.user" in called or bool(called & {f"{name}()" for name in ASKING | _doors(view)})


def _doors(view: Any) -> set[str]:
    """What the view's module imports, by whatever name, from the two modules that know who asks."""
    return {
        alias.asname or alias.name
        for node in _module(view).body
        if isinstance(node, ast.ImportFrom) and node.module in ("nguon.people.asking", "nguon.people.scope")
        for alias in node.names
    }


def _module(view: Any) -> ast.Module:
    source = inspect.getsourcefile(view)
    assert source is not None
    return code.tree(Path(source))


def calls(view: Any) -> set[str]:
    """What a view calls (`name()`) and names, following functions and classes of its own module, and `request.user`."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    known = {node.name: node for node in _module(view).body if isinstance(node, kinds)}
    found: set[str] = set()
    waiting = [view.__name__]
    seen: set[str] = set()
    while waiting:
        at = waiting.pop().removesuffix("()")
        if at in known and at not in seen:
            seen.add(at)
            names = set(_names(known[at]))
            found |= names
            waiting += names
    return found


def _names(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr == "user" and _is_request(inner.value):
            yield "request.user"
        elif isinstance(inner, ast.Call):
            called = inner.func
            yield f"{called.attr if isinstance(called, ast.Attribute) else getattr(called, 'id', '')}()"
        elif isinstance(inner, ast.Name):  # a helper handed on, a decorator, a base class
            yield inner.id


def _is_request(node: ast.expr) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) == "request"


def nobody(request: Any) -> None:
    """A view that asks for nobody."""


def somebody(request: Any) -> None:
    """A view that asks through a helper."""
    _helper(request)


def _helper(request: Any) -> Any:
    return request.user


@pytest.mark.parametrize(("view", "expected"), [(nobody, False), (somebody, True)])
def test_the_law_itself_sees_the_difference(view: Callable[[Any], None], expected: bool) -> None:
    assert asks(view) is expected


ALONE = re.compile(  # what asks for a second person, called past `watched`
    r"\bactions\.(?:create_person|give_role|end_role|reset_password)\(|\blimiting\.(?:create|change|end)\("
    r"|\bfactors\.take_away\(|\bactions\.(?:create|change|end)_source\("
)


@pytest.mark.parametrize("path", sorted(code.PACKAGE.glob("*/*views*.py")) + sorted(code.PACKAGE.glob("*/*pages*.py")))
def test_no_page_goes_past_the_second_person(path: Path) -> None:
    assert ALONE.findall(code.bare(path)) == []


def test_each_watched_verb_is_there_and_has_its_words() -> None:
    from nguon.journal.vocabulary import VERBS
    from nguon.people.consent import verb_of

    assert all(verb_of(name).refusals for name in settings.NGUON_WATCHED)
    assert set(settings.NGUON_WATCHED) <= set(VERBS)
