"""What stands around every page for the public: whose it is, where its parts are, which warning is in force.

The floors above fill it in; a page for the public takes it from `request.skin` and knows no more of sites.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True)
class Way:
    """One address with its name."""

    label: str
    url: str
    key: str = ""


@dataclass(frozen=True)
class Caution:
    """A warning in force, as the banner of every page says it.

    `kind`: its risk (`risk-1` … `risk-5`, `danger`), or that it is the all clear or a drill (`over`, `drill`).
    """

    headline: str
    text: str
    kind: str
    level: str  # in words, may be empty
    issuer: str
    at: datetime
    url: str
    drill: bool = False


@dataclass(frozen=True)
class Skin:
    """Whose page it is and what stands above and below it.

    `place`: the locality (None: the whole installation). `front`: address of the front page. `root`: the absolute
    address of the site (scheme, host, path, no slash at the end) for feeds and cards. `warnings` is asked when shown.
    """

    name: str
    front: str
    root: str
    place: UUID | None = None
    site: UUID | None = None
    lead: str = ""
    colour: str = "blue"
    emblem: str = ""
    menu: tuple[Way, ...] = ()
    foot: tuple[Way, ...] = ()  # lines: owner, responsible, address; with an address where one may call or write
    ways: tuple[Way, ...] = ()  # below: feeds, map of the site, accessibility
    search: str = ""  # where the site is searched
    push: str = ""  # where one asks to be told on a telephone
    warnings: Callable[[], tuple[Caution, ...]] = field(default=tuple, compare=False)

    @property
    def origin(self) -> str:
        """Scheme and host, to make an address of the site absolute."""
        return self.root.removesuffix(self.front.rstrip("/"))


def of(request: HttpRequest) -> Skin:
    """The skin of a page for the public. Raises LookupError where the address is none of those."""
    found = getattr(request, "skin", None)
    if not isinstance(found, Skin):
        raise LookupError(f"{request.path} is no page for the public")
    return found


def public(request: HttpRequest) -> bool:
    """Whether a page is for everybody: in Vietnamese, and nobody is asked who they are."""
    return getattr(request, "skin", None) is not None
