"""`nguon vault …`: the key that seals the secrets of accounts, and changing it."""

import os
import sys

import click


@click.group()
def command() -> None:
    """Change the key that seals the secrets of accounts (keys of providers of voices), and look whether all open.

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
    from nguon.media import sealing

    found = sealing.look()
    for name, count in found.used.items():
        click.echo(f"key {name}: seals the secrets of {count} accounts")
    click.echo(f"{found.opened} accounts open, {len(found.shut)} do not.")
    for account in found.shut:
        click.echo(f"does not open: {account.name} ({account.provider}, {account.place})", err=True)
    if found.shut:
        sys.exit(1)


@command.command()
def rotate() -> None:
    """Put a fresh key before the others and seal every secret with it. With NGUON_VAULT_KEY, put it there first.

    Secrets that do not open are left as they are, and named.
    """
    from django.conf import settings

    from nguon import vault
    from nguon.media import sealing

    if not settings.NGUON_VAULT_KEY:
        vault.add_key()
    done = sealing.seal_anew()
    click.echo(f"{done} accounts are sealed with key {vault.name_of(vault.keys()[0]).hex()}.")
    for account in sealing.look().shut:
        click.echo(f"does not open, left as it is: {account.name} ({account.provider}, {account.place})", err=True)


@command.command()
def forget() -> None:
    """Drop every key but the newest from the key file. Refused while a secret is still sealed with another one."""
    from nguon import vault
    from nguon.media import sealing

    newest = vault.keys()[0]
    waiting = {name: count for name, count in sealing.look().used.items() if name != vault.name_of(newest).hex()}
    if waiting:
        raise click.ClickException(f"still in use: {', '.join(waiting)}. Run `nguon vault rotate` first.")
    try:
        vault.write([newest])
    except vault.VaultError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Only key {vault.name_of(newest).hex()} is left.")
