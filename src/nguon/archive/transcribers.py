"""The recognisers of this server, loaded once from settings."""

from functools import cache

from django.conf import settings

from nguon.kit.plugs import Loaded, load_all
from nguon.ports.transcriber import Transcriber


@cache
def status() -> tuple[Loaded, ...]:
    """Every recogniser of the settings after loading: those that are off say why in `reason`."""
    model = settings.NGUON_ASR_MODEL
    return tuple(load_all(settings.NGUON_TRANSCRIBERS, lambda factory: factory(model) if model else factory()))


def active() -> Transcriber | None:
    """The first that works here; None where there is none, and then nothing is promised."""
    return next((loaded.plug for loaded in status() if loaded.plug is not None), None)
