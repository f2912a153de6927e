"""A voice as a browser records it, through the server's encoder and each relay, to a device's player of streams."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nguon.agent.events import PlayerStarted
from nguon.cli.bench import live as bench
from nguon.live.encoder import Encoder, EncoderFailed
from nguon.live.relay import RelayServer
from nguon.plugs.relays.icecast import Icecast as IcecastPlug
from nguon.plugs.relays.own import Own
from nguon.ports.relay import Relay
from tests.ports.agent_help import free_port, until
from tests.ports.radio import Icecast
from tests.ports.test_agent_streams import Box, start


@pytest.fixture(params=["own", "icecast"])
async def relay(request: pytest.FixtureRequest) -> AsyncIterator[Relay]:
    if request.param == "icecast":
        with Icecast() as icecast:
            yield IcecastPlug(icecast.source)
    else:
        port = free_port()
        server = await RelayServer("source:pw").start("127.0.0.1", port)
        yield Own(f"http://source:pw@127.0.0.1:{port}")
        server.close()


async def test_a_voice_comes_out_of_the_player(relay: Relay, tmp_path: Path) -> None:
    name = secrets.token_hex(24)
    feed = await relay.feed(name)
    encoder = Encoder(feed.write)
    await encoder.start()
    box = Box(tmp_path)
    box.play(start(relay.address(name, "127.0.0.1"), duration=60_000, silence=0, level=80))
    await bench.speak(6, encoder)
    await encoder.close()
    await feed.close()
    await until(lambda: PlayerStarted(7) in box.told)
    await asyncio.sleep(0.5)
    await box.player.close()
    assert 0.1 < box.share_of_sound() < 0.7  # tones, and the pauses between them


async def test_a_second_recording_goes_on_in_the_same_sound(tmp_path: Path) -> None:
    """After a break the browser begins anew, with a head of its own: what listeners get is one sound."""
    made = bytearray()
    for _ in range(2):
        encoder = Encoder(made.extend)
        await encoder.start()
        await bench.speak(2, encoder)
        await encoder.close()
    path = tmp_path / "both.mp3"
    await asyncio.to_thread(path.write_bytes, made)
    from tests.ports.agent_help import seconds_of

    assert seconds_of(path) == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize("data", [b"this is no sound at all " * 4_000, b"#EXTM3U\nfile:///etc/passwd\n" * 3_000])
async def test_what_is_no_sound_gives_none(data: bytes) -> None:
    made = bytearray()
    encoder = Encoder(made.extend)
    await encoder.start()
    with pytest.raises(EncoderFailed):  # noqa: PT012 - it is told at one of the next pieces
        for _ in range(100):
            encoder.write(data)
            await asyncio.sleep(0.05)
    await encoder.close()
    assert made == b""
