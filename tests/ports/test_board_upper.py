"""Boards linked to the system above, over real HTTP: playlists come, reports go, and every failure has its words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from nguon.channels.board.upper import showing, taking
from nguon.channels.board.upper.models import UpperSource
from nguon.kit import clock
from nguon.wire.seal import thumbprint
from tests.app import upper
from tests.app.serving import serving
from tests.app.upper import World, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = settings.DATA = tmp_path
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    cache.clear()
    made = upper.make()
    with serving() as address:
        made.address = address
        yield made


def titles(source: UpperSource) -> list[str]:
    return [row.title for row, _item in showing.held(source, clock.now())]


def test_a_playlist_comes_once_its_key_was_compared(world: World) -> None:
    world.add(world.bulletin())
    grant, token = world.grant()
    found = look(world.source(token))
    assert (found.fault, found.keys, titles(found)) == ("", [], [])
    assert len(found.offered) == 1
    taking.agree(source=found, kids=tuple(map(thumbprint, found.offered)), actor=world.lower, now=clock.now())
    found = look(found)
    assert (found.fault, found.lacking, titles(found)) == ("", 0, ["Lịch cắt điện ngày 25/11"])
    ((file, seconds),) = showing.current(found, clock.now())
    assert seconds > 5
    assert file.mime == "application/json"
    grant.refresh_from_db()
    assert grant.asked_at is not None
