"""What the page of a board is made of, so that it can be kept on the board, whole, version by version."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

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
    own = (str(path.relative_to(OWN)) for path in OWN.rglob("*") if path.suffix in (".js", ".css"))
    return (*sorted(own), *LENT, *FONTS)


@lru_cache(maxsize=1)
def worker() -> str:
    """The service worker: another one whenever a file, the page or the worker itself is another."""
    digest = sha256()
    for path in (HERE / "worker.js", HERE / "templates" / "board" / "page.html"):
        digest.update(path.read_bytes())
    for name in files():
        found = finders.find(name)
        if not isinstance(found, str):
            raise FileNotFoundError(name)
        digest.update(Path(found).read_bytes())
    shell = [reverse("board:page"), *map(static, files())]
    head = f"const VERSION = {json.dumps(digest.hexdigest()[:16])};\nconst SHELL = {json.dumps(shell)};\n"
    return head + (HERE / "worker.js").read_text()
