"""The command `nguon`. Each command is a module loaded only when called, so a device needs no Django."""

from importlib import import_module

import click

COMMANDS = {
    "account": "Help somebody in who lost their second step.",
    "agent": "Be one device: listen for orders, fetch, play, report.",
    "archive": "Take old recordings into the archive.",
    "bench": "Measure, always beside the bare part in the same run.",
    "cap": "Look at files of the Common Alerting Protocol.",
    "demo": "Load or change the demonstration district.",
    "journal": "Look at the hash-chained journal.",
    "keys": "See, renew and take back the keys that sign what devices obey.",
    "manage": "Django's own management commands.",
    "read": "Print how text is said aloud, line by line.",
    "run": "Run one service of the server.",
    "site": "Keep the website of a locality as files.",
    "swarm": "Run many simulated devices against a running server.",
    "up": "Run the whole server on this machine.",
    "vault": "Change the key that seals what is secret in the database.",
    "voice": "List voices, and try one with an account.",
}


class Lazy(click.Group):
    """A group whose commands are imported from `nguon.cli.<name>` on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"nguon.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nguon")
def main() -> None:
    """Nguồn: write what a locality must hear, approve it, send it out, and hear back what was played."""
