"""`nguon journal …`: look at the hash-chained journal."""

import os
import sys

import click

WORDS = {
    "altered": "row {row} was changed after it was written",
    "missing": "a row that stood before row {row} is gone or was rewritten",
    "misplaced": "row {row} stands behind another row than the one it was written after",
    "forgotten": "no row has the digest that was kept: the journal was emptied, or written anew from the beginning",
    "cut": "the end of the journal is not where it should be; the last row in order is {row}",
}


@click.group()
def command() -> None:
    """Look at the hash-chained journal: who did what to what, before and after."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


@command.command()
@click.option("--from", "from_id", default=0, show_default=True, metavar="ROW", help="Start at this row.")
@click.option(
    "--digest", "kept", default="", metavar="HEX", help="A digest printed earlier, which must still be there."
)
def verify(from_id: int, kept: str) -> None:
    """Read the whole chain and name the first broken row. Exit code 1 if it is broken.

    The digest printed for a sound journal may be kept on paper and given again with --digest: whoever empties the
    journal, or rewrites the whole chain, cannot keep it.
    """
    from nguon.journal import queries

    verdict = queries.verify(from_id, kept=kept.strip().lower())
    if verdict.fault is None:
        click.echo(f"The journal is whole: {verdict.checked} rows read. Digest of the last: {verdict.digest}")
        return
    click.echo(f"THE JOURNAL IS BROKEN: {WORDS[verdict.fault].format(row=verdict.row)}.", err=True)
    click.echo(f"{verdict.checked} rows before it are in order, up to digest {verdict.digest}.", err=True)
    sys.exit(1)
