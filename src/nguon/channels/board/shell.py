"""What the page of a board is made of, so that it can be kept on the board, whole, version by version."""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

HERE = Path(__file__).parent
OWN = HERE / "static"
LENT = ("ui/tokens.css", "ui/favicon.svg")  # of other rooms
FONTS = tuple(
    f"vendor/be-vietnam-pro/be-vietnam-pro-{letters}-{weight}-normal.woff2"
    for letters in ("vietnamese", "latin")
    for weight in (400, 700)
)


def files() -> tuple[str, ...]:
    """The names of all static files of the page."""
    own = (str(path.relative_to(OWN)) for path in (OWN / "board").rglob("*") if path.suffix in (".js", ".css"))
    return (*sorted(own), *LENT, *FONTS)


@lru_cache(maxsize=1)
def page() -> bytes:
    """The page itself, the same for everybody: in Vietnamese, for those who pass by."""
    with translation.override("vi"):
        return render_to_string("board/page.html", {"version": version("nguon")}).encode()


def parts() -> dict[str, bytes]:
    """All that the page is made of, by address."""
    return {reverse("board:page"): page()} | {static(name): _read(name) for name in files()}


@lru_cache(maxsize=1)
def worker() -> str:
    """The service worker of the page as it is now."""
    return worker_of(parts())


def worker_of(parts: Mapping[str, bytes]) -> str:
    """The service worker that keeps these: another one whenever one of them, or the worker itself, is another.

    It knows each by its hash, so that it takes nothing of another version while the server is being renewed.
    """
    body = (HERE / "worker.js").read_text()
    shell = json.dumps({address: sha256(data).hexdigest() for address, data in parts.items()})
    digest = sha256(f"{shell}\n{body}".encode()).hexdigest()
    return f"const VERSION = {json.dumps(digest[:16])};\nconst SHELL = {shell};\n{body}"


def _read(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_bytes()
