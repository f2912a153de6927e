"""Processes that play the devices: side by side, one a core, so that none is the slowest of all parts."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

CORES = os.cpu_count() or 1


@contextmanager
def children(commands: list[list[str]]) -> Iterator[list["subprocess.Popen[str]"]]:
    """Started; each has said `ready`. In the end their standard input is closed, and they are waited for.

    Raises RuntimeError if one says something else.
    """
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for argv in commands
        ]
        if any(line(child) != "ready" for child in started):
            raise RuntimeError("the clients did not connect")
        yield started
        for child in started:
            assert child.stdin
            child.stdin.close()
        for child in started:
            child.wait(60)


def line(child: "subprocess.Popen[str]") -> str:
    """What it says next."""
    assert child.stdout
    return child.stdout.readline().strip()
