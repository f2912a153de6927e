"""`nguon agent`: be one device."""

import asyncio
import contextlib
import json
import logging
import signal
import sys
from pathlib import Path

import click

from nguon.cli import kiosk

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("/var/lib/nguon-agent"),
    show_default=True,
    help="Folder of this device: key, credentials, state, sounds. Keep it on a disk that survives power loss.",
)


@click.group()
def command() -> None:
    """Be one device: listen for orders, fetch, play, report.

    \b
    First, once, with the code the office gave you:
      nguon agent enrol --server http://192.0.2.10:8000 --code ABCD-EFGH --home /var/lib/nguon-agent
    Then, always (deploy/nguon-agent.service does it at each start of the machine):
      nguon agent run --home /var/lib/nguon-agent --player mpv
    Look at it:
      nguon agent status --home /var/lib/nguon-agent
    A board is the browser of this machine instead:
      nguon agent kiosk --server https://nguon.example.vn
    """


for one in (kiosk.kiosk, kiosk.photo, kiosk.status):
    command.add_command(one)


@command.command()
@HOME
@click.option("--server", required=True, help="Address of the server, for instance http://192.0.2.10:8000")
@click.option("--code", required=True, help="The one-time code, for instance ABCD-EFGH.")
@click.option("--again", is_flag=True, help="Enrol even if this folder already holds a device.")
def enrol(home: Path, server: str, code: str, again: bool) -> None:
    """Trade a one-time code for this device's own key and credentials.

    The private key is made here and never leaves this machine. A code works once; ask the office for another if it
    was used or is too old.

    \b
    Example:
      nguon agent enrol --server https://nguon.example.vn --code ABCD-EFGH --home /var/lib/nguon-agent
    """
    from nguon.agent import enrol as enrolment
    from nguon.agent import identity

    if (home / identity.FILE).exists() and not again:
        raise click.ClickException(f"{home} already holds a device; --again replaces it.")
    try:
        made = enrolment.enrol(home, server, code)
    except (enrolment.EnrolmentFailed, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Enrolled as {made.device}. Start it with: nguon agent run --home {home}")


@command.command()
@HOME
@click.option(
    "--player",
    type=click.Choice(["mpv", "ffplay", "recorder"]),
    default="mpv",
    show_default=True,
    help="mpv and ffplay make sound. recorder makes none: it writes what it would play to HOME/recordings.",
)
@click.option("--proof", is_flag=True, help="Send the recorded sound of each broadcast, whatever the settings say.")
@click.option(
    "--signal-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File in which a program of yours writes the strength of the signal, dBm, for instance -87; at least every 15 "
    "minutes. Without it: Wi-Fi as the kernel lists it, or a modem through mmcli.",
)
@click.option("--verbose", is_flag=True, help="Log more.")
def run(home: Path, player: str, proof: bool, signal_file: Path | None, verbose: bool) -> None:
    """Be the device, until Ctrl-C or SIGTERM. Reconnects by itself, and goes on after a loss of power.

    \b
    Examples:
      nguon agent run --player mpv                              a box with a sound card
      nguon agent run --player recorder --proof --home ./loa-1  a simulated one that sends back what it played
    Extra options for the player program: NGUON_PLAYER_OPTIONS="--audio-device=alsa/plughw:1"
    Commands that switch an amplifier: NGUON_AMPLIFIER_ON="gpioset 0 17=1" NGUON_AMPLIFIER_OFF="gpioset 0 17=0"
    """
    from nguon.agent.identity import NotEnrolled
    from nguon.agent.run import Agent

    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for loud in ("httpx", "httpcore", "gmqtt"):
        logging.getLogger(loud).setLevel(logging.WARNING)

    async def live() -> None:
        agent = Agent(home, player, proof=proof, signal_file=signal_file)
        task = asyncio.ensure_future(agent.run())
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    try:
        asyncio.run(live())
    except (NotEnrolled, OSError) as error:
        raise click.ClickException(str(error)) from error


@command.command()
@HOME
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(home: Path, as_json: bool) -> None:
    """What the device in this folder holds and has yet to say, as last saved.

    \b
    Example:
      nguon agent status --home /var/lib/nguon-agent
    """
    from nguon.agent.identity import NotEnrolled
    from nguon.agent.report import report

    try:
        found = report(home)
    except (NotEnrolled, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=2)
        click.echo()
        return
    for name, value in found.items():
        if isinstance(value, list):
            click.echo(f"{name}:")
            for line in value:
                click.echo(f"  {line}")
        else:
            click.echo(f"{name}: {value}")
