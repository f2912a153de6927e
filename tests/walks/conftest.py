"""The stories run twice: on SQLite, and on PostgreSQL by nothing but its URL."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.services import Server


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def demo_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A running server with the demonstration district and its simulated clusters, for the stories of one file."""
    url = "" if request.param == "sqlite" else empty_database(str(request.getfixturevalue("postgres_server")))
    folder = Path(tempfile.mkdtemp(prefix="nguon-server-"))
    running = Server(folder, database_url=url)
    try:
        yield running.start(demo=True)
    finally:
        running.stop()
        shutil.rmtree(folder)


def empty_database(server: str) -> str:
    """The URL of a database with nothing in it."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        name = f"walks_{uuid.uuid4().hex}"
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
