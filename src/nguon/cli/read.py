"""`nguon read`: the reader at the command line, line by line."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from nguon.speech import FORMAL, PROFILES, Spoken, read


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default=FORMAL.name, show_default=True, help="How numbers are said."
)
@click.option(
    "--explain", is_flag=True, help="After each line, also print what was changed, by which rule, and how sure it is."
)
@click.option(
    "--readings",
    "own",
    type=click.Path(path_type=Path),
    help="A file of a place's own readings: on each line what is written, a tab or =, and how it is said.",
)
def command(file: Path, profile: str, explain: bool, own: Path | None) -> None:
    """Print how each line of FILE (or of standard input) is said aloud: one line out for one line in.

    A line of which nothing is said gives an empty line. In what --explain prints, ? marks a change to look at.
    """
    readings = tuple(_readings(own)) if own else ()
    for line in _text(file).splitlines():
        spoken = read(line, profile=PROFILES[profile], readings=readings)
        click.echo(spoken.text.replace("\n", " "))
        if explain:
            click.echo("".join(_explained(spoken)), nl=False)


def _text(file: Path) -> str:
    """The whole input as text, its lines ended by a plain line feed. Raises ClickException in plain words."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except FileNotFoundError:
        raise click.ClickException(f"There is no file {name}.") from None
    except IsADirectoryError:
        raise click.ClickException(f"{name} is a folder. Name a text file.") from None
    except OSError as error:
        raise click.ClickException(f"{name} cannot be read: {error.strerror}.") from error
    return _decoded(data, name)


def _decoded(data: bytes, name: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # Notepad's "Unicode"
    if b"\0" in data and not wide:
        raise click.ClickException(f"{name} is no text file. Word and PDF files must be saved as plain text first.")
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(
            f"{name} is no text in UTF-8 (byte {error.start} is wrong). Save it as plain text in UTF-8 and try again."
        ) from None
    return _plain_lines(text)


def _plain_lines(text: str) -> str:
    """Only line feeds end a line: what else Python takes for an end of line becomes a blank."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " "))


def _readings(file: Path) -> Iterator[tuple[str, str]]:
    """(written, spoken) of each line; empty lines and lines that begin with # are left out."""
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        written, sign, spoken = line.partition("\t" if "\t" in line else "=")
        if not sign or not written.strip():
            raise click.ClickException(f"{file}, line {number}: write it as `written = spoken`.")
        yield written.strip(), spoken.strip()


def _explained(spoken: Spoken) -> Iterator[str]:
    for span in spoken.spans:
        written = spoken.source[span.start : span.end]
        said = spoken.text[span.spoken_start : span.spoken_end]
        mark = "?" if span.doubtful else " "
        yield f"  {mark} {span.start:>5}  {written!r} → {said!r}  ({span.rule}, {span.confidence:.0%})\n"
