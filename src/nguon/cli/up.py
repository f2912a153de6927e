"""`nguon up`: the whole server on this machine, as one supervised tree."""

import asyncio
import contextlib
import errno
import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from nguon.config.supervisor import Supervisor

COLOURS = ("36", "32", "33", "35", "34", "96", "92", "93")
PORT = click.IntRange(1, 65535)
SETTLE = 1.5  # seconds: the welcome stands below the first lines of the services


@click.command(
    epilog="Other settings are environment variables: see docs/operator.md. One service alone: `nguon run NAME`. "
    "Ctrl-C stops everything in reverse order, within ten seconds."
)
@click.option("--port", envvar="NGUON_PORT", type=PORT, default=8000, show_default=True, show_envvar=True, help="Web.")
@click.option(
    "--broker-port",
    envvar="NGUON_BROKER_PORT",
    type=PORT,
    default=18830,
    show_default=True,
    show_envvar=True,
    help="MQTT, for the devices.",
)
@click.option("--demo/--no-demo", default=True, help="Load the demonstration district if the data folder is empty.")
def command(port: int, broker_port: int, demo: bool) -> None:
    """Run the whole server on this machine: web, broker, sender, listener, clock, jobs and simulated devices.

    Data is kept in ./data (NGUON_DATA). The database is brought up to date first. A service that ends is started
    again; its lines are printed with its name before them.
    """
    os.environ.update(NGUON_PORT=str(port), NGUON_BROKER_PORT=str(broker_port))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nguon.config.settings")
    import django

    try:
        django.setup()
    except OSError as error:
        raise click.ClickException(f"Không ghi được thư mục dữ liệu (data folder not writable): {error}") from error
    from django.conf import settings

    settings.DATA.mkdir(parents=True, exist_ok=True)
    with only_one(settings.DATA):
        check_ports()
        sys.exit(_serve(demo))


def _serve(demo: bool) -> int:
    from django.conf import settings

    from nguon.config import services

    prepare(demo)
    wanted = services.wanted()
    lines = welcome()
    from django.db import connections

    connections.close_all()  # nothing of the database is used in the loop below
    printer = Printer([service.name for service in wanted], colour=sys.stdout.isatty())
    supervisor_env = {**os.environ, "PYTHONUNBUFFERED": "1"}

    async def main() -> int:
        tree = Supervisor(wanted, printer.say, settings.DATA / "services.json", env=supervisor_env, settle=SETTLE)
        tree.on_ready = lambda: printer.plain("\n".join(lines))
        return await tree.run()

    return asyncio.run(main())


def prepare(demo: bool) -> None:
    """Bring the database up to date and, on an empty one, load the demonstration."""
    from django.core.management import call_command

    from nguon.people.models import Person
    from nguon.places.models import Place

    call_command("migrate", verbosity=0, interactive=False)
    if demo and not Place.objects.exists() and not Person.objects.exists():
        from nguon.cli.demo import command as demo_command

        click.echo("Nạp huyện mẫu… (loading the demonstration district)")
        demo_command.main(["load"], standalone_mode=False)


def welcome() -> list[str]:
    """What a newcomer reads when everything runs: the address, who can sign in, what to do first."""
    from django.conf import settings

    from nguon.cli.demo import accounts_kept
    from nguon.people.models import Person

    lines = ["", f"Nguồn đã sẵn sàng:  http://{_shown(settings.BIND)}:{settings.PORT}/", ""]
    accounts = accounts_kept()
    if accounts:
        width = max(len(name) for name, _, _ in accounts)
        lines += ["Tài khoản mẫu (tên, mật khẩu, việc):"]
        lines += [f"  {name:<{width}}  {password}  {duty}" for name, password, duty in accounts]
        lines += [
            "",
            "Bước đầu: đăng nhập bằng tài khoản biên tập, bấm Soạn bản tin, nghe thử và gửi duyệt.",
        ]
    elif not Person.objects.exists():
        lines += ["Chưa có ai đăng nhập được. Tạo người quản trị đầu tiên:  .venv/bin/nguon manage createsuperuser"]
    return [*lines, "Everything runs; open the address above. Ctrl-C stops it.", ""]


def _shown(host: str) -> str:
    return {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder. Raises ClickException if another `nguon up` holds it."""
    with (data / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise click.ClickException(
                f"Máy chủ đang chạy trên thư mục {data} (tiến trình {lock.read().strip()}). "
                "The server already runs on this data folder; another one needs its own NGUON_DATA."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def check_ports() -> None:
    """Raises ClickException naming the variable to change if a port cannot be had."""
    from django.conf import settings

    _free("NGUON_PORT", settings.BIND, settings.PORT)
    if settings.NGUON_BROKER_OWN:
        _free("NGUON_BROKER_PORT", settings.NGUON_BROKER_BIND, settings.NGUON_BROKER_PORT)
        _free("NGUON_BROKER_TLS_PORT", settings.NGUON_BROKER_TLS_BIND, settings.NGUON_BROKER_TLS_PORT)


def _free(variable: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            words = (
                f"Cổng {port} đang có chương trình khác dùng; hãy đặt {variable} thành số khác. "
                f"Port {port} is in use; set {variable} to another."
                if error.errno == errno.EADDRINUSE
                else f"Không mở được {host}:{port} ({error.strerror}). Check {variable} and its address."
            )
            raise click.ClickException(words) from error


class Printer:
    """Lines with the name of their service before them; colours only where a person looks."""

    def __init__(self, names: list[str], *, colour: bool) -> None:
        self._width = max(map(len, [*names, "nguon"]))
        self._colours = dict(zip(names, COLOURS, strict=False)) if colour else {}

    def say(self, name: str, line: str) -> None:
        """One line of one service."""
        label = f"{name:<{self._width}} |"
        if name in self._colours:
            label = f"\x1b[{self._colours[name]}m{label}\x1b[0m"
        self.plain(f"{label} {line}")

    def plain(self, line: str) -> None:
        """One line as it is. A terminal that has gone away does not stop the server."""
        with contextlib.suppress(OSError):
            print(line, flush=True)
