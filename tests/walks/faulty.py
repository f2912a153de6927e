"""Faults of the machine that are real: a wall clock that is set, a disk that is full, a cable that swallows everything.

Each needs something that not every machine gives (a compiler, root); without it the test is skipped and says why.
"""

import contextlib
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("set_clock.c")
NOBODY = "02:00:00:00:00:99"  # a hardware address that no card has


class WallClock:
    """The time of day of whoever runs with `env`; see set_clock.c."""

    def __init__(self, folder: Path, name: str) -> None:
        library = folder / "set_clock.so"
        if not library.exists():
            compiler = shutil.which("cc")
            if compiler is None:
                pytest.skip("no C compiler here: the clock of a process cannot be set")
            subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        self._file = folder / f"{name}.clock"
        self.set(0)
        self.env = {"LD_PRELOAD": str(library), "SET_CLOCK": str(self._file)}

    def set(self, seconds: float) -> None:
        """Set it so far before the true time (negative: behind), from this moment on."""
        with contextlib.ExitStack() as stack:  # the same bytes, not a new file: the process has them in its memory
            mode = "r+b" if self._file.exists() else "w+b"
            stack.enter_context(self._file.open(mode)).write(struct.pack("=q", round(seconds * 1e9)))


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator["Disk"]:
    """A disk of its own, mounted on this folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    argv = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(argv, capture_output=True, check=False).returncode:
        pytest.skip("not root, or not allowed to mount: no disk can be filled without harm to others")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Disk:
    """A disk that can be filled to its last byte."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Until nothing more fits."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * size)

    def empty(self) -> None:
        """Somebody has made room."""
        self._ballast.unlink()


class Cable:
    """A network of its own for one device, and the cable to the server: `wrap` before a command runs it behind it.

    Cut, it swallows every packet of both sides without a word, as a radio network does.
    """

    def __init__(self) -> None:
        number = os.getpid() % 250
        self._name = f"nguon{number}"
        self._near, self._far = f"ng{number}n", f"ng{number}f"
        self.address, self._there = f"10.213.{number}.1", f"10.213.{number}.2"
        self.wrap = ("ip", "netns", "exec", self._name)
        if os.geteuid() or not shutil.which("ip") or not self._lay():
            pytest.skip("not root, or no network of one's own to be had: no cable can be cut")

    def _lay(self) -> bool:
        try:
            self._ip("netns", "add", self._name)
            self._ip("link", "add", self._near, "type", "veth", "peer", "name", self._far, "netns", self._name)
            self._ip("addr", "add", f"{self.address}/30", "dev", self._near)
            self._ip("link", "set", self._near, "up")
            self._ip("-n", self._name, "addr", "add", f"{self._there}/30", "dev", self._far)
            self._ip("-n", self._name, "link", "set", self._far, "up")
            self._ip("-n", self._name, "link", "set", "lo", "up")
        except subprocess.CalledProcessError:
            self.close()
            return False
        return True

    def cut(self) -> None:
        """From now on whatever either side sends goes to a card that is not there."""
        told = ("lladdr", NOBODY, "nud", "permanent", "dev")
        self._ip("neigh", "replace", self._there, *told, self._near)
        self._ip("-n", self._name, "neigh", "replace", self.address, *told, self._far)

    def mend(self) -> None:
        """As it was."""
        self._ip("neigh", "del", self._there, "dev", self._near)
        self._ip("-n", self._name, "neigh", "del", self.address, "dev", self._far)

    def close(self) -> None:
        """Take it away."""
        subprocess.run(["ip", "link", "del", self._near], capture_output=True, check=False)
        subprocess.run(["ip", "netns", "del", self._name], capture_output=True, check=False)

    def _ip(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)
