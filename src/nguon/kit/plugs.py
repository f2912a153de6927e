"""The plug loader: an adapter is named by a dotted path; one that fails is switched off with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Loaded:
    """One adapter after loading: `plug` is None when it is off, and then `reason` says why."""

    path: str
    plug: Any
    reason: str = ""


def load(path: str) -> Any:
    """The object named by `package.module.attribute`. Raises ImportError if it is not there."""
    module_name, _, name = path.rpartition(".")
    try:
        return getattr(import_module(module_name), name)
    except (AttributeError, ValueError) as error:
        raise ImportError(f"no plug at {path!r}") from error


def load_all(paths: Iterable[str], build: Callable[[Any], Any] = lambda factory: factory()) -> list[Loaded]:
    """Each adapter built and checked (`check()` raises if it cannot work); a failing one is off, the rest go on."""
    return [_try(path, build) for path in paths]


def _try(path: str, build: Callable[[Any], Any]) -> Loaded:
    try:
        plug = build(load(path))
        plug.check()
    except Exception as error:  # a foreign plug may raise anything; the server starts anyway
        return Loaded(path, None, f"{type(error).__name__}: {error}")
    return Loaded(path, plug)
