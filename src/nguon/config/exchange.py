"""The service that speaks with other systems: alerts as CAP, and whatever channels fetch. Composition only."""

import asyncio

from django.conf import settings

from nguon.config import channels
from nguon.kit.plugs import load


async def run() -> None:
    """All of it for ever, side by side."""
    await asyncio.gather(
        *(load(path)() for path in ["nguon.links.service.run", *channels.work(settings.NGUON_CHANNELS)])
    )
