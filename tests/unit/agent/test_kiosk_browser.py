"""The browser's command line, its profile after whatever end, and the memory of all its processes."""

import json
import os
from pathlib import Path

import pytest

from nguon.agent.kiosk import browser


def test_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NGUON_BROWSER_OPTIONS", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    plain = browser.command("/usr/bin/chromium", "https://x.vn/bang/", Path("/home/p"), None)
    assert (plain[0], plain[-1]) == ("/usr/bin/chromium", "https://x.vn/bang/")
    assert {"--kiosk", "--remote-debugging-pipe", "--user-data-dir=/home/p"} <= set(plain)
    assert not any(word.startswith(("--window-size", "--ozone", "--remote-debugging-port")) for word in plain)
    monkeypatch.setenv("NGUON_BROWSER_OPTIONS", "--headless '--user-agent=a b'")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    more = browser.command("chromium", "https://x.vn/bang/", Path("/home/p"), (320, 96))
    assert {"--window-size=320,96", "--ozone-platform=wayland", "--headless", "--user-agent=a b"} <= set(more)


def test_which_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="apt install chromium"):
        browser.find(None)
    for name in ("google-chrome", "chromium", "mine"):
        (tmp_path / name).touch(0o755)
    assert browser.find(None) == str(tmp_path / "chromium")
    assert browser.find("mine") == str(tmp_path / "mine")
    assert browser.find(str(tmp_path / "mine")) == str(tmp_path / "mine")


@pytest.mark.parametrize("kept", [None, b"", b"{", b"[]", b'{"profile": 3, "translate": {"enabled": true}}'])
def test_a_profile_after_whatever_end(tmp_path: Path, kept: bytes | None) -> None:
    profile = tmp_path / "profile"
    settings = profile / "Default" / "Preferences"
    if kept is not None:
        settings.parent.mkdir(parents=True)
        settings.write_bytes(kept)
        (profile / "SingletonLock").symlink_to("another-host-4711")  # leads nowhere, as theirs do
    browser.prepare(profile)
    found = json.loads(settings.read_text())
    assert found["profile"] == {"exit_type": "Normal", "exited_cleanly": True}
    assert found["translate"] == {"enabled": False}
    assert not (profile / "SingletonLock").is_symlink()
    assert profile.stat().st_mode & 0o777 == 0o700


def test_what_the_browser_keeps_in_its_profile_stays(tmp_path: Path) -> None:
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"profile": {"name": "A", "exit_type": "Crashed"}, "other": [1]}))
    browser.prepare(tmp_path)
    found = json.loads(settings.read_text())
    assert (found["profile"]["name"], found["profile"]["exit_type"], found["other"]) == ("A", "Normal", [1])


def a_process(proc: Path, pid: int, parent: int, resident: int, shared: int) -> None:
    (proc / str(pid)).mkdir(parents=True)
    (proc / str(pid) / "stat").write_text(f"{pid} (a (strange) name) S {parent} 1 1 0")
    (proc / str(pid) / "statm").write_text(f"9999 {resident} {shared} 1 0 1 0\n")


def test_memory_of_all_it_started_and_of_nobody_else(tmp_path: Path) -> None:
    a_process(tmp_path, 10, 1, 100, 40)
    a_process(tmp_path, 20, 10, 30, 10)
    a_process(tmp_path, 30, 20, 7, 0)
    a_process(tmp_path, 40, 1, 5_000, 0)
    (tmp_path / "50").mkdir()  # one that has just ended
    (tmp_path / "self").mkdir()
    assert browser.memory(10, tmp_path) == 87 * os.sysconf("SC_PAGESIZE")
    assert browser.memory(99, tmp_path) == 0
    assert browser.memory(os.getpid()) > 1_000_000
