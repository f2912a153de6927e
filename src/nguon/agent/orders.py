"""What the server says: play, stop, settings, acknowledgements."""

from functools import lru_cache

from nguon.agent import ahead, plans, sound, waiting
from nguon.agent.effects import SAVE, Fetch, Send, Subscribe
from nguon.agent.state import Held, State
from nguon.agent.turn import Turn, jitter
from nguon.agent.units import CHANNEL, SECOND
from nguon.wire import codec, seal
from nguon.wire.messages import Ack, Down, NewPlan, Play, Reason, Settings, Stage, Stop

HELD_MOST = 500  # broadcasts held at once; more are refused, so that no flood fills memory or disk


@lru_cache(maxsize=256)
def opened(data: bytes) -> Down | str:
    """The message in sealed bytes, or why there is none. Kept by bytes: many devices of one process hear the same."""
    try:
        return codec.decode_down(seal.unwrap(data).payload)
    except codec.Malformed as error:
        return str(error)


def heard(turn: Turn, data: bytes) -> None:
    """One message from above. What cannot be understood is logged and disturbs nothing."""
    message = opened(data)
    if isinstance(message, Play | Stop) and message.channel != CHANNEL:
        turn.log(f"an order for another channel ({message.channel})", "debug")  # all kinds of devices share an area
    elif isinstance(message, Play):
        _play(turn, message)
    elif isinstance(message, Ack):
        _ack(turn, message)
    elif isinstance(message, Stop):
        _stop(turn, message)
    elif isinstance(message, Settings):
        _settings(turn, message)
    elif isinstance(message, NewPlan):
        plans.announced(turn, message)
    else:
        turn.log(f"a message was refused: {message[:200]}", "warning")


def _for_me(state: State, order: Play | Stop) -> bool:
    """Whether it names this device or one of its areas."""
    if state.device in order.devices:
        return True
    return not set(order.areas).isdisjoint(state.settings.areas)


def _play(turn: Turn, order: Play) -> None:
    state = turn.state
    if order.id in state.held or order.id in state.over:
        _answer_again(turn, order.id)
    elif not _for_me(state, order):
        turn.log(f"broadcast {order.id} is not for this device", "warning")
        _refuse(turn, order, Reason.NOT_FOR_ME)
    elif not state.checked and (waiting.ahead_of(turn.now, order) or order.expires <= turn.now):
        turn.log(f"broadcast {order.id} shows that our clock is wrong, and nobody has checked it", "warning")
        _refuse(turn, order, Reason.CLOCK)  # the server sends nothing expired, and nothing from the future
    elif order.at <= state.hushed_at and order.start <= state.hushed_at:
        turn.tell(order.id, Stage.STOPPED, reason=Reason.STOPPED)
        turn.end(order.id, Stage.STOPPED, order.expires, reason=Reason.STOPPED)
        turn.effects.append(SAVE)
    elif order.expires <= turn.now:
        turn.tell(order.id, Stage.EXPIRED, reason=Reason.LATE)
        turn.end(order.id, Stage.EXPIRED, order.expires, reason=Reason.LATE)
        turn.effects.append(SAVE)
    elif len(state.held) >= HELD_MOST:
        _refuse(turn, order, Reason.DISK)
    else:
        _accept(turn, order)


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


def _stop(turn: Turn, order: Stop) -> None:
    """Always obeyed, expired or not: silence does no harm. First the silence, then the words about it."""
    if not _for_me(turn.state, order):
        turn.log(f"stop order {order.id} is not for this device", "warning")
    elif order.broadcast is None:
        _hush(turn, order)
    elif order.broadcast in turn.state.over:
        _answer_again(turn, order.broadcast)
    else:
        _end_stopped(turn, order.broadcast, order.expires)
        sound.choose(turn)


def _hush(turn: Turn, order: Stop) -> None:
    """Whatever sounds, and whatever was due by then, is over. What was issued after this order is not touched."""
    until = min(order.at, turn.now + waiting.SKEW)  # an order from the far future must not silence for ever
    turn.put(hushed_at=max(turn.state.hushed_at, until))
    now_sounding = turn.state.sounding
    for held in tuple(turn.state.held.values()):
        play = held.order
        sounds = now_sounding is not None and now_sounding.broadcast == play.id
        if play.at <= order.at and (sounds or play.start <= order.at or held.stage is Stage.PREEMPTED):
            _end_stopped(turn, play.id, order.expires)
    turn.effects.append(SAVE)
    sound.choose(turn)


def _end_stopped(turn: Turn, broadcast: str, until: int) -> None:
    held = turn.state.held.get(broadcast)
    position = sound.silence(turn, broadcast)
    if held is not None:
        until = max(until, held.order.expires)
        position = max(position, held.position)
    elif turn.state.agenda is not None and (planned := turn.state.agenda.find(broadcast)) is not None:
        until = max(until, planned.expires)  # it may be days away
    turn.end(broadcast, Stage.STOPPED, max(until, turn.now), reason=Reason.STOPPED, position=position)
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
