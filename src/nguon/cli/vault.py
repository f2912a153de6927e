"""`nguon vault …`: the key that seals what is secret in the database, and changing it."""

import os
import sys

import click


@click.group()
def command() -> None:
    """Change the key that seals what is secret in the database: keys that sign, and those of providers of voices.

    \b
    nguon vault check     do all secrets open? which keys are used?
    nguon vault rotate    a fresh key before the others, and every secret sealed with it
    nguon vault forget    drop the keys that seal nothing any more

    Between `rotate` and `forget` copy the new key file to the other hosts, and let every service that was saving an
    account then come to its end: a minute is plenty.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


@command.command()
def check() -> None:
    """Open every secret, and show none. Exit code 1 if one does not open: its key must then be typed in anew."""
    from nguon.vault import rows

    found = rows.look()
    for name, count in found.used.items():
        click.echo(f"key {name}: seals {count} secrets")
    click.echo(f"{found.opened} secrets open, {len(found.shut)} do not.")
    for row in found.shut:
        click.echo(f"does not open: {row}", err=True)
    if found.shut:
        sys.exit(1)


@command.command()
def rotate() -> None:
    """Put a fresh key before the others and seal every secret with it. With NGUON_VAULT_KEY, put it there first.

    Secrets that do not open are left as they are, and named.
    """
    from django.conf import settings

    from nguon import vault
    from nguon.vault import rows

    if not settings.NGUON_VAULT_KEY:
        vault.add_key()
    done = rows.seal_anew()
    click.echo(f"{done} secrets are sealed with key {vault.name_of(vault.keys()[0]).hex()}.")
    for row in rows.look().shut:
        click.echo(f"does not open, left as it is: {row}", err=True)


@command.command()
def forget() -> None:
    """Drop every key but the newest from the key file. Refused while a secret is still sealed with another one."""
    from nguon import vault
    from nguon.vault import rows

    newest = vault.keys()[0]
    waiting = {name: count for name, count in rows.look().used.items() if name != vault.name_of(newest).hex()}
    if waiting:
        raise click.ClickException(f"still in use: {', '.join(waiting)}. Run `nguon vault rotate` first.")
    try:
        vault.write([newest])
    except vault.VaultError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Only key {vault.name_of(newest).hex()} is left.")
