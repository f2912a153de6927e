"""The channels of this server, loaded once from settings. Core stores a channel's kind and never names one."""

from functools import cache

from django.conf import settings

from nguon.kit.plugs import Loaded, load_all
from nguon.ports.channel import Channel


@cache
def status() -> tuple[Loaded, ...]:
    """Every channel of the settings after loading: those that are off say why in `reason`."""
    return tuple(load_all(settings.NGUON_CHANNELS))


def active() -> dict[str, Channel]:
    """The channels that work here, by kind, in the order of the settings."""
    return {loaded.plug.kind: loaded.plug for loaded in status() if loaded.plug is not None}
