"""`nguon agent kiosk` and what goes with it: the browser that is a board."""

import asyncio
import contextlib
import json
import logging
import re
import shlex
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/var/lib/nguon-kiosk"),
    show_default=True,
    help="Folder of this board: the browser's profile, in which the board keeps its key and its state, and photos.",
)


def _command(_: click.Context, option: click.Parameter, words: str | None) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(words or ""))
    except ValueError as error:
        raise click.BadParameter(str(error), param=option) from error


def _size(_: click.Context, option: click.Parameter, words: str | None) -> tuple[int, int] | None:
    if words is None:
        return None
    if (found := re.fullmatch(r"([1-9]\d{1,4})x([1-9]\d{1,4})", words)) is None:
        raise click.BadParameter("not a size like 1920x1080", param=option)
    return int(found[1]), int(found[2])


@click.command()
@HOME
@click.option("--server", required=True, help="Address of the server, for instance https://nguon.example.vn")
@click.option("--browser", help="Chromium to use: a name or a path. Without it the one that is installed.")
@click.option("--size", callback=_size, metavar="WxH", help="Size of the window, where no window manager sees to it.")
@click.option("--hours", metavar="HH:MM-HH:MM", help="When the screen is on, in Vietnam's time. Without it: always.")
@click.option("--screen-on", callback=_command, metavar="COMMAND", help="Switches the screen on. Run without a shell.")
@click.option("--screen-off", callback=_command, metavar="COMMAND", help="Switches it off.")
@click.option(
    "--photo-every",
    type=click.FloatRange(min=0),
    default=0,
    show_default=True,
    help="Seconds between two photos of what is shown, the newest 24 of which stay in HOME/photos. 0: only when asked.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=200),
    default=1500,
    show_default=True,
    help="MB that the browser may take before it is started again. No emergency is broken off for it.",
)
@click.option("--verbose", is_flag=True, help="Log more.")
def kiosk(
    home: Path,
    server: str,
    browser: str | None,
    size: tuple[int, int] | None,
    hours: str | None,
    screen_on: tuple[str, ...],
    screen_off: tuple[str, ...],
    photo_every: float,
    memory: int,
    verbose: bool,
) -> None:
    """Show the board of SERVER on this machine's screen, and keep it shown, until Ctrl-C or SIGTERM.

    Chromium is started on the page /bang/, which is the device: at first it shows a code for the office. It is started
    again when it ends, hangs or paints nothing; the page is loaded again when it crashes, is another, or stays black.

    \b
    Examples:
      nguon agent kiosk --server https://nguon.example.vn
      nguon agent kiosk --server https://nguon.example.vn --hours 05:00-22:00 \\
          --screen-on "xrandr --output HDMI-1 --auto" --screen-off "xrandr --output HDMI-1 --off"
    An emergency switches the screen on at any hour. More options for Chromium: NGUON_BROWSER_OPTIONS="--use-gl=egl"
    Installation, and commands for other screens: deploy/kiosk.md
    """
    from nguon.agent.kiosk import power, rules
    from nguon.agent.kiosk.watch import Kiosk, Options

    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if not re.match(r"https?://[^/\s]", server):
        raise click.ClickException(f"not the address of a server: {server}")
    limits = rules.Limits(memory=memory * 1_000_000)
    try:
        on_at = power.hours(hours) if hours else None
        options = Options(server, browser, size, on_at, screen_on, screen_off, photo_every, limits)
        asyncio.run(_until_told(Kiosk(home, options).run()))
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Until it ends, or a signal says so."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


@click.command()
@HOME
def photo(home: Path) -> None:
    """Take a photo of what the kiosk shows now, and print where it is.

    It is what the browser paints, not what the television makes of it.

    \b
    Example:
      nguon agent photo --home /var/lib/nguon-kiosk
    """
    from nguon.agent.kiosk.ask import NoKiosk, ask

    try:
        click.echo(ask(home, "photo")["photo"])
    except NoKiosk as error:
        raise click.ClickException(str(error)) from error


@click.command("kiosk-status")
@HOME
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(home: Path, as_json: bool) -> None:
    """What the kiosk in this folder shows, since when, and how often it had to be helped.

    \b
    Example:
      nguon agent kiosk-status --home /var/lib/nguon-kiosk
    """
    from nguon.agent.kiosk.ask import NoKiosk, ask

    try:
        found = ask(home, "status")
    except NoKiosk as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
        click.echo()
        return
    for name, value in found.items():
        lines = [f"{one}: {count}" for one, count in value.items()] if isinstance(value, dict) else value
        if isinstance(lines, list):
            click.echo(f"{name}:" if lines else f"{name}: none")
            for line in lines:
                click.echo(f"  {line}")
        else:
            click.echo(f"{name}: {value}")
