"""The ways of telling that this server has, loaded once from settings. Core stores a way's kind and never names one."""

from collections.abc import Callable
from functools import cache, partial

from django.conf import settings

from nguon.kit.plugs import Loaded, load_all
from nguon.ports.notice import Notifier


@cache
def status() -> tuple[Loaded, ...]:
    """Every way of the settings after loading: those that are off say why in `reason`."""
    found: list[Loaded] = []
    for path, values in settings.NGUON_NOTICES.items():
        found += load_all([path], partial(_made, values=values))
    return tuple(found)


def _made(factory: Callable[..., Notifier], values: tuple[str, ...]) -> Notifier:
    return factory(*values)


def active() -> dict[str, Notifier]:
    """The ways that work here, by kind, the surest first."""
    return {loaded.plug.kind: loaded.plug for loaded in status() if loaded.plug is not None}
