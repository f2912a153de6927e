"""One sound at a time, by the ladder: what plays, what waits, what breaks off and goes on later."""

from msgspec.structs import replace

from nguon.agent import right, waiting
from nguon.agent.agenda import free
from nguon.agent.effects import SAVE, SendProof, StartPlayer, StopPlayer
from nguon.agent.state import Held, Sounding, State
from nguon.agent.turn import Turn
from nguon.agent.units import HOUR, SECOND
from nguon.wire.ladder import Precedence, precedence
from nguon.wire.messages import Play, Reason, Stage

GRACE = 5 * SECOND  # a sound ends this long after its declared duration at the latest
LONGEST = 4 * HOUR  # and after this at the latest, whatever its order declares
START_WITHIN = 15 * SECOND  # a player that has not begun by then has failed
STREAM_WITHIN = 60 * SECOND  # and one of streams, which may have many addresses to try
SAVE_EVERY = 10 * SECOND  # how much of a sound is heard twice after a loss of power, at most
SHORT = 3 * SECOND  # a sound that ends this much (or a tenth) too early was not finished
PROOFS_MOST = 200
NOT_OURS = "outside the hours of the right to this screen"


def choose(turn: Turn) -> None:
    """Let the first of the ladder sound. A higher level breaks off a lower one; the same level waits its turn."""
    state = turn.state
    best = _best(state, turn.now)
    if best is None:
        return
    sounding = state.sounding
    if sounding is not None:
        if sounding.level >= best.order.level:
            return
        _preempt(turn, sounding)
    _start(turn, best)


def _best(state: State, now: int) -> Held | None:
    """Of what is on disk and due, the first. Among equals what was already begun goes first."""
    sounding = state.sounding.broadcast if state.sounding else None
    due = [
        held
        for held in state.held.values()
        if held.order.id != sounding and waiting.moment(held, state, now) is not None
    ]
    return min(due, key=_rank, default=None)


def _rank(held: Held) -> Precedence:
    order = held.order
    return precedence(order.level, held.position > 0 or held.since > 0, order.start, order.at, order.id)


def _start(turn: Turn, held: Held) -> None:
    state, order = turn.state, held.order
    at = max(turn.now, waiting.due(held, state))
    offset = waiting.offset(held, state, at)
    within = START_WITHIN if order.stream is None else STREAM_WITHIN
    deadline = at + state.settings.warm_up + within
    go = state.goes + 1
    turn.put(goes=go, sounding=Sounding(order.id, go, order.level, offset, turn.now, deadline, at=at))
    turn.effects.append(StartPlayer(go, order, offset, _volume(state, order, at), at))


def _volume(state: State, order: Play, at: int) -> int:
    """That of the order, else that of the settings; and no more than the hour allows, but for emergencies."""
    volume = state.settings.volume if order.volume is None else order.volume
    return volume if state.agenda is None or free(order) else min(volume, state.agenda.loudest(at))


def _preempt(turn: Turn, sounding: Sounding) -> None:
    position = silence(turn, sounding.broadcast)
    held = turn.state.held[sounding.broadcast]
    if not sounding.started:  # nothing was heard: it simply waits again
        return
    if held.order.duration - position <= waiting.SCRAP:  # all but its last breath was heard
        over(turn, sounding.broadcast, Stage.FINISHED, position=position)
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
    """Sound comes out. A stream keeps the beginning it had; a file that went by the clock goes on from here."""
    sounding = turn.state.sounding
    if sounding is None or sounding.go != go or sounding.started:
        return
    held = turn.state.held[sounding.broadcast]
    order = held.order
    since = turn.now - sounding.offset
    if order.stream is not None:
        since = waiting.beginning(held, turn.state) or since
    grace = 0 if order.stream is not None else GRACE  # a stream has no end of its own to wait for
    deadline = turn.now + min(max(order.duration - sounding.offset, 0), LONGEST) + grace
    turn.put(sounding=replace(sounding, started=True, since=turn.now, deadline=deadline), save_at=turn.now + SAVE_EVERY)
    turn.hold(replace(held, stage=Stage.STARTED, since=since, by_clock=False))
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


def failed(turn: Turn, go: int, detail: str, heard: int | None = None) -> None:
    """The player gave up. `heard`: how far (ms) it was heard, if not until now."""
    sounding = turn.state.sounding
    if sounding is None or sounding.go != go:
        return
    position = sounding.position(turn.now)
    if heard is not None:
        position = min(position, max(heard, sounding.offset))
    reason = _blamed(turn.state.held[sounding.broadcast])
    turn.put(sounding=None)
    over(turn, sounding.broadcast, Stage.FAILED, reason=reason, detail=detail, position=position)
    choose(turn)


def _blamed(held: Held) -> Reason:
    """Whose fault it is that nothing is heard: of a stream, its addresses'."""
    return Reason.PLAYER if held.order.stream is None else Reason.RELAY


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


def ready(turn: Turn, sha256s: frozenset[str] | set[str]) -> None:
    """Contents are on disk: every broadcast that waits for one of them is ready. First the sound, then words and disk.

    Ready is told of what has to wait its turn; what begins now will tell that itself.
    """
    news: list[Held] = []
    for held in tuple(turn.state.held.values()):
        if held.order.sha256 not in sha256s or held.ready:
            continue
        if held.stage is Stage.RECEIVED and not held.planned:
            turn.hold(replace(held, ready=True, stage=Stage.READY))
            news.append(held)
        else:  # planned, and of that nothing is said; or after power-up: the server knows more of it already
            turn.hold(replace(held, ready=True))
    choose(turn)
    sounding = turn.state.sounding and turn.state.sounding.broadcast
    for held in news:
        if held.order.id != sounding:
            turn.tell(held.order.id, Stage.READY, sha256=held.order.sha256)
    if news:
        turn.effects.append(SAVE)


def fetch_failed(turn: Turn, sha256: str, reason: Reason, detail: str) -> None:
    """A content will not come: every order that waits for it has failed. What is planned waits for its time."""
    for held in tuple(turn.state.held.values()):
        if held.order.sha256 == sha256 and not held.ready and not held.planned:
            over(turn, held.order.id, Stage.FAILED, reason=reason, detail=detail, position=held.position)


def gone(turn: Turn, sha256: str) -> None:
    """A content is no longer on disk: what would have to begin with it waits for it again."""
    sounding = turn.state.sounding
    for held in tuple(turn.state.held.values()):
        if held.order.sha256 == sha256 and (sounding is None or sounding.broadcast != held.order.id):
            turn.hold(replace(held, ready=False))


def passing(turn: Turn) -> None:
    """What time does to sounds: the longest duration, quiet hours, expiry, the place to go on from without power."""
    _end_too_long(turn)
    _be_quiet(turn)
    _leave(turn)
    _expire(turn)
    _note_position(turn)
    choose(turn)
    _expire(turn)  # what was broken off just now may have no time left


def _end_too_long(turn: Turn) -> None:
    sounding = turn.state.sounding
    if sounding is None or turn.now < sounding.deadline:
        return
    held = turn.state.held[sounding.broadcast]
    position = silence(turn, sounding.broadcast)
    if not sounding.started:
        detail = f"the player did not start within {(sounding.deadline - sounding.at) // SECOND} s"
    elif held.order.stream is not None and position >= held.order.duration:
        over(turn, sounding.broadcast, Stage.FINISHED, position=position)  # its time is over, as it should be
        return
    else:
        detail = f"cut off: it did not end within {GRACE // SECOND} s of its duration"
    over(turn, sounding.broadcast, Stage.FAILED, reason=_blamed(held), detail=detail, position=position)


def _be_quiet(turn: Turn) -> None:
    """In quiet hours nothing goes on but emergencies. What may end anywhere ends, the rest waits."""
    state, sounding = turn.state, turn.state.sounding
    if sounding is None or state.agenda is None or free(order := state.held[sounding.broadcast].order):
        return
    if state.agenda.quiet_at(max(turn.now, sounding.at)) is None:
        return
    left = order.duration - sounding.position(turn.now)
    if sounding.started and left <= waiting.TAIL:
        position = silence(turn, order.id)
        over(turn, order.id, Stage.FINISHED, position=position)
    elif sounding.started and order.cut:
        position = silence(turn, order.id)
        detail = "ended by quiet hours"
        over(turn, order.id, Stage.EXPIRED, reason=Reason.QUIET, detail=detail, position=position)
    else:
        _preempt(turn, sounding)


def _leave(turn: Turn) -> None:
    """The screen is its owner's again: whatever shows ends."""
    sounding = turn.state.sounding
    if sounding is not None and right.forbids(turn.state, max(turn.now, sounding.at)):
        position = silence(turn, sounding.broadcast)
        over(turn, sounding.broadcast, Stage.EXPIRED, reason=Reason.RIGHT, detail=NOT_OURS, position=position)


def _expire(turn: Turn) -> None:
    sounding = turn.state.sounding
    for held in tuple(turn.state.held.values()):
        if sounding is not None and sounding.broadcast == held.order.id:
            continue
        if waiting.ends(held, turn.state) <= turn.now:
            stage, reason, detail = waiting.why_not(held, turn.state, turn.now)
        elif right.forbids(turn.state, max(turn.now, waiting.due(held, turn.state))):
            stage, reason, detail = Stage.EXPIRED, Reason.RIGHT, NOT_OURS
        else:
            continue
        over(turn, held.order.id, stage, reason=reason, detail=detail, position=held.position)


def _note_position(turn: Turn) -> None:
    sounding = turn.state.sounding
    if sounding is None or not sounding.started or turn.now < turn.state.save_at:
        return
    held = turn.state.held[sounding.broadcast]
    position = min(sounding.position(turn.now), held.order.duration)
    turn.hold(replace(held, position=position))
    turn.put(save_at=turn.now + SAVE_EVERY)
    turn.effects.append(SAVE)
