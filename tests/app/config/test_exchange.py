"""What the service that speaks with other systems runs."""

import inspect

import pytest

from nguon.config import channels, exchange
from nguon.kit.plugs import load


@pytest.mark.boards
def test_it_runs_what_channels_have_to_do_beside_the_links() -> None:
    paths = channels.work(["nguon.channels.speaker.Speaker", "nguon.channels.board.Board", "nguon.no.Such"])
    assert paths == ["nguon.channels.board.service.run"]
    assert all(inspect.iscoroutinefunction(load(path)) for path in paths)
    assert inspect.iscoroutinefunction(exchange.run)
