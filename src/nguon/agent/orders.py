"""What the server says: play, stop, settings, acknowledgements."""

from functools import lru_cache
from hashlib import sha256

from nguon.agent import ahead, doubts, plans, right, sound, waiting
from nguon.agent.agenda import free
from nguon.agent.effects import SAVE, Fetch, Send, Subscribe
from nguon.agent.state import Held, State
from nguon.agent.turn import Turn, jitter
from nguon.agent.units import SECOND
from nguon.wire import codec, seal, trust
from nguon.wire.messages import Ack, Down, Keys, NewPlan, Play, Reason, Settings, Stage, Stop
from nguon.wire.trust import Untrusted

HELD_MOST = 500  # broadcasts held at once; more are refused, so that no flood fills memory or disk
SURE_FOR = 5 * SECOND  # so long after the time was asked for nobody has set a clock meanwhile


@lru_cache(maxsize=256)
def _decoded(payload: bytes) -> Down:
    """The message in these bytes. Raises Malformed. Kept: many devices of one process hear the same."""
    return codec.decode_down(payload)


@lru_cache(maxsize=256)
def _unsigned(data: bytes) -> Down | None:
    """The message in what bears no signature; None if it bears one. Raises Malformed."""
    envelope = seal.unwrap(data)
    return None if envelope.signatures else _decoded(envelope.payload)


def heard(turn: Turn, data: bytes) -> None:
    """One message from above. What cannot be understood or believed is counted, told, and disturbs nothing."""
    try:
        bare = _unsigned(data)
        if isinstance(bare, Ack):
            _ack(turn, bare)  # unsigned: whoever holds the broker could withhold the receipts as well
        elif bare is not None:
            raise Untrusted(Reason.UNSIGNED)
        else:
            by = trust.opened(turn.state.ring, data, turn.now)
            _take(turn, _decoded(by.payload), by, data)
    except codec.Malformed as error:
        turn.log(f"a message was refused: {str(error)[:200]}", "debug")
        _doubt(turn, Reason.MALFORMED, data)
    except Untrusted as error:
        known = error.reason is not Reason.KEY_OVER or turn.state.checked
        _doubt(turn, error.reason if known else Reason.CLOCK, data, kid=error.kid)


def _doubt(turn: Turn, reason: Reason, data: bytes, *, kid: str = "", order: str | None = None) -> None:
    doubts.note(turn, reason, sha256(data).hexdigest(), kid=kid, order=order)


def _take(turn: Turn, message: Down, by: trust.Opened, data: bytes) -> None:
    """What was signed by somebody who counts; whether they count for this is asked here. Raises Untrusted."""
    if isinstance(message, Settings | Keys | NewPlan) and message.device != turn.state.device:
        raise Untrusted(Reason.NOT_FOR_ME)  # said to another, and brought here
    if isinstance(message, Play | Stop):
        _order(turn, message, by, data)
    elif isinstance(message, Settings):
        if trust.top_only(turn.state.ring, by) is not Reason.NONE:
            raise Untrusted(Reason.RANK)
        if message.version < turn.state.settings.version:
            raise Untrusted(Reason.REPLAYED)
        _settings(turn, message)
    elif isinstance(message, NewPlan):
        if not by.authorities:
            raise Untrusted(Reason.RANK)
        if message.version < turn.state.plan:
            raise Untrusted(Reason.REPLAYED)
        plans.announced(turn, message)
    elif isinstance(message, Keys):
        _keys(turn, message, by)
    else:
        turn.log("an acknowledgement with a signature", "debug")
        _ack(turn, message)


def _keys(turn: Turn, keys: Keys, by: trust.Opened) -> None:
    ring = turn.state.ring
    if keys.version == ring.version:
        return  # sent again
    turn.put(ring=trust.learn(ring, keys, by))
    turn.log(f"keys {keys.version} are in force: {len(keys.authorities)} authorities")
    turn.effects.append(SAVE)
    plans.tell_soon(turn)


def _order(turn: Turn, order: Play | Stop, by: trust.Opened, data: bytes) -> None:
    """An order for another channel is nobody's fault: a broker of another make may deliver more than was asked for."""
    state = turn.state
    reason = trust.doubt(state.ring, order, by)
    if reason is not Reason.NONE:
        return _doubt(turn, reason, data, order=order.id)
    if order.channel != state.channel:
        return turn.log(f"an order for another channel ({order.channel})", "debug")
    if isinstance(order, Stop):
        return _stop(turn, order, trust.rank_of(state.ring, by), data)
    highest = state.numbers.get(order.issuer or "", 0)
    known = order.id in state.held or order.id in state.over
    if not known and order.expires <= turn.now and order.seq <= highest:
        return _doubt(turn, Reason.REPLAYED, data, order=order.id)  # it was over, and is forgotten: somebody kept it
    _play(turn, order, data)
    if order.seq > highest and (order.id in turn.state.held or order.id in turn.state.over):
        turn.put(numbers={**turn.state.numbers, order.issuer or "": order.seq})
    return None


def _for_me(state: State, order: Play | Stop) -> bool:
    """Whether it names this device or one of its areas."""
    if state.device in order.devices:
        return True
    return not set(order.areas).isdisjoint(state.settings.areas)


def _play(turn: Turn, order: Play, data: bytes) -> None:
    if order.id in turn.state.over and _stopped_from_below(turn.state, order):
        turn.put(over={key: end for key, end in turn.state.over.items() if key != order.id})
    state = turn.state
    if order.id in state.held or order.id in state.over:
        _answer_again(turn, order.id)
    elif not _for_me(state, order):
        _doubt(turn, Reason.NOT_FOR_ME, data, order=order.id)
        _refuse(turn, order, Reason.NOT_FOR_ME)
    elif not state.checked and (waiting.ahead_of(turn.now, order) or order.expires <= turn.now):
        turn.log(f"broadcast {order.id} shows that our clock is wrong, and nobody has checked it", "warning")
        _refuse(turn, order, Reason.CLOCK)  # the server sends nothing expired, and nothing from the future
    elif max(order.at, order.not_before) > turn.now + trust.SKEW:
        _doubt(turn, Reason.FUTURE, data, order=order.id)
        _refuse(turn, order, Reason.FUTURE)
    elif max(order.at, order.start) <= _hushed(state, order):
        turn.tell(order.id, Stage.STOPPED, reason=Reason.STOPPED)
        turn.end(order.id, Stage.STOPPED, order.expires, reason=Reason.STOPPED)
        turn.effects.append(SAVE)
    elif order.expires <= turn.now:
        _late(turn, order, data)
    elif right.forbids(state, max(order.start, turn.now)):
        _doubt(turn, Reason.RIGHT, data, order=order.id)  # somebody else's screen, and not our hour
        _refuse(turn, order, Reason.RIGHT)
    elif len(state.held) >= HELD_MOST:
        _refuse(turn, order, Reason.DISK)
    else:
        _accept(turn, order)


def _late(turn: Turn, order: Play, data: bytes) -> None:
    """The server sends nothing that is over: it was kept back, or a clock was set, ours or the server's.

    Until the time was asked for it is not given up: the server sends again what was refused for its time.
    """
    _doubt(turn, Reason.LATE, data, order=order.id)
    if turn.now - turn.state.checked_at > SURE_FOR:
        turn.put(checked=False)
        return _refuse(turn, order, Reason.LATE)
    turn.tell(order.id, Stage.EXPIRED, reason=Reason.LATE)
    turn.end(order.id, Stage.EXPIRED, order.expires, reason=Reason.LATE)
    turn.effects.append(SAVE)
    return None


def _hushed(state: State, order: Play) -> int:
    """When silence was last ordered that this order must heed: an emergency heeds none from below its issuer."""
    if not free(order):
        return state.hushed_at
    heeded = (at for rank, at in state.hushed_by.items() if not trust.outranked(state.ring, order, rank))
    return max(heeded, default=0)


def _accept(turn: Turn, order: Play) -> None:
    """Keep it, and say so. A stream is ready at once; a file has to come."""
    turn.hold(Held(order, ready=order.stream is not None))
    if order.content is not None:
        turn.effects.append(Fetch(order.content, order.expires))
    turn.effects.append(SAVE)  # before it is told: the server does not repeat what was received
    turn.tell(order.id, Stage.RECEIVED)
    if order.stream is not None:
        sound.choose(turn)


def _refuse(turn: Turn, order: Play, reason: Reason) -> None:
    """Refused, and not remembered: the same order may be right later. One unacknowledged refusal is enough."""
    if not any(receipt.broadcast == order.id for receipt in turn.state.pending):
        turn.tell(order.id, Stage.REFUSED, reason=reason)
        turn.effects.append(SAVE)


def _answer_again(turn: Turn, broadcast: str) -> None:
    """The server asks again: the newest unacknowledged receipt as it was, else the present stage with a new number."""
    state = turn.state
    last = next((receipt for receipt in reversed(state.pending) if receipt.broadcast == broadcast), None)
    if last is not None:
        if state.connected:
            turn.effects.append(Send("receipt", last))
        return
    if broadcast in state.held:
        held = state.held[broadcast]
        turn.tell(broadcast, held.stage, position=held.position)
    else:
        over = state.over[broadcast]
        turn.tell(broadcast, over.stage, reason=over.reason, position=over.position)
    turn.effects.append(SAVE)


def _stopped_from_below(state: State, order: Play) -> bool:
    """Whether somebody below its issuer gave the order to stop it, and gave it first."""
    end = state.over[order.id]
    return end.stage is Stage.STOPPED and trust.outranked(state.ring, order, end.rank)


def _stop(turn: Turn, order: Stop, rank: int, data: bytes) -> None:
    """Obeyed, expired or not: silence does no harm, but for an emergency from above. First the silence, then words."""
    held = turn.state.held.get(order.broadcast or "")
    if not _for_me(turn.state, order):
        _doubt(turn, Reason.NOT_FOR_ME, data, order=order.id)
    elif held is not None and trust.outranked(turn.state.ring, held.order, rank):
        _doubt(turn, Reason.RANK, data, order=order.broadcast)
    elif order.broadcast is None:
        _hush(turn, order, rank)
    elif order.broadcast in turn.state.over:
        _answer_again(turn, order.broadcast)
    else:
        _end_stopped(turn, order.broadcast, order.expires, rank)
        sound.choose(turn)


def _hush(turn: Turn, order: Stop, rank: int) -> None:
    """Whatever sounds, and whatever was due by then, is over. What was issued after this order is not touched."""
    until = min(order.at, turn.now + waiting.SKEW)  # an order from the far future must not silence for ever
    by = turn.state.hushed_by
    turn.put(hushed_at=max(turn.state.hushed_at, until), hushed_by={**by, rank: max(by.get(rank, 0), until)})
    now_sounding = turn.state.sounding
    for held in tuple(turn.state.held.values()):
        play = held.order
        if trust.outranked(turn.state.ring, play, rank):
            continue
        sounds = now_sounding is not None and now_sounding.broadcast == play.id
        if play.at <= order.at and (sounds or play.start <= order.at or held.stage is Stage.PREEMPTED):
            _end_stopped(turn, play.id, order.expires, rank)
    turn.effects.append(SAVE)
    sound.choose(turn)


def _end_stopped(turn: Turn, broadcast: str, until: int, rank: int) -> None:
    held = turn.state.held.get(broadcast)
    position = sound.silence(turn, broadcast)
    if held is not None:
        until = max(until, held.order.expires)
        position = max(position, held.position)
    elif turn.state.agenda is not None and (planned := turn.state.agenda.find(broadcast)) is not None:
        until = max(until, planned.expires)  # it may be days away
    until = max(until, turn.now)
    turn.end(broadcast, Stage.STOPPED, until, reason=Reason.STOPPED, position=position, rank=rank)
    turn.effects.append(SAVE)
    turn.tell(broadcast, Stage.STOPPED, reason=Reason.STOPPED, position=position)
    sound.owe_proof(turn, broadcast, position)


def _settings(turn: Turn, settings: Settings) -> None:
    state = turn.state
    if settings.version <= state.settings.version:
        turn.log(f"settings {settings.version} are not newer than {state.settings.version}", "debug")
        return
    soon = turn.now + jitter(state.device, 5 * SECOND)
    turn.put(settings=settings, vitals_at=min(state.vitals_at, soon) if state.vitals_at else soon)
    turn.effects.append(SAVE)
    if state.connected and set(settings.areas) != set(state.settings.areas):
        turn.effects.append(Subscribe(settings.areas))
    ahead.settings_changed(turn)


def _ack(turn: Turn, ack: Ack) -> None:
    """Saved only when nothing is left: after a loss of power some go out again, and a repeat is harmless."""
    seqs = frozenset(ack.seqs)
    left = tuple(receipt for receipt in turn.state.pending if receipt.seq not in seqs)
    if turn.state.pending and not left:
        turn.effects.append(SAVE)
    turn.put(pending=left)
