"""Vitals: measured or absent, never invented."""

from pathlib import Path

import pytest

from nguon.agent.hour import Hour
from nguon.agent.signal import Signal
from nguon.agent.vitals import Measures, temperature
from nguon.wire.messages import Vitals


@pytest.mark.parametrize(
    ("text", "degrees"), [("48312\n", 48.312), ("-274000", None), ("999000", None), ("x", None), ("", None)]
)
def test_temperature(tmp_path: Path, text: str, degrees: float | None) -> None:
    (tmp_path / "thermal_zone0").mkdir()
    (tmp_path / "thermal_zone0" / "temp").write_text(text)
    assert temperature(tmp_path) == degrees


def test_no_sensor(tmp_path: Path) -> None:
    assert temperature(tmp_path / "none") is None


def test_what_is_not_measured_is_absent(tmp_path: Path) -> None:
    nothing = Signal(proc=tmp_path / "none")
    measures = Measures(tmp_path, "http://127.0.0.1:1", Hour(), tmp_path / "none", nothing)
    vitals = measures.complete(Vitals(id="1" * 32, at=1, volume=80))
    assert vitals.disk_free
    assert (vitals.temperature, vitals.power, vitals.signal, vitals.clock_offset) == (None, None, None, None)
    assert Measures(tmp_path / "gone", "", Hour(), tmp_path).complete(vitals).disk_free is None
