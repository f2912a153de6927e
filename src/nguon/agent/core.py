"""The core: `step(state, event, now) → (state, effects)`. Pure: no clock, no disk, no network, no chance.

The same core is the player on a box, each device of the swarm, and the test double.
"""

from msgspec.structs import replace

from nguon.agent import events as ev
from nguon.agent import orders, sound
from nguon.agent.effects import SAVE, Effect, Fetch, Send, SendProof, Subscribe
from nguon.agent.state import State
from nguon.agent.turn import RESEND, SECOND, Turn, jitter
from nguon.wire.messages import Presence, Vitals

NEVER = 1 << 62
UNSAVED_MOST = 1_000  # receipts told after the last save, at most


def step(state: State, event: ev.Event, now: int) -> tuple[State, tuple[Effect, ...]]:
    """What the device becomes by `event` at `now` (ms UTC), and what its shells must do, in this order."""
    turn = Turn(state, now)
    if isinstance(event, ev.Heard):
        orders.heard(turn, event.data)
    else:
        _other(turn, event)
    return turn.state, tuple(turn.effects)


def _other(turn: Turn, event: ev.Event) -> None:
    match event:
        case ev.Tick():
            _tick(turn)
        case ev.PlayerStarted(go):
            sound.started(turn, go)
        case ev.PlayerFinished(go, position):
            sound.finished(turn, go, position)
        case ev.PlayerFailed(go, detail):
            sound.failed(turn, go, detail)
        case ev.Fetched(sha256):
            sound.fetched(turn, sha256)
        case ev.FetchFailed(sha256, reason, detail):
            sound.fetch_failed(turn, sha256, reason, detail)
        case _:
            _outside(turn, event)


def _outside(turn: Turn, event: ev.Event) -> None:
    match event:
        case ev.Connected():
            _connected(turn)
        case ev.Disconnected():
            turn.put(connected=False)
        case ev.ProofSent(broadcast):
            turn.put(proofs=tuple(each for each in turn.state.proofs if each != broadcast))
            turn.effects.append(SAVE)
        case ev.ClockMoved(by, checked):
            _clock_moved(turn, by, checked)
        case ev.Restored(proof, checked):
            _restored(turn, proof, checked)
        case _:
            pass


def presence(state: State, online: bool, now: int) -> Presence:
    """What is said of the link: true on connecting; false is left with the broker as the last will."""
    return Presence(id=f"{now:016x}{state.device[16:]}", at=now, online=online, software=state.software or None)


def _connected(turn: Turn) -> None:
    """Listen, say that we are here, and send everything that is not yet acknowledged."""
    state = turn.state
    within = min(state.settings.vitals_every, 10) * SECOND
    turn.put(connected=True, vitals_at=turn.now + jitter(state.device, within))
    turn.effects.append(Subscribe(state.settings.areas))
    turn.effects.append(Send("presence", presence(state, True, turn.now)))
    _resend(turn)
    turn.effects.extend(_fetches(state))
    turn.effects.extend(SendProof(broadcast) for broadcast in state.proofs)


def _resend(turn: Turn) -> None:
    state = turn.state
    turn.put(resend_at=turn.now + RESEND + jitter(state.device, 10 * SECOND))
    turn.effects.extend(Send("receipt", receipt) for receipt in state.pending)


def _fetches(state: State) -> list[Fetch]:
    """What is still to come. Asking again is harmless, and ends a pause between two tries."""
    return [
        Fetch(held.order.content, held.order.expires)
        for held in state.held.values()
        if held.order.content is not None and not held.ready
    ]


def _restored(turn: Turn, proof: bool, checked: bool) -> None:
    """Power-up. Nothing sounds and there is no link; what is held is fetched again (a matter of looking at the disk).

    Numbers go on from the clock, or well above the last: those told after the last save must not be used twice.
    """
    state = turn.state
    held = {key: replace(value, ready=False) for key, value in state.held.items()}
    last_seq = max(state.last_seq + UNSAVED_MOST if state.last_seq else 0, turn.now - 1)
    turn.put(held=held, last_seq=last_seq, sounding=None, connected=False, proof=proof, checked=checked, vitals_at=0)
    turn.effects.extend(_fetches(turn.state))
    turn.effects.append(SAVE)


def _clock_moved(turn: Turn, by: int, checked: bool) -> None:
    """What counts from our own past moments moves along; what the server named stands."""
    state = turn.state
    turn.put(
        checked=checked,
        vitals_at=state.vitals_at and max(state.vitals_at + by, 1),
        resend_at=max(state.resend_at + by, 0),
        save_at=max(state.save_at + by, 0),
    )
    sounding = state.sounding
    if sounding is not None:
        turn.put(sounding=replace(sounding, since=sounding.since + by, deadline=sounding.deadline + by))
    if state.held:
        sound.passing(turn)


def _tick(turn: Turn) -> None:
    if turn.state.held:
        sound.passing(turn)
    state = turn.state
    if not state.connected:
        return
    if state.pending and turn.now >= state.resend_at:
        _resend(turn)
    if turn.now >= state.vitals_at:
        every = state.settings.vitals_every * SECOND
        late = turn.now - state.vitals_at
        turn.put(vitals_at=state.vitals_at + every if late < every else turn.now + jitter(state.device, every))
        turn.effects.append(Send("vitals", _vitals(turn.state, turn.now)))
        turn.effects.extend(SendProof(broadcast) for broadcast in state.proofs)


def _vitals(state: State, now: int) -> Vitals:
    """What the core knows of itself; the shell adds what it measures."""
    return Vitals(
        id=f"{now:016x}{state.device[16:]}",
        at=now,
        volume=state.settings.volume,
        playing=state.sounding.broadcast if state.sounding and state.sounding.started else None,
        software=state.software or None,
        held=len(state.held),
        settings=state.settings.version,
    )


def due_at(state: State) -> int:
    """When (ms) the next Tick can change anything; NEVER if nothing is waiting."""
    due = NEVER
    if state.connected:
        due = min(state.vitals_at, state.resend_at if state.pending else NEVER)
    sounding = state.sounding
    if sounding is not None:
        due = min(due, sounding.deadline, state.save_at if sounding.started else NEVER)
    for held in state.held.values():
        if sounding is not None and sounding.broadcast == held.order.id:
            continue
        due = min(due, held.order.expires)
        if held.ready and (sounding is None or held.order.level > sounding.level):
            due = min(due, held.order.start)
    return due
