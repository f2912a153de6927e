"""Fixtures that start real services. Those that need nothing real are beside their tests."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests import services
from tests.services import Server

BOARD = "nguon.channels.board.Board"
# Without the line of a channel its tables and pages are not there: what imports them cannot even be read
# (`make without-boards`, `make without-sites`).
OF_BOARDS = ["*/test_board_*.py", "app/test_scenes*.py", "app/test_newsroom_films.py"]
SITE = "nguon.channels.site.Site"
OF_SITES = [
    *("*/test_site_*.py", "app/test_sites.py", "app/test_posting.py", "app/test_portal_demo.py", "app/test_surveys.py"),
    *("app/test_aloud.py", "app/test_events.py", "app/test_public_look.py", "app/test_push*.py"),
    *("app/test_shared_pages.py", "app/test_told.py", "app/test_told_follow.py", "app/test_told_register.py"),
]
collect_ignore_glob = [
    pattern
    for channel, patterns in ((BOARD, OF_BOARDS), (SITE, OF_SITES))
    if channel not in os.environ.get("NGUON_CHANNELS", channel)
    for pattern in patterns
]
_numbers = itertools.count(1)
# How quickly a machine that is shared draws examples says nothing of the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")
MakeServer = Callable[..., Server]


@pytest.fixture(autouse=True)
def _first_data(request: pytest.FixtureRequest) -> None:
    """What the migrations of feedback brought, where a test that emptied all tables ran before in this process."""
    asks = {"db", "transactional_db"} & set(request.fixturenames)
    if not asks and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("db")
    from django.apps import apps

    if apps.get_model("feedback.Field")._default_manager.exists():
        return
    for model in ("Term", "Retention"):
        apps.get_model(f"feedback.{model}")._default_manager.all().delete()
    for name in ("0002_first_data", "0007_first_retention"):
        import_module(f"nguon.feedback.migrations.{name}").first(apps, None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """One PostgreSQL cluster for all tests that ask: its URL without a database name."""
    with services.postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of a fresh, empty PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres_server}/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def any_database_url(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each engine; empty means the SQLite of the data folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables, made once: migrating is the slowest part of a start."""
    folder = tmp_path_factory.mktemp("migrated")
    Server(folder).nguon("manage", "migrate")
    return folder / "nguon.sqlite3"


@pytest.fixture
def make_server(migrated_database: Path) -> Iterator[MakeServer]:
    """Makes servers that are stopped after the test: `make_server(database_url="", fresh=False, **settings)`.

    Nothing runs until `.start()`. `fresh` is a data folder with nothing in it; otherwise the tables are there.
    """
    made: list[Server] = []

    def make(*, database_url: str = "", fresh: bool = False, **settings: str) -> Server:
        folder = Path(tempfile.mkdtemp(prefix="nguon-server-"))
        if not (fresh or database_url):
            shutil.copy(migrated_database, folder)
        made.append(Server(folder, database_url=database_url, **settings))
        return made[-1]

    yield make
    for server in made:
        server.stop()
        shutil.rmtree(server.data)


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """A running server with an empty database, for one test."""
    return make_server().start()


@pytest.fixture(scope="module")
def demo_server() -> Iterator[Server]:
    """A running server with the demonstration district and its simulated clusters, for the tests of one file."""
    folder = Path(tempfile.mkdtemp(prefix="nguon-server-"))
    running = Server(folder)
    try:
        yield running.start(demo=True)
    finally:
        running.stop()
        shutil.rmtree(folder)
