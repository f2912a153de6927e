"""The core: `step(state, event, now) → (state, effects)`. Pure: no clock, no disk, no network, no chance.

The same core is the player on a box, each device of the swarm, and the test double.
"""

from nguon.agent import ahead, doubts, orders, plans, power, right, sound, waiting
from nguon.agent import events as ev
from nguon.agent.agenda import Agenda
from nguon.agent.effects import SAVE, Effect, Send, SendProof, Subscribe
from nguon.agent.state import State
from nguon.agent.turn import RESEND, Turn, jitter
from nguon.agent.units import SECOND
from nguon.agent.waiting import NEVER
from nguon.wire.messages import Presence, Vitals


def step(state: State, event: ev.Event, now: int) -> tuple[State, tuple[Effect, ...]]:
    """What the device becomes by `event` at `now` (ms UTC), and what its shells must do, in this order."""
    turn = Turn(state, now)
    if isinstance(event, ev.Heard):
        orders.heard(turn, event.data)
    else:
        _other(turn, event)
    if turn.state.agenda is not None and not turn.state.doubt and SAVE in turn.effects:
        turn.put(seen=turn.now)
    return turn.state, tuple(turn.effects)


def _other(turn: Turn, event: ev.Event) -> None:
    match event:
        case ev.Tick():
            _tick(turn)
        case ev.PlayerStarted(go):
            sound.started(turn, go)
        case ev.PlayerFinished(go, position):
            plans.take(turn)  # of what comes next, all that is due is to choose from
            sound.finished(turn, go, position)
        case ev.PlayerFailed(go, detail, position):
            plans.take(turn)
            sound.failed(turn, go, detail, position)
        case _:
            _files(turn, event)


def _files(turn: Turn, event: ev.Event) -> None:
    match event:
        case ev.Fetched(sha256):
            ahead.fetched(turn, sha256)
        case ev.FetchFailed(sha256, reason, detail):
            ahead.failed(turn, sha256, reason, detail)
        case ev.Here(sha256s, complete):
            ahead.found(turn, sha256s, complete)
        case ev.Gone(sha256):
            ahead.gone(turn, sha256)
        case ev.PlanCame(agenda):
            plans.came(turn, agenda)
        case ev.PlanFailed():
            plans.failed(turn, event)
        case ev.Metered(used):
            ahead.metered(turn, used)
        case ev.Measured(signal):
            ahead.measured(turn, signal)
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
            power.clock_moved(turn, by, checked)
        case ev.Restored(proof, checked):
            power.restored(turn, proof, checked)
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
    turn.effects.extend(power.fetches(state))
    ahead.hurry(turn)
    plans.fetch(turn)
    turn.effects.extend(SendProof(broadcast) for broadcast in state.proofs)


def _resend(turn: Turn) -> None:
    state = turn.state
    turn.put(resend_at=turn.now + RESEND + jitter(state.device, 10 * SECOND))
    turn.effects.extend(Send("receipt", receipt) for receipt in state.pending)


def _tick(turn: Turn) -> None:
    plans.passing(turn)
    state = turn.state
    if not state.connected:
        return
    if state.pending and turn.now >= state.resend_at:
        _resend(turn)
    doubts.tell(turn)
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
        plan=state.plan,
        keys=state.ring.version,
        planned_until=state.agenda.until if state.agenda else None,
        planned_ready=ahead.ready_percent(state, now),
        data_used=state.data_used if state.month else None,
    )


def due_at(state: State, now: int) -> int:
    """When (ms) after `now` the next Tick can change anything; NEVER if nothing is waiting."""
    due = NEVER
    if state.connected:
        due = min(state.vitals_at, state.resend_at if state.pending else NEVER, doubts.due(state))
    sounding = state.sounding
    if sounding is not None:
        due = min(due, sounding.deadline, state.save_at if sounding.started else NEVER)
        due = min(due, right.until(state, max(now, sounding.at)))
    for held in state.held.values():
        if sounding is not None and sounding.broadcast == held.order.id:
            continue
        due = min(due, waiting.ends(held, state), right.until(state, max(now, waiting.due(held, state))))
        if sounding is None or held.order.level > sounding.level:
            due = min(due, waiting.next_chance(held, state, now))
    return due if state.agenda is None else min(due, _due_by_plan(state, state.agenda, now))


def _due_by_plan(state: State, agenda: Agenda, now: int) -> int:
    due = min(plans.next_due(state), state.fetch_at)
    if not state.doubt:
        due = min(due, state.seen + plans.SEEN_EVERY)
    quiet = agenda.quiet_after(now) if state.sounding is not None else None
    return due if quiet is None else min(due, quiet.start)
