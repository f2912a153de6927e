"""How evenly the line of a banner crawls: the pictures that were drawn of one real page, 1920×200, and the gaps.

Counted where pictures are drawn, in the browser's compositor, not by callbacks of the page: the line is moved without
any script, and a script that counts would neither see a picture that was dropped nor leave the page alone.
"""

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nguon.cli.bench import boardpages, documents
from nguon.cli.bench.fanout import send
from nguon.cli.bench.watching import at
from nguon.cli.bench.windows import Size, Windows

if TYPE_CHECKING:
    from nguon.cli.bench.stage import Stage

BANNER: Size = (1920, 200)
DRAWN = "Graphics.Pipeline.DrawAndSwap"
WANTED = 1000 / 60  # ms between two pictures
BEGUN = 2.0  # seconds from the beginning of the line to the first that counts
PATIENCE = 30.0


def measure(made: "Stage", windows: Windows, seconds: float) -> dict[str, Any]:
    """One page of a banner is enrolled and shown a bulletin; pictures drawn while the line passes."""
    (page,) = boardpages.enrolled(windows, made, 1, BANNER)
    boardpages.forget([page])
    moment = time.time()
    send(made, documents.bulletin("Tạm ngừng cấp nước trên đường ra ga", round(1000 * (seconds + PATIENCE))))
    if not boardpages.painted([page], boardpages.BULLETIN, moment, PATIENCE):
        raise RuntimeError("the banner showed nothing")
    if page.ask("document.querySelector('.board').dataset.form") != "crawl":
        raise RuntimeError("the line does not crawl")
    time.sleep(BEGUN)
    found = figures(windows.traced(["benchmark"], seconds))
    page.close()
    return found


def figures(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Pictures a second and gaps (ms) of a trace. `crawl_late`: how many came late by half a picture, of 60 a second.

    Raises RuntimeError if nothing was drawn.
    """
    drawn = sorted(one["ts"] / 1000 for one in events if one["name"] == DRAWN and one["ph"] in "bB")
    if len(drawn) < 2:
        raise RuntimeError("nothing was drawn: the line stands still")
    gaps = sorted(later - earlier for earlier, later in pairwise(drawn))
    return {
        "crawl_seconds": round((drawn[-1] - drawn[0]) / 1000, 1),
        "crawl_frames_per_s": round((len(drawn) - 1) / (drawn[-1] - drawn[0]) * 1000, 1),
        "crawl_gap_p50_ms": round(at(gaps, 0.5), 1),
        "crawl_gap_p99_ms": round(at(gaps, 0.99), 1),
        "crawl_gap_max_ms": round(gaps[-1], 1),
        "crawl_late": sum(gap > 1.5 * WANTED for gap in gaps),
    }
