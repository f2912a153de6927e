"""`nguon run NAME`: one service in the foreground."""

import asyncio
import inspect
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module

import click
import uvloop

from nguon.config.services import KINDS


def _names() -> str:
    return "\n".join(f"  {kind.name:<9} {kind.summary}" for kind in KINDS)


@click.command(
    epilog=f"\b\nServices:\n{_names()}\n\n"
    "All of them together are `nguon up`. Settings are environment variables: see docs/operator.md. "
    "SIGTERM or Ctrl-C stops a service in good order."
)
@click.argument("name", metavar="NAME", type=click.Choice([kind.name for kind in KINDS]))
def command(name: str) -> None:
    """Run one service of the server in the foreground, as a service manager would."""
    kind = next(kind for kind in KINDS if kind.name == name)
    if not kind.start:
        _other_command(kind.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()
    module, _, function = kind.start.rpartition(".")
    start = getattr(import_module(module), function)
    if inspect.iscoroutinefunction(start):
        run_until_told(start)
    else:
        start()


def run_until_told(start: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine function until it ends, or is cancelled by SIGTERM or SIGINT and has cleaned up."""

    async def main() -> None:
        task = asyncio.ensure_future(start())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def _other_command(argv: Sequence[str]) -> None:
    other: click.Command = import_module(f"nguon.cli.{argv[0]}").command
    other.main(list(argv[1:]), standalone_mode=False)
