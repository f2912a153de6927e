"""`nguon keys …`: the keys that sign what devices obey, for whoever runs the server."""

import os
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nguon.keys.models import AuthorityKey


@click.group()
def command() -> None:
    """See, renew and take back the keys of authorities. Devices follow by themselves when they are on line.

    \b
    nguon keys list            every place with a key: its thumbprint, until when, and how many devices hold the newest
    nguon keys check           do all open with the key of the vault?
    nguon keys renew THUMB     a fresh key beside this one (happens by itself 90 days before the end)
    nguon keys revoke THUMB    this one was lost or seen: nothing signed with it counts any more
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


@command.command("list")
def list_keys() -> None:
    """Places by name; a spare is known to the devices from the beginning and signs nothing yet."""
    from nguon.devices.models import Device
    from nguon.devices.queries import keys_behind
    from nguon.keys.models import AuthorityKey
    from nguon.keys.queries import edition
    from nguon.kit import clock

    for key in AuthorityKey.objects.select_related("place").order_by("place__folded", "made_at"):
        state = (
            "taken back"
            if key.revoked_at
            else "over"
            if key.until <= clock.now()
            else "spare"
            if key.spare
            else "signs"
        )
        click.echo(f"{key.kid}  {state:<10}  until {key.until:%Y-%m-%d}  {key.place}")
    online = Device.objects.filter(state__online=True).count()
    behind = keys_behind(edition()).count()
    click.echo(f"Edition {edition()}: {online - behind} of {online} devices on line hold it.")


def _state(key: "AuthorityKey", now: datetime) -> str:
    if key.revoked_at:
        return "taken back"
    return "over" if key.until <= now else "spare" if key.spare else "signs"


@command.command()
def check() -> None:
    """Open every key and show none. Exit code 1 if one does not open: nothing can be signed with it."""
    from nguon.keys import queries, sealing
    from nguon.kit import clock
    from nguon.vault import VaultError

    shut = 0
    for key in queries.current(clock.now()).select_related("place"):
        try:
            sealing.opened(key)
        except VaultError as error:
            shut += 1
            click.echo(f"does not open: {key.kid} of {key.place}: {error}", err=True)
    if shut:
        raise click.ClickException("Bring back the vault.key these were sealed with (see the operator's manual).")
    click.echo("All keys open.")


@command.command()
@click.argument("thumb")
def renew(thumb: str) -> None:
    """Make a fresh key for the place of the key THUMB. Both count until the end of the older one."""
    from nguon.keys import actions
    from nguon.kit import clock

    made = actions.renew(place=_key(thumb).place, actor=_who(), now=clock.now())
    click.echo(f"{made.kid} signs for {made.place} now, until {made.until:%Y-%m-%d}.")


@command.command()
@click.argument("thumb")
@click.confirmation_option(prompt="Everything signed with this key stops counting. Take it back?")
def revoke(thumb: str) -> None:
    """Take back the key THUMB (its first signs are enough); another of its place takes over."""
    from nguon.keys import actions
    from nguon.kit import clock

    successor = actions.revoke(key=_key(thumb), actor=_who(), now=clock.now())
    if successor is None:
        raise click.ClickException("It was taken back before.")
    click.echo(f"Taken back. {successor.kid} signs for {successor.place}; devices on line hear of it within seconds.")


def _key(thumb: str) -> "AuthorityKey":
    from nguon.keys.models import AuthorityKey

    found = list(AuthorityKey.objects.filter(kid__startswith=thumb).select_related("place")[:2])
    if len(found) != 1:
        raise click.ClickException(f"{'No' if not found else 'More than one'} key begins with {thumb}.")
    return found[0]


def _who() -> str:
    """Whoever is at the server, for the journal."""
    return f"{os.environ.get('SUDO_USER') or os.environ.get('USER') or 'root'} (nguon keys)"[:64]
