"""One photo for the page, with what is to be said of it: whether it can be what people see."""

import asyncio
from dataclasses import dataclass

from nguon.agent.kiosk import picture
from nguon.agent.kiosk.cdp import Refused, Silent
from nguon.agent.kiosk.page import Page
from nguon.agent.kiosk.rules import Beat

PICTURE = "picture"
BLANK = "blank"  # dark and empty though something is shown
STILL = "still"  # nothing is painted
OFF = "off"  # the screen is switched off by the hour


@dataclass(frozen=True)
class Shot:
    """What was found. No bytes: no picture came."""

    seen: str
    jpeg: bytes = b""


async def take(page: Page, beat: Beat, *, off: bool, still: bool) -> Shot:
    """Take a photo of a page that answered so. `still`: it painted nothing of late. Raises Silent."""
    try:
        blank = await asyncio.to_thread(picture.is_blank, await page.thumbnail(), beat.light)
        jpeg = await page.photo_to_send()
    except Silent:
        raise
    except (Refused, ValueError):
        return Shot(OFF if off else STILL)
    if off:
        return Shot(OFF, jpeg)
    if still:
        return Shot(STILL, jpeg)
    return Shot(BLANK if blank and beat.started else PICTURE, jpeg)
