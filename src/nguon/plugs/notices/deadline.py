"""An end to everything: also to a name that is slowly found, and to a server whose bytes drip."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from nguon.ports.notice import Failure, NoticeFailed

R = TypeVar("R")


def within(seconds: float, name: str, work: Callable[[], R]) -> R:
    """What `work` gives, or its NoticeFailed; NoticeFailed(LATE) if it has neither by then.

    Late work is left to itself in a thread that keeps nobody from ending. It may still succeed: what is told carries
    an id for that.
    """
    answers: queue.Queue[R | Exception] = queue.Queue(1)

    def run() -> None:
        try:
            answers.put(work())
        except Exception as error:  # handed on to whoever waits
            answers.put(error)

    threading.Thread(target=run, daemon=True, name=f"notice-{name}").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise NoticeFailed(f"{name} did nothing within {seconds:g} s", Failure.LATE) from None
    if isinstance(answer, Exception):
        raise answer
    return answer
