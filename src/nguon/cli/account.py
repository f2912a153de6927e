"""`nguon account …`: the doors of one person, for whoever stands at the server."""

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nguon.people.models import Person

ACTOR = "nguon account"


@click.group()
def command() -> None:
    """Help somebody in who stands before a shut door: show what they have, take a lost second step away.

    \b
    nguon account show NAME          what is set up, and since when
    nguon account take-away NAME     all second steps of somebody who lost theirs
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    django.setup()


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """What the person with this sign-in name has set up. No secret is shown."""
    person = _found(name)
    click.echo(f"{person.username}: {person.full_name}, {'active' if person.is_active else 'locked'}")
    for factor in person.factors.all():
        used = f", last used {factor.used_at:%Y-%m-%d}" if factor.used_at else ""
        click.echo(f"  {factor.kind}: {factor.name}, since {factor.created_at:%Y-%m-%d}{used}")
    click.echo(f"  codes on paper left: {person.recovery_codes.filter(used_at=None).count()}")


@command.command("take-away")
@click.argument("name")
def take_away(name: str) -> None:
    """Take all second steps and codes of a person away. The next sign-in asks to set one up anew; the journal tells."""
    from nguon.kit import clock
    from nguon.people import factors

    person = _found(name)
    count = factors.take_away(person=person, actor=ACTOR, now=clock.now())
    click.echo(f"Đã bỏ {count} bước thứ hai của {person.username}; lần đăng nhập tới sẽ đặt lại từ đầu.")


def _found(name: str) -> "Person":
    from nguon.people.models import Person

    person = Person.objects.filter(username__iexact=name).first()
    if person is None:
        raise click.ClickException(f"Không có ai đăng nhập bằng tên “{name}”. (Nobody signs in with this name.)")
    return person
