"""A commune's site before its readers: filled once for the tests of a file, and looked at by axe-core."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.services import Server

AXE = Path(__file__).parent / "vendor/axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AT = "/trang/doc-thu"
FILL = """
from django.utils import timezone
from nguon.config.demo.load import load
from nguon.places.models import Place
from nguon.portal.models import Site
from tests.app import sited
now = timezone.now()
load(password="mat-khau-thu-2026", now=now)
inside = Place.objects.filter(up_links__parent__name="Phước Thuận").order_by("name")
site = sited.open_site(inside[0], now, slug="doc-thu", name="Trang thông tin điện tử xã Phước Thuận")
posted = sited.fill(site, sited.hands(now), times=4)
gone = sited.post(site, sited.hands(now), "Tin đã gỡ")
gone.withdrawn_at, gone.withdrawn_by = now, gone.created_by
gone.save()
posted[0].corrected_at = now
posted[0].save()
sited.open_site(inside[1], now, slug="doc-thu-trong", colour="red", lead="", name="Trang thông tin chưa có gì")
print(posted[0].slug, gone.slug)
"""


def fill(server: Server) -> dict[str, str]:
    """The district, a site at `AT`, an empty one beside it; the addresses of two articles, `there` and `gone`."""
    server.nguon("manage", "migrate", "--verbosity", "0")
    there, gone = server.shell(FILL).split()[-2:]
    return {"there": f"{AT}/tin/{there}", "gone": f"{AT}/tin/{gone}"}


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())  # from outside: our content policy forbids scripts from elsewhere
    run = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
    found: dict[str, Any] = page.evaluate(run, RULES)
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for one in found["violations"]
        for node in one["nodes"]
    ]
