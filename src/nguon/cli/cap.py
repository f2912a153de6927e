"""`nguon cap`: look at files of the Common Alerting Protocol."""

from datetime import datetime
from pathlib import Path

import click

from nguon.cap import checks, faults, read, sign, words
from nguon.kit import clock
from nguon.kit.text import printable


@click.group()
def command() -> None:
    """Look at files of the Common Alerting Protocol, CAP 1.2, as docs/cap.md says."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A certificate (PEM) of a signer whom you trust; may be given several times.",
)
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="Judge the certificates as on this day, not today.")
def check(files: tuple[Path, ...], trust: tuple[Path, ...], at: datetime | None) -> None:
    """Say whether each FILE is good CAP 1.2, who signed it, and what it says in Vietnamese.

    Errors come with line and path. Exit status 1 if a file is no good CAP, or if a signature was to be verified (with
    --trust) and does not hold.
    """
    trusted = [_certificate(path) for path in trust]
    moment = at.replace(tzinfo=clock.LOCAL) if at else clock.now()
    good = [_check(path, trusted, moment) for path in files]
    if not all(good):
        raise SystemExit(1)


def _check(path: Path, trusted: list[bytes], moment: datetime) -> bool:
    """Prints all about one file; whether it is good."""
    data = _bytes(path)
    try:
        found = read.read(data)
    except faults.CapError as error:
        click.echo(f"{path}: not good CAP 1.2")
        _problems(error.problems)
        return False
    _echo(f"{path}: good CAP 1.2, {found.alert.identifier} of {found.alert.sender}")
    for place in found.left_out:
        if not place.endswith("/Signature"):
            _echo(f"  left out, not of CAP: {place}")
    _problems(checks.advise(found.alert))
    verified = _verified(data, trusted, moment)
    # What was verified is told, not the file around it.
    for label, text in words.summary(read.parse(verified or data)):
        _echo(f"  {label}: " + text.replace("\n", "\n    "))
    return verified is not None or not trusted


def _verified(data: bytes, trusted: list[bytes], moment: datetime) -> bytes | None:
    """Prints who signed; the bytes that were signed, None if that does not hold."""
    try:
        verified = sign.verify(data, trusted, at=moment)
    except faults.Untrusted as error:
        click.echo("  signature: not verified")
        _problems(error.problems)
        return None
    if verified.signer is not None:
        _echo(f"  signature: holds, by {verified.signer.name} (SHA-256 {verified.signer.fingerprint})")
    return verified.data


def _problems(problems: tuple[faults.Problem, ...]) -> None:
    for problem in problems:
        _echo(f"  {problem}")
        _echo(f"    {words.problem(problem)}")


def _echo(text: str) -> None:
    """Prints a stranger's words without what would steer a terminal."""
    click.echo(printable(text))


def _certificate(path: Path) -> bytes:
    pem = _bytes(path)
    try:
        sign.certificates(pem)
    except ValueError as error:
        reason = str(error).partition(". See ")[0]
        raise click.ClickException(f"{path} holds no certificate (PEM) to trust: {reason}.") from None
    return pem


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
