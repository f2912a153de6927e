"""The channels of this server, loaded once from settings. Core stores a channel's kind and never names one."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from nguon.kit.plugs import Loaded, load_all
from nguon.ports.channel import Channel, Scene, Shown

log = logging.getLogger(__name__)


@cache
def status() -> tuple[Loaded, ...]:
    """Every channel of the settings after loading: those that are off say why in `reason`."""
    return tuple(load_all(settings.NGUON_CHANNELS))


def active() -> dict[str, Channel]:
    """The channels that work here, by kind, in the order of the settings."""
    return {loaded.plug.kind: loaded.plug for loaded in status() if loaded.plug is not None}


def driven() -> dict[str, Channel]:
    """Those of them that have devices, by kind: the others get no orders and no plans."""
    return {kind: plug for kind, plug in active().items() if plug.driven}


def label(kind: str) -> str:
    """How officers call a device of this kind (`Cụm loa`); the kind itself while its channel is off."""
    plug = active().get(kind)
    return _(plug.label) if plug else kind


def choices() -> list[tuple[str, str]]:
    """(kind, label) of the kinds of devices that work here."""
    return [(kind, label(kind)) for kind in driven()]


def audible(kind: str) -> bool:
    """Whether devices of this kind are heard: they have horns, an amplifier and a volume."""
    plug = active().get(kind)
    return plug is None or plug.audible


def pictured(kind: str) -> bool:
    """Whether devices of this kind can send photos of what they show."""
    plug = active().get(kind)
    return plug is not None and plug.pictured


def opens_at(kind: str) -> str:
    """The path of the page that is a device of this kind; empty where it is none."""
    plug = active().get(kind)
    return plug.opens_at if plug else ""


def arranged_at(kind: str) -> str:
    """The name of the page where the screen of such a device is divided; empty where it has none."""
    plug = active().get(kind)
    return plug.arranged_at if plug else ""


def scene(kind: str, device: UUID) -> Scene | None:
    """What a device of this kind shows when no order is on; None if nothing."""
    plug = active().get(kind)
    return plug.scene(device) if plug else None


def tend(now: datetime) -> None:
    """Let every channel look after what changes as time passes. What fails in one keeps nobody else waiting."""
    for kind, plug in active().items():
        try:
            plug.tend(now)
        except Exception:
            log.exception("the channel %s could not look after its devices", kind)


def shown(kind: str, device: UUID, day: date, rows: Sequence[Shown], now: datetime) -> bool:
    """Take in what a device of this kind showed by itself on a day; False if such devices tell of nothing."""
    plug = active().get(kind)
    return plug is not None and plug.shown(device, day, rows, now)
