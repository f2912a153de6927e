"""The benches themselves, small: what they print is counted, not timed."""

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def bench(*arguments: str, within: float = 300) -> dict[str, Any]:
    """The figures of a bench, which takes at most so many seconds."""
    argv = [sys.executable, "-m", "nguon.cli", "bench", *arguments, "--json"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=within, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_device_of_a_fan_out_is_recorded() -> None:
    found = bench("fanout", "--devices", "150", "--rounds", "2")
    assert found["devices"] == found["recorded"] == 150
    assert found["missed"] == 0
    assert {"received_p99_s", "started_p99_s", "recorded_max_s", "bare_broker_max_s", "ratio"} <= found.keys()
    assert 0 < found["received_p50_s"] <= found["received_p99_s"] <= found["received_max_s"]
    assert found["bare_broker_max_s"] > 0
    assert found["started_max_s"] >= found["received_p50_s"]


def test_an_alert_reaches_everybody_also_those_who_were_away() -> None:
    found = bench("alert", "--devices", "200", "--rounds", "1", "--away-over", "4", "--storm-over", "4")
    asked = {"start_p50_s", "start_p99_s", "start_max_s", "stop_p99_s", "recorded_max_s", "bare_broker_max_s", "ratio"}
    assert asked | {"missed", "checks_per_s"} <= found.keys()
    assert (found["devices"], found["missed"], found["twice"]) == (200, 0, 0)
    assert (found["away_away"], found["storm_away"]) == (40, 200)
    assert 0 < found["received_p50_s"] <= found["start_p50_s"] <= found["start_p99_s"] <= found["start_max_s"]
    assert found["start_max_s"] <= found["all_answers_max_s"]
    assert 0 < found["stop_p50_s"] <= found["stop_p99_s"] <= found["stop_max_s"]
    assert found["ratio"] == pytest.approx(found["recorded_max_s"] / found["bare_broker_max_s"], rel=0.05)
    assert found["order_bytes"] > 3 * 500  # as many as signed it, each with a word of the authority
    assert found["checks_per_s"] == pytest.approx(4 * found["orders_checked_per_s"], rel=0.01)


def test_no_heartbeat_is_lost_and_the_last_of_each_device_is_stored() -> None:
    found = bench("vitals", "--devices", "100", "--rate", "5000", "--seconds", "2")
    assert found["sent"] == found["taken"] == 10_000
    assert found["lost"] == 0
    assert found["devices_with_last_stored"] == 100


def test_sound_is_made_and_measured_beside_the_bare_filter() -> None:
    found = bench("audio", "--seconds", "20", "--rounds", "1")
    asked = {"seconds_of_sound", "wall_s", "times_real_time", "cpu_s", "rtf", "loudness", "true_peak", "ratio"}
    assert asked <= found.keys()
    assert 15 < found["seconds_of_sound"] < 30
    assert abs(found["loudness"] + 16) <= 1
    assert found["true_peak"] <= -1.5
    assert found["rtf"] == pytest.approx(found["wall_s"] / found["seconds_of_sound"], abs=0.001)
    assert found["times_real_time"] == pytest.approx(1 / found["rtf"], rel=0.05)
    assert found["chain_cpu_s"] > 0.1
    assert found["bare_cpu_s"] > 0.1


def test_every_recording_is_imported_and_the_copies_are_found() -> None:
    found = bench("archive", "--files", "10", "--seconds", "12", "--rows", "2000")
    assert found["files"] == found["imported"] == 10
    assert found["not_imported"] == 0
    assert found["copies_found"] == 1
    assert found["times_real_time"] > 1
    assert found["search_ms"] > 0


def test_plans_are_compiled_and_only_what_changed_again() -> None:
    found = bench("plan", "--devices", "60")
    assert (found["devices"], found["documents"]) == (60, 3)
    assert found["sessions"] > 3 * 2 * 8
    assert found["changed_by_nothing"] == 0
    assert found["devices_changed"] == 20
    assert found["bare_soundings"] > 0


def test_a_live_voice_is_heard_soon() -> None:
    found = bench("live", "--seconds", "14", "--listeners", "50")
    assert found["found"] >= found["edges"] - 2
    assert 0.1 < found["mouth_to_player_p50_s"] <= found["mouth_to_player_p95_s"] <= 1.5
    assert found["bare_core_percent"] > 0


def test_orders_to_boards_are_painted_by_real_pages_beside_simulated_ones() -> None:
    found = bench("boards", "--pages", "2", "--boards", "20", "--rounds", "1", "--crawl", "3", within=600)
    assert (found["boards"], found["pages"], found["painted"], found["missed"]) == (20, 2, 2, 0)
    for kind in ("bulletin", "emergency", "bare"):
        assert 0 < found[f"{kind}_painted_p50_s"] <= found[f"{kind}_painted_p99_s"] <= found[f"{kind}_painted_max_s"]
    assert 0 < found["emergency_received_p50_s"] <= found["emergency_started_max_s"]
    assert found["ratio"] == pytest.approx(found["emergency_painted_p99_s"] / found["bare_painted_p99_s"], rel=0.1)
    assert found["stop_dark_max_s"] > 0
    assert {"bulletin_recorded_max_s", "emergency_recorded_max_s", "cpu_pages_s", "load_before"} <= found.keys()
    assert found["crawl_seconds"] == pytest.approx(3, abs=0.5)
    assert found["crawl_frames_per_s"] > 10
    assert found["crawl_gap_p50_ms"] <= found["crawl_gap_max_ms"]


def test_a_day_of_a_page_goes_fast_and_shows_what_it_is_told() -> None:
    found = bench("boards", "--rounds", "0", "--hours", "2", "--speed", "80", within=600)
    assert (found["orders"], found["samples"]) == (25, 3)
    assert found["shown"] >= 20
    assert found["heap_first_MB"] > 0.5
    assert found["heap_growth_percent"] < 50


def test_a_site_is_read_by_many_and_an_alert_comes_to_its_page() -> None:
    found = bench("portal", "--rounds", "1", "--seconds", "2", "--connections", "20", "--alerts", "2")
    assert (found["wrong"], found["alerts"], found["connections"]) == (0, 2, 20)
    assert found["ratio"] == pytest.approx(found["per_s"] / found["bare_per_s"], rel=0.05)
    assert 0 < found["p50_ms"] <= found["p99_ms"]
    assert 0 < found["banner_p50_s"] <= found["banner_max_s"]
    assert found["banner_gone_max_s"] > 0
    assert found["sent_bytes"] < found["page_bytes"] < 100_000
