"""`nguon manage …`: Django's management commands with our settings."""

import os

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Django's own management commands, for instance `nguon manage migrate`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["nguon manage", *arguments])
