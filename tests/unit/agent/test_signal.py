"""The signal: what the kernel, a modem's program and a maker's file say, and what is none of it."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.agent import signal
from nguon.agent.signal import Signal, from_file, of_modem, of_wifi, way_out

HEAD = """\
Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
"""
WIFI = HEAD + " wlan0: 0000   54.  -56.  -256        0      0      0      0     12        0\n"
ROUTES = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
wlan0\t00000000\t0102A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t0002A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
"""
MODEM = (
    b'{"modem":{"signal":{"5g":{"error-rate":"--","rsrp":"--","rsrq":"--","snr":"--"},"gsm":{"error-rate":"--","rssi":"--"},'
    b'"lte":{"error-rate":"--","rsrp":"-97.50","rsrq":"-9.00","rssi":"-66.00","snr":"18.20"},"refresh":{"rate":"300"},'
    b'"umts":{"ecio":"--","error-rate":"--","rscp":"--","rssi":"--"}}}}'
)


def test_wifi() -> None:
    assert of_wifi(WIFI, "wlan0") == -56
    assert of_wifi(WIFI, None) == -56
    assert of_wifi(WIFI, "eth0") is None
    assert of_wifi(WIFI.replace("-56.", "200."), "wlan0") == -56  # a byte without its sign
    assert of_wifi(WIFI.replace("-56.", "  0."), "wlan0") is None  # a card that is not connected
    assert of_wifi(HEAD, None) is None


def test_the_way_out_is_the_route_of_the_least_metric() -> None:
    assert way_out(ROUTES) == "eth0"
    assert way_out(ROUTES.replace("\t100\t", "\t700\t")) == "wlan0"
    assert way_out("") is None


def test_modem() -> None:
    assert of_modem(MODEM) == -98
    assert of_modem(MODEM.replace(b"-97.50", b"--")) is None
    assert of_modem(MODEM.replace(b'"rsrp":"--"', b'"rsrp":"-101.00"')) == -101  # 5G before LTE
    for nonsense in (b"", b"error: couldn't find modem", b"[]", b'{"modem":{}}', b'{"modem":{"signal":{"lte":3}}}'):
        assert of_modem(nonsense) is None


@given(st.text(), st.none() | st.text(max_size=5))
def test_nonsense_is_no_measure_and_no_fault(words: str, card: str | None) -> None:
    for found in (of_wifi(words, card), of_wifi(HEAD + " w:" + words, card), of_modem(words.encode())):
        assert found is None or -150 <= found <= 0
    way_out("Iface\n" + words)


@pytest.mark.parametrize(
    ("text", "dbm"),
    [("-87\n", -87), ("-87.4 dBm", -87), ("", None), ("x", None), ("12", None), ("-200", None), ("nan", None)],
)
def test_a_file_of_the_maker(tmp_path: Path, text: str, dbm: int | None) -> None:
    file = tmp_path / "signal"
    file.write_text(text)
    now = time.time()
    assert from_file(file, now) == dbm
    os.utime(file, (now - 1_000, now - 1_000))
    assert from_file(file, now) is None
    assert from_file(tmp_path / "none", now) is None


def a_machine(folder: Path, *, routes: str = "", wifi: str = "") -> Path:
    """Its /proc/net."""
    (folder / "route").write_text(routes)
    (folder / "wireless").write_text(wifi)
    return folder


def a_modem(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A program in the place of mmcli, which writes down how it was called."""
    folder.mkdir()
    program = folder / "mmcli"
    program.write_text(f'#!/bin/sh\necho "$@" >> {folder}/asked\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder / "asked"


async def test_a_modem_is_asked_seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = a_modem(tmp_path / "bin", monkeypatch, f"case \"$1\" in -J) echo '{MODEM.decode()}';; esac")
    measure = Signal(proc=a_machine(tmp_path, routes=ROUTES.replace("eth0", "wwan0"))).measure
    assert [await measure(), await measure(), await measure()] == [-98, -98, -98]
    assert asked.read_text().splitlines() == ["-m any --signal-setup=300", "-J -m any --signal-get"]
    monkeypatch.setattr(signal, "ASK_MODEM", 0)
    assert await measure() == -98
    assert asked.read_text().splitlines()[2:] == ["-J -m any --signal-get"]


@pytest.mark.parametrize("script", ["exec sleep 60", "exit 1", "echo nonsense"])
async def test_a_modem_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(signal, "ANSWER_WITHIN", 0.2)
    a_modem(tmp_path / "bin", monkeypatch, script)
    async with asyncio.timeout(30):
        assert await Signal(proc=a_machine(tmp_path)).measure() is None


async def test_the_card_in_use_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = a_modem(tmp_path / "bin", monkeypatch, f"echo '{MODEM.decode()}'")
    cable = a_machine(tmp_path, routes=ROUTES, wifi=WIFI)
    assert await Signal(proc=cable).measure() is None  # a cable has no signal
    wifi = a_machine(tmp_path, routes=ROUTES.replace("\t100\t", "\t700\t"), wifi=WIFI)
    assert await Signal(proc=wifi).measure() == -56
    assert not asked.exists()
    (tmp_path / "dbm").write_text("-70")
    assert await Signal(tmp_path / "dbm", cable).measure() == -70
