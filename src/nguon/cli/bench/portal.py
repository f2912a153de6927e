"""The front page of a site under a storm of readers, beside the bare server of the same bytes; an alert meanwhile.

The web service is a process of its own, as `nguon up` has it; the readers are another. The alert is written, signed and
stopped by people, through the product's own actions.
"""

import gzip
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from nguon.cli.bench import storm
from nguon.cli.bench.hands import Hands
from nguon.cli.bench.stage import Stage, await_port, cpu, free_port, say, stage
from nguon.cli.bench.storm import Storm
from nguon.cli.bench.watching import at

if TYPE_CHECKING:
    from nguon.portal.models import Site

PATH = "/trang/bench/"
ARTICLES = 60
LOOK = 0.02  # seconds between two looks for the banner
PATIENCE = 20.0  # seconds for a banner to come, or to go
WORDS = "Từ 7 giờ 00 đến 11 giờ 30 thứ Bảy tuần này, các thôn tạm ngừng cung cấp điện để thay dây dẫn. " * 12


def fill(made: Stage) -> "Site":
    """A site of the stage's place, with its sections and articles enough for a front page."""
    from nguon.kit.clock import now
    from nguon.newsroom.models import Category
    from nguon.people.models import Person
    from nguon.portal.models import Section, Site
    from nguon.portal.seeds import rows

    at_ = now()
    said = {"owner": "UBND xã", "address": "Thôn Lộc Hạ", "phone": "0256 000 000", "hours": "7 giờ 30 – 17 giờ 00"}
    common = {"opened_at": at_, "created_at": at_, "updated_at": at_}
    site = Site.objects.create(place=made.place, slug="bench", name="Trang thông tin điện tử xã", **said, **common)
    for row in rows():
        Section.objects.create(site=site, **row)
    approver = Person.objects.create_user("bench-approver", full_name="Approver")
    for number in range(ARTICLES):
        category = list(Category)[number % len(Category)]
        _article(made, site, approver, number, category, at_ - timedelta(hours=number))
    return site


def _article(made: Stage, site: "Site", approver: Any, number: int, category: str, when: Any) -> None:
    from nguon.newsroom.models import Bulletin, Version
    from nguon.portal.models import Posting
    from nguon.review.models import Review, State

    title = f"Thông báo số {number} về việc tạm ngừng cung cấp điện các thôn"
    stamps = {"created_at": when, "updated_at": when}
    bulletin = Bulletin.objects.create(place=made.place, author=made.person, category=category, **stamps)
    common = {"created_by": made.person, "created_at": when}
    version = Version.objects.create(bulletin=bulletin, number=1, title=title, body=WORDS, folded="", **common)
    review = Review.objects.create(
        subject=f"newsroom.version:{version.pk}",
        title=title,
        place=made.place,
        state=State.APPROVED,
        author=made.person,
        submitted_by=made.person,
        submitted_at=when,
        decided_by=approver,
        decided_at=when,
    )
    row = {"bulletin": bulletin, "version": version, "review": review, "slug": f"tin-{number}"}
    Posting.objects.create(site=site, publish_at=when, **row, **common)


def fetched(port: int) -> str:
    """The front page as one reader gets it now."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", PATH)
        return line.getresponse().read().decode()
    finally:
        line.close()


def packed(port: int) -> bytes:
    """The bytes that a browser gets."""
    return gzip.compress(fetched(port).encode(), 6)


@contextmanager
def bare(folder: Path, body: bytes) -> Iterator[int]:
    """The port of a bare server of these bytes."""
    file, port = folder / "page.gz", free_port()
    file.write_bytes(body)
    process = subprocess.Popen([sys.executable, "-m", "nguon.cli.bench.bareport", str(port), str(file)])
    try:
        await_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def blow(port: int, connections: int, seconds: float) -> Storm:
    """A storm and what came of it."""
    return storm.end(storm.begin(port, PATH, connections, seconds), seconds)


def until_banner(port: int, headline: str, wanted: bool, start: float) -> float:
    """Seconds from a moment until the front page has the headline, or has it no more."""
    while time.monotonic() - start < PATIENCE:
        if (headline in fetched(port)) is wanted:
            return time.monotonic() - start
        time.sleep(LOOK)
    raise RuntimeError("the banner did not come" if wanted else "the banner did not go")


def alerts(made: Stage, hands: Hands, count: int, connections: int) -> tuple[list[float], list[float], Storm]:
    """Alerts in a storm: seconds from the last signature to the page, from STOP until it is gone; and the storm."""
    seconds = count * 8.0
    process = storm.begin(made.web_port, PATH, connections, seconds)
    came, went = [], []
    for number in range(count):
        time.sleep(0.37 * (number % 4))  # at no fixed moment of the second for which a page is kept
        warned = hands.warn()
        came.append(until_banner(made.web_port, warned.alert.headline, True, warned.start))
        went.append(until_banner(made.web_port, warned.alert.headline, False, hands.stop(warned)))
    return came, went, storm.end(process, seconds)


def measure(made: Stage, rounds: int, seconds: float, connections: int, warnings: int) -> dict[str, Any]:
    """Storms on our server and on the bare one by turns, then alerts in a storm."""
    made.start("web")
    hands = Hands(made)
    body = packed(made.web_port)
    ours: list[Storm] = []
    plain: list[Storm] = []
    spent = 0.0
    with bare(made.folder, body) as port:
        blow(made.web_port, connections, 1.0)
        for number in range(rounds):
            say(f"storm {number + 1} of {rounds}")
            before = cpu(made.running["web"].pid)
            ours.append(blow(made.web_port, connections, seconds))
            spent += cpu(made.running["web"].pid) - before
            plain.append(blow(port, connections, seconds))
    say(f"{warnings} alerts in a storm")
    came, went, during = alerts(made, hands, warnings, connections)
    rate, bare_rate = median(one.rate for one in ours), median(one.rate for one in plain)
    return {
        "cores": os.cpu_count(),
        "page_bytes": len(fetched(made.web_port).encode()),
        "sent_bytes": len(body),
        "connections": connections,
        "per_s": round(rate),
        "bare_per_s": round(bare_rate),
        "ratio": round(rate / bare_rate, 2),
        "p50_ms": round(1000 * median(at(one.took, 0.5) for one in ours), 1),
        "p99_ms": round(1000 * median(at(one.took, 0.99) for one in ours), 1),
        "bare_p99_ms": round(1000 * median(at(one.took, 0.99) for one in plain), 1),
        "cpu_us_per_answer": round(1e6 * spent / sum(one.answers for one in ours)),
        "wrong": sum(one.wrong for one in [*ours, during]),
        "alerts": len(came),
        "banner_p50_s": round(median(came), 3),
        "banner_max_s": round(max(came), 3),
        "banner_gone_max_s": round(max(went), 3),
        "during_alerts_per_s": round(during.rate),
    }


def run(rounds: int, seconds: float, connections: int, warnings: int) -> dict[str, Any]:
    """All of it on a server of its own."""
    with stage(1) as made:
        fill(made)
        found = measure(made, rounds, seconds, connections, warnings)
        made.stop()
        return found
