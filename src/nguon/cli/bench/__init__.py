"""`nguon bench`: every figure beside the bare part in the same run."""

import json
from pathlib import Path
from typing import Any

import click


def show(found: dict[str, Any], as_json: bool) -> None:
    """Print figures, as one line of JSON or one a line."""
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:<24} {value}")


@click.group()
def command() -> None:
    """Measure, always beside the bare part in the same run. Read ratios: machines differ, and so do moments.

    \b
    nguon bench fanout --devices 5000 --json    one order to 5,000 devices, until every receipt is in the database
    nguon bench alert --devices 10000 --json    an alert from the last signature to the sounds, and STOP to silence
    nguon bench boards --pages 20 --boards 2000     orders painted by real pages of Chromium, beside simulated boards
    nguon bench vitals --rate 20000             heartbeats into one listener, without loss
    nguon bench audio --json                    text to a file for loudspeakers, beside ffmpeg's own loudness filter
    nguon bench archive --files 40              old recordings into the archive, and a search among 20,000
    nguon bench plan --devices 260              a week compiled into the plans of devices, beside the pure scheduler
    nguon bench plan-day --devices 200          a day without a network on many devices, time run fast
    nguon bench live --listeners 1000           a live voice from mouth to player, while others listen
    nguon bench portal --connections 100        the front page of a site in a storm of readers, and an alert on it
    nguon bench reading                         how text is read aloud, beside two libraries
    """


@command.command("fanout")
@click.option("--devices", default=1000, show_default=True, help="How many simulated devices.")
@click.option("--rounds", default=3, show_default=True, help="Pairs of rounds; the figures are their medians.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _fanout(devices: int, rounds: int, as_json: bool) -> None:
    """One order to all devices; times of receipt, start and record, and the bare broker's in the same run.

    Starts its own broker and services on a temporary folder. The bare broker is a second mosquitto with the same
    configuration and accounts, and minimal clients that answer with constant bytes; its time ends when the last answer
    is counted in memory. Rounds of the two take turns.
    The product's time begins before the action that sends, and ends when the last receipt can be read from the database
    by another process. The devices have the core of real ones; they keep time instead of sounding, and share one
    download.
    """
    from nguon.cli.bench.fanout import run

    show(run(devices, rounds), as_json)


@command.command("alert")
@click.option("--devices", default=1000, show_default=True, help="How many simulated devices.")
@click.option("--rounds", default=3, show_default=True, help="Pairs of rounds; the figures are their medians.")
@click.option("--away-over", default=60.0, show_default=True, help="Seconds over which the absent come back.")
@click.option("--storm-over", default=30.0, show_default=True, help="Seconds over which all come back at once.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _alert(devices: int, rounds: int, away_over: float, storm_over: float, as_json: bool) -> None:
    """An alert to all devices: from the last signature to the sounds, STOP to silence; then with devices away.

    Written and signed by people of a temporary server of its own, with its broker and services. `start_` runs from
    before the commit of the last signature until a device's player began, `stop_` from before the act that stops until
    its player was told to be silent, `recorded_max_s` until the receipt of every device can be read from the database
    by another process, `all_answers_max_s` the same for the receipts up to the sound. `bare_broker_max_s`: the same
    bytes through a second mosquitto with the same configuration and accounts, to clients that answer with constant
    bytes. `away_`: a fifth of the devices is away meanwhile and comes back; `storm_`: all of them. `missed` and `twice`
    count over everything.

    The devices have the core of real ones. They keep time instead of sounding, share one download, and, being one
    process, share the check of identical bytes; `checks_per_s` is what one core checks with nothing remembered.
    """
    from nguon.cli.bench.alert import run

    show(run(devices, rounds, away_over, storm_over), as_json)


@command.command("boards")
@click.option("--boards", default=200, show_default=True, help="How many simulated boards.")
@click.option("--pages", default=4, show_default=True, help="How many real pages of Chromium.")
@click.option(
    "--rounds", default=3, show_default=True, help="Rounds of each kind, medians of which are shown. 0: none."
)
@click.option(
    "--crawl", default=0.0, metavar="SECONDS", help="Also look so long how evenly the line of a banner crawls."
)
@click.option(
    "--hours", default=0, help="Also let one page live so many hours, its time run fast: does its memory grow?"
)
@click.option("--speed", default=60, show_default=True, help="How many times as fast.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _boards(boards: int, pages: int, rounds: int, crawl: float, hours: int, speed: int, as_json: bool) -> None:
    """Orders to boards: from the act (a bulletin) or the last signature (an emergency) to the painted page.

    Starts its own server on a temporary folder, simulated boards with the core of real ones, and one Chromium without
    a screen with a window and a storage for each page. The pages are enrolled by their codes. `painted`: the page's own
    moment behind the picture that has the document; page and order go by the clock of this machine. `bare_painted_`: a
    page that only hears the bytes of a second broker through the same tunnel and paints a word, while as many bare
    clients answer it. `stop_dark_`: from the act that stops until the page is dark. `missed`: boards, pages among them,
    of which the database has no beginning.

    Frames of the crawl are counted in the browser's compositor (1920×200, without a graphics processor). The hours: a
    page whose clock and timers run fast gets a bulletin every 5 minutes and an emergency every 2 hours, and is measured
    after forced collections every 30, from the second hour on.
    """
    from nguon.cli.bench.boards import run

    show(run(boards, pages, rounds, crawl, hours, speed), as_json)


@command.command("vitals")
@click.option("--devices", default=2000, show_default=True, help="How many devices speak.")
@click.option("--rate", default=20_000, show_default=True, help="Heartbeats a second, all together.")
@click.option("--seconds", default=10, show_default=True, help="How long.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _vitals(devices: int, rate: int, seconds: int, as_json: bool) -> None:
    """Heartbeats into one listener on SQLite: sent, taken, and of how many devices the last is stored."""
    from nguon.cli.bench.vitals import run

    show(run(devices, rate, seconds), as_json)


@command.command("links")
@click.option("--devices", default=2000, show_default=True, help="How many links.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _links(devices: int, as_json: bool) -> None:
    """What links cost the broker, plain and with TLS: memory, processor, one message to all."""
    from nguon.cli.bench.links import run

    show(run(devices), as_json)


@command.command("audio")
@click.option("--seconds", default=600, show_default=True, help="About how long the sound is.")
@click.option("--rounds", default=3, show_default=True, help="Rounds of each kind; the figures are their medians.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _audio(seconds: int, rounds: int, as_json: bool) -> None:
    """A text spoken by espeak-ng and made ready for loudspeakers, and ffmpeg's own two-pass loudnorm in the same run.

    `wall_s` is voice and chain together, `rtf` its part of the sound's length, `cpu_s` the processor time of all
    programs; the bare part levels and encodes the same speech. `ratio` is the chain's time over that of the bare part.
    """
    from nguon.cli.bench.audio import run

    show(run(seconds, rounds), as_json)


@command.command("archive")
@click.option("--files", default=40, show_default=True, help="How many recordings to make and import.")
@click.option("--seconds", default=60, show_default=True, help="How long each is.")
@click.option("--rows", default=20_000, show_default=True, help="How many recordings to search among.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _archive(files: int, seconds: int, rows: int, as_json: bool) -> None:
    """Recordings into the archive: files a second, times real time, copies found; and the time of a search.

    Beside it, in the same run, the same files decoded once by ffmpeg and nothing else. One in ten is a copy of the one
    before in another coding.
    """
    from nguon.cli.bench.archive import run

    show(run(files, seconds, rows), as_json)


@command.command("plan")
@click.option("--devices", default=260, show_default=True, help="How many devices, 20 to a commune.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _plan(devices: int, as_json: bool) -> None:
    """Nine days of three sessions for every commune, compiled: at first, again, and after a change of one slot.

    Beside it, in the same run, the pure scheduler for one device of each hamlet and nothing else. `again_s` is what a
    planner that goes on living needs when nothing changed, `again_new_process_s` one that has just begun.
    """
    from nguon.cli.bench.plan import run

    show(run(devices), as_json)


@command.command("plan-day")
@click.option("--devices", default=200, show_default=True, help="How many devices.")
@click.option("--seed", default=1, show_default=True, help="Of the plans and of what happens: the same again.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _plan_day(devices: int, seed: int, as_json: bool) -> None:
    """24 hours without a network by the core of the device, its own clock run fast: what sounded, and what must not be.

    Plans as no officer would make them: sessions that collide, run into quiet hours, are broken into by higher rungs;
    the power goes up to three times; one clock in ten has no battery. What sounded is judged from the plan alone:
    `missed` counts what was neither heard nor has a reason that is true, beside `double`, `in_quiet_hours`,
    `two_at_once`, `too_loud`, and what begins alone but `not_within_a_second`.
    """
    from nguon.cli.bench.planday import run

    show(run(devices, seed), as_json)


@command.command("reading")
@click.option(
    "--cases",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Files of cases (TSV) instead of the bench's own.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _reading(files: tuple[Path, ...], as_json: bool) -> None:
    """Our reader, sea-g2p and vietnormalizer on the same cases: readings that are right, by kind, and their time.

    A reading is right if it is one of the accepted ones; differences of spelling and of region do not count. The
    libraries come with the extra `bench`.
    """
    from nguon.cli.bench.reading import run, table

    found = run(files)
    click.echo(json.dumps(found) if as_json else table(found))


@command.command("live")
@click.option("--seconds", default=30.0, show_default=True, help="How long to speak.")
@click.option("--listeners", default=100, show_default=True, help="How many listen besides the player.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _live(seconds: float, listeners: int, as_json: bool) -> None:
    """A tone with known edges in, as a browser records it, and found again in the recorder's file of a device.

    Encoder, relay, player and recorder are the product's. `ratio` is the relay's processor time over that of a bare
    asyncio writer with as many listeners in the same run.
    """
    from nguon.cli.bench.live import run

    show(run(seconds, listeners), as_json)


@command.command("portal")
@click.option("--rounds", default=3, show_default=True, help="Storms on each server; the figures are their medians.")
@click.option("--seconds", default=5.0, show_default=True, help="How long each blows.")
@click.option("--connections", default=100, show_default=True, help="How many readers at once.")
@click.option("--alerts", default=10, show_default=True, help="How many alerts while a storm blows.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def _portal(rounds: int, seconds: float, connections: int, alerts: int, as_json: bool) -> None:
    """The front page of a commune's site, asked for by as many as can; and how soon an alert stands on it meanwhile.

    One web service as the server has it, a site with 60 articles, readers on kept connections in a process of their
    own. `bare_per_s`: uvicorn serving the same packed bytes from memory, by turns with ours. `banner_`: from the moment
    before the last signature of a real alert is committed until a reader who asks has it on the page; `banner_gone_`
    from STOP. `wrong`: answers that were not whole, or no 200.
    """
    from nguon.cli.bench.portal import run

    show(run(rounds, seconds, connections, alerts), as_json)
