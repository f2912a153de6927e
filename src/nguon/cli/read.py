"""`nguon read`: the reader at the command line, line by line."""

from collections.abc import Iterable
from typing import TextIO

import click

from nguon.speech import SOUTH, Spoken, read
from nguon.speech.spoken import FORMAL

PROFILES = {profile.name: profile for profile in (FORMAL, SOUTH)}


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default=FORMAL.name, show_default=True, help="How numbers are said."
)
@click.option(
    "--explain", is_flag=True, help="After each line, also print what was changed, by which rule, and how sure it is."
)
def command(file: TextIO, profile: str, explain: bool) -> None:
    """Print how each line of FILE (or of standard input) is said aloud: one line out for one line in."""
    for line in file:
        spoken = read(line, profile=PROFILES[profile])
        click.echo(spoken.text.replace("\n", " "))
        if explain:
            click.echo("".join(_explained(spoken)), nl=False)


def _explained(spoken: Spoken) -> Iterable[str]:
    for span in spoken.spans:
        written = spoken.source[span.start : span.end]
        said = spoken.text[span.spoken_start : span.spoken_end]
        yield f"    {span.start:>5}  {written!r} → {said!r}  ({span.rule}, {span.confidence:.0%})\n"
