"""What the folder of a device says about it, without starting it."""

from pathlib import Path

from nguon.agent import identity
from nguon.agent.state import fresh
from nguon.agent.store import Store
from nguon.kit import clock


def report(home: Path) -> dict[str, str | int | list[str]]:
    """Device, server, settings, plan, broadcasts held, receipts to send. Raises identity.NotEnrolled, OSError."""
    known = identity.load(home)
    store = Store(home)
    state = store.load() or fresh(known.settings, known.device, known.ring())
    held = [
        f"{held.order.id} {held.stage} {held.position} ms, until {_utc(held.order.expires)} {held.order.title}"
        for held in state.held.values()
    ]
    return {
        "device": known.device,
        "server": known.server,
        "broker": known.broker,
        "settings": state.settings.version,
        "volume": state.settings.volume,
        "areas": list(state.settings.areas),
        "plan": state.plan,
        "plays in the plan": len(state.agenda.plays) if state.agenda else 0,
        "planned until": _utc(state.agenda.until) if state.agenda else "",
        "bytes this month": state.data_used,
        "held": held,
        "over": len(state.over),
        "unacknowledged receipts": len(state.pending),
        "proofs to send": len(state.proofs),
        "bytes of sound": sum(path.stat().st_size for path in store.contents.iterdir()),
    }


def _utc(at: int) -> str:
    return f"{clock.from_ms(at):%Y-%m-%d %H:%M} UTC"
