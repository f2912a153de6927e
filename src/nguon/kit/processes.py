"""Child processes that do not outlive who started them."""

import ctypes
import signal

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Runs in a new child before its program: the kernel kills it when its parent is gone."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
