"""One sound at a time, by the ladder: what plays, what waits, what breaks off and goes on later."""

from msgspec.structs import replace

from nguon.agent.effects import SAVE, SendProof, StartPlayer, StopPlayer
from nguon.agent.state import Held, Sounding, State
from nguon.agent.turn import SECOND, Turn
from nguon.wire.ladder import Precedence, precedence
from nguon.wire.messages import Play, Reason, Stage

GRACE = 5 * SECOND  # a sound ends this long after its declared duration at the latest
LONGEST = 4 * 3600 * SECOND  # and after this at the latest, whatever its order declares
START_WITHIN = 15 * SECOND  # a player that has not begun by then has failed
SAVE_EVERY = 10 * SECOND  # how much of a sound is heard twice after a loss of power, at most
SHORT = 3 * SECOND  # a sound that ends this much (or a tenth) too early was not finished
PROOFS_MOST = 200
SKEW = 120 * SECOND  # an order may be issued so much later than our clock says; more, and our clock is wrong


def choose(turn: Turn) -> None:
    """Let the first of the ladder sound. A higher level breaks off a lower one; the same level waits its turn."""
    state = turn.state
    best = _best(state, turn.now)
    if best is None:
        return
    sounding = state.sounding
    if sounding is not None:
        if sounding.broadcast == best.order.id or sounding.level >= best.order.level:
            return
        _preempt(turn, sounding)
    _start(turn, best)


def _best(state: State, now: int) -> Held | None:
    """Of what is on disk and due, the first. Among equals what was already begun goes first."""
    due = [
        held for held in state.held.values() if held.ready and held.order.start <= now and _may_sound(held, state, now)
    ]
    return min(due, key=_rank, default=None)


def _rank(held: Held) -> Precedence:
    order = held.order
    return precedence(order.level, held.position > 0, order.start, order.at, order.id)


def _may_sound(held: Held, state: State, now: int) -> bool:
    """Not what has expired, but what sounds already; and nothing by a clock that its order gives the lie."""
    sounding = state.sounding
    if sounding is not None and sounding.broadcast == held.order.id:
        return True
    return held.order.expires > now and (state.checked or not ahead_of(now, held.order))


def ahead_of(now: int, order: Play) -> bool:
    """Whether an order was issued in our future: then our clock is behind."""
    return order.at > now + SKEW


def _start(turn: Turn, held: Held) -> None:
    state, order = turn.state, held.order
    go = state.goes + 1
    volume = state.settings.volume if order.volume is None else order.volume
    deadline = turn.now + START_WITHIN
    turn.put(goes=go, sounding=Sounding(order.id, go, order.level, held.position, turn.now, deadline))
    turn.effects.append(StartPlayer(go, order, held.position, volume))


def _preempt(turn: Turn, sounding: Sounding) -> None:
    position = silence(turn, sounding.broadcast)
    held = turn.state.held[sounding.broadcast]
    if not sounding.started:  # nothing was heard: it simply waits again
        return
    turn.hold(replace(held, stage=Stage.PREEMPTED, position=position))
    turn.tell(sounding.broadcast, Stage.PREEMPTED, position=position)
    turn.effects.append(SAVE)


def silence(turn: Turn, broadcast: str) -> int:
    """If this broadcast sounds, end that at once. Returns how far it came (0 if it did not sound)."""
    sounding = turn.state.sounding
    if sounding is None or sounding.broadcast != broadcast:
        return 0
    turn.effects.append(StopPlayer(sounding.go))
    turn.put(sounding=None)
    duration = turn.state.held[broadcast].order.duration
    return min(sounding.position(turn.now), duration)


def started(turn: Turn, go: int) -> None:
    """Sound comes out."""
    sounding = turn.state.sounding
    if sounding is None or sounding.go != go or sounding.started:
        return
    held = turn.state.held[sounding.broadcast]
    order = held.order
    deadline = turn.now + min(max(order.duration - sounding.offset, 0), LONGEST) + GRACE
    turn.put(sounding=replace(sounding, started=True, since=turn.now, deadline=deadline), save_at=turn.now + SAVE_EVERY)
    turn.hold(replace(held, stage=Stage.STARTED))
    turn.tell(sounding.broadcast, Stage.STARTED, position=sounding.offset, sha256=order.sha256)
    turn.effects.append(SAVE)


def finished(turn: Turn, go: int, position: int) -> None:
    """The player came to the end. Far too early is no end: the listeners did not hear it out."""
    sounding = turn.state.sounding
    if sounding is None or sounding.go != go:
        return
    duration = turn.state.held[sounding.broadcast].order.duration
    if position + max(SHORT, duration // 10) < duration:
        failed(turn, go, f"ended after {position} of {duration} ms")
        return
    turn.put(sounding=None)
    over(turn, sounding.broadcast, Stage.FINISHED, position=position)
    choose(turn)


def failed(turn: Turn, go: int, detail: str) -> None:
    """The player gave up."""
    sounding = turn.state.sounding
    if sounding is None or sounding.go != go:
        return
    position = sounding.position(turn.now)
    turn.put(sounding=None)
    over(turn, sounding.broadcast, Stage.FAILED, reason=Reason.PLAYER, detail=detail, position=position)
    choose(turn)


def over(
    turn: Turn, broadcast: str, stage: Stage, *, reason: Reason = Reason.NONE, detail: str = "", position: int = 0
) -> None:
    """A held broadcast has come to its last stage: remembered and saved before it is told."""
    order = turn.state.held[broadcast].order
    turn.end(broadcast, stage, order.expires, reason=reason, position=position)
    turn.effects.append(SAVE)
    sha256 = order.sha256 if stage is Stage.FINISHED else None
    turn.tell(broadcast, stage, reason=reason, detail=detail, position=position, sha256=sha256)
    owe_proof(turn, broadcast, position)


def owe_proof(turn: Turn, broadcast: str, position: int) -> None:
    """What was heard, even in part, is owed to the server as sound if proofs are wanted."""
    state = turn.state
    if position > 0 and (state.proof or state.settings.proof):
        turn.put(proofs=(*state.proofs, broadcast)[-PROOFS_MOST:])
        turn.effects.append(SendProof(broadcast))


def fetched(turn: Turn, sha256: str) -> None:
    """A content is on disk: every broadcast that waits for it is ready."""
    for held in tuple(turn.state.held.values()):
        if held.order.sha256 != sha256 or held.ready:
            continue
        if held.stage is Stage.RECEIVED:
            turn.hold(replace(held, ready=True, stage=Stage.READY))
            turn.tell(held.order.id, Stage.READY, sha256=sha256)
            turn.effects.append(SAVE)
        else:  # after power-up: the server knows more of it already
            turn.hold(replace(held, ready=True))
    choose(turn)


def fetch_failed(turn: Turn, sha256: str, reason: Reason, detail: str) -> None:
    """A content will not come: every broadcast that waits for it has failed."""
    for held in tuple(turn.state.held.values()):
        if held.order.sha256 == sha256 and not held.ready:
            over(turn, held.order.id, Stage.FAILED, reason=reason, detail=detail, position=held.position)


def passing(turn: Turn) -> None:
    """What time does to sounds: the longest duration, expiry, and the place to go on from after a loss of power."""
    _end_too_long(turn)
    _expire(turn)
    _note_position(turn)
    choose(turn)


def _end_too_long(turn: Turn) -> None:
    sounding = turn.state.sounding
    if sounding is None or turn.now < sounding.deadline:
        return
    if sounding.started:
        detail = f"cut off: it did not end within {GRACE // SECOND} s of its duration"
    else:
        detail = f"the player did not start within {START_WITHIN // SECOND} s"
    position = silence(turn, sounding.broadcast)
    over(turn, sounding.broadcast, Stage.FAILED, reason=Reason.PLAYER, detail=detail, position=position)


def _expire(turn: Turn) -> None:
    sounding = turn.state.sounding
    for held in tuple(turn.state.held.values()):
        order = held.order
        if order.expires > turn.now or (sounding is not None and sounding.broadcast == order.id):
            continue
        reason = Reason.LATE if held.ready else Reason.FETCH
        over(turn, order.id, Stage.EXPIRED, reason=reason, position=held.position)


def _note_position(turn: Turn) -> None:
    sounding = turn.state.sounding
    if sounding is None or not sounding.started or turn.now < turn.state.save_at:
        return
    held = turn.state.held[sounding.broadcast]
    position = min(sounding.position(turn.now), held.order.duration)
    turn.hold(replace(held, position=position))
    turn.put(save_at=turn.now + SAVE_EVERY)
    turn.effects.append(SAVE)
