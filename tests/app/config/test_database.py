"""The database named by its address, with what the address asks for."""

from typing import Any

import pytest

from nguon.config import settings


def options(monkeypatch: pytest.MonkeyPatch, url: str) -> Any:
    monkeypatch.setenv("NGUON_DATABASE_URL", url)
    return settings._database()["OPTIONS"]


def test_what_the_address_asks_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all that the connection is encrypted and the server is the one meant."""
    found = options(monkeypatch, "postgresql://nguon@db.example/nguon?sslmode=verify-full&connect_timeout=5")
    assert (found["sslmode"], found["connect_timeout"]) == ("verify-full", 5)
    assert found["pool"]["max_size"] == 8


def test_sqlite_has_what_many_writers_need(monkeypatch: pytest.MonkeyPatch) -> None:
    found = options(monkeypatch, "sqlite:////tmp/nguon.sqlite3")
    assert found["transaction_mode"] == "IMMEDIATE"
    assert "busy_timeout" in found["init_command"]
