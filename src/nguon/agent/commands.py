"""Short commands of the operator: run without a shell, within a time; what goes wrong is logged."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

log = logging.getLogger(__name__)
WITHIN = 10.0  # seconds a command may take


async def succeeds(command: Sequence[str], what: str) -> bool:
    """Run it; whether it went well. `what` it is for: "the amplifier"."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        log.warning("%s could not be switched by %s: %s", what, command[0], error)
        return False
    try:
        async with asyncio.timeout(WITHIN):
            _, words = await process.communicate()
    except TimeoutError:
        log.warning("%s: the command %s takes longer than %.0f s", what, command[0], WITHIN)
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode:
        log.warning("%s: the command %s ended with %d: %s", what, command[0], process.returncode, words[:200])
    return process.returncode == 0
