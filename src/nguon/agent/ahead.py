"""Fetching ahead: what is due soon at once, the rest in idle hours or on a good signal, within the month's budget."""

from nguon.agent import doubts, sound
from nguon.agent.agenda import Agenda, Need, Use
from nguon.agent.effects import Fetch, Look
from nguon.agent.state import State, Trouble
from nguon.agent.turn import Turn, jitter
from nguon.agent.units import HOUR, MINUTE
from nguon.agent.waiting import NEVER
from nguon.kit import clock
from nguon.wire.messages import Content, Reason, Span

SOON = 12 * HOUR  # what is due within that is fetched at once
PRESSING = 2 * HOUR  # what is due within that is fetched though the budget is used up
AT_ONCE = 3  # files fetched ahead at a time: the one due first must not wait for all
TRY_FOR = 10 * MINUTE  # then another has its turn
PAUSES = {Reason.FETCH: 5 * MINUTE, Reason.DISK: 10 * MINUTE, Reason.HASH: 30 * MINUTE}
SHORT_PAUSE = MINUTE  # when it is due within a pause
PROVE = 10 * MINUTE  # so long before it sounds a file is read again, if that was not done within the hour
PROVED = HOUR
# dBm. From there on the office sees "strong"; mobile radio sends a byte in the least of its time, and even Wi-Fi, which
# is weak there, carries a hundred times what speech needs. A mast that fades by a few dB must not switch to and fro.
GOOD, NO_LONGER_GOOD = -85, -91
GOOD_FOR = HOUR  # devices that are well placed begin within that time, each at its own moment: not all at once


def begin(turn: Turn) -> None:
    """A new plan, or power-up: see first what is on disk, the next due first; nothing is fetched twice."""
    agenda = turn.state.agenda
    turn.put(asked=frozenset(), troubles={}, fetch_at=turn.now)
    if agenda is None:
        return
    files = [need.content for _use, need in _by_use(agenda, turn.now)]
    needed = frozenset(content.sha256 for content in files)
    here = {sha256: at for sha256, at in turn.state.here.items() if sha256 in needed}
    turn.put(here=here)
    unknown = tuple(content for content in files if content.sha256 not in here)
    if unknown:
        turn.put(fetch_at=NEVER)  # once that is answered
        turn.effects.append(Look(unknown))


def found(turn: Turn, sha256s: frozenset[str], complete: bool) -> None:
    """What of the plan is on disk."""
    turn.put(here={**turn.state.here, **dict.fromkeys(sorted(sha256s), turn.now)})
    sound.ready(turn, sha256s)
    if complete:
        look(turn)


def fetched(turn: Turn, sha256: str) -> None:
    """A content is on disk."""
    state = turn.state
    if state.agenda is not None:
        troubles = {key: value for key, value in state.troubles.items() if key != sha256}
        turn.put(here={**state.here, sha256: turn.now}, asked=state.asked - {sha256}, troubles=troubles)
    sound.ready(turn, {sha256})
    look(turn)


def failed(turn: Turn, sha256: str, reason: Reason, detail: str) -> None:
    """A content did not come: another has its turn, and this one is tried again later."""
    sound.fetch_failed(turn, sha256, reason, detail)
    if reason is Reason.HASH:
        doubts.note(turn, reason, sha256)  # other bytes than were signed: the file server's fault, or worse
    state = turn.state
    need = next((each for each in state.agenda.needs if each.content.sha256 == sha256), None) if state.agenda else None
    use = need.next(turn.now) if need else None
    if use is None:
        turn.put(asked=state.asked - {sha256})
        return
    pause = PAUSES.get(reason, 5 * MINUTE)
    if use.start < turn.now + pause:
        pause = SHORT_PAUSE
    again = turn.now + pause + jitter(state.device, pause // 4)
    turn.log(f"{sha256[:12]} was not fetched ahead ({reason}: {detail[:120]})", "warning")
    trouble = Trouble(reason, detail, again)
    turn.put(asked=state.asked - {sha256}, troubles={**state.troubles, sha256: trouble})
    look(turn)


def gone(turn: Turn, sha256: str) -> None:
    """A content is no longer on disk."""
    turn.put(here={key: at for key, at in turn.state.here.items() if key != sha256})
    sound.gone(turn, sha256)
    turn.put(fetch_at=min(turn.state.fetch_at, turn.now + MINUTE))


def hurry(turn: Turn) -> None:
    """There is a link again: what did not come is tried now."""
    turn.put(asked=frozenset(), troubles={})
    look(turn)


def look(turn: Turn) -> None:
    """Ask for what is to be fetched now, the first due first, and note when to look again."""
    state = turn.state
    agenda = state.agenda
    if agenda is None:
        return
    asked, later = set(state.asked), NEVER
    coming = sum(need.content.size for need in agenda.needs if need.content.sha256 in asked - state.here.keys())
    for use, need in _by_use(agenda, turn.now):
        if need.content.sha256 in asked:
            continue
        at = _when(need, use, state, agenda, turn.now)
        if at > turn.now:
            later = min(later, at)
        elif _too_dear(turn, need.content, use, coming):
            later = min(later, use.start - PRESSING)
        elif len(asked) < AT_ONCE:
            asked.add(need.content.sha256)
            coming += need.content.size if need.content.sha256 not in state.here else 0
            turn.effects.append(Fetch(need.content, min(use.end, turn.now + TRY_FOR)))
    turn.put(asked=frozenset(asked), fetch_at=later)


def _by_use(agenda: Agenda, now: int) -> list[tuple[Use, Need]]:
    """The files that are still needed, by their next use."""
    found = [(use, need) for need in agenda.needs if (use := need.next(now)) is not None]
    return sorted(found, key=lambda pair: pair[0].start)


def _when(need: Need, use: Use, state: State, agenda: Agenda, now: int) -> int:
    """When to fetch it; or, if it is here, when to prove it. A moment that is past means now."""
    sha256 = need.content.sha256
    if sha256 in state.here:
        return _when_to_prove(need, state.here[sha256], now)
    at = use.start - SOON
    if at > now:
        at = min(at, _idle(agenda.fetch, agenda.made, state.device, now), _while_good(state, agenda.made))
    trouble = state.troubles.get(sha256)
    return at if trouble is None else max(at, trouble.again)


def _when_to_prove(need: Need, proved: int, now: int) -> int:
    """Shortly before its next beginning, unless that was done within the hour before; then after it."""
    coming = next((use.start for use in need.uses if use.start > now), None)
    if coming is None:
        return NEVER
    at = max(coming - PROVE, proved + PROVED)
    return at if at < coming else coming


def _idle(spans: tuple[Span, ...], made: int, device: str, now: int) -> int:
    """This device's moment of the idle hours that are now or next. A plan without any leaves it to us: soon."""
    if not spans:
        return made + jitter(device, 10 * MINUTE)
    for span in spans:
        at = span.start + jitter(device, (span.end - span.start) * 3 // 4)
        if now < span.end:
            return at
    return NEVER


def _while_good(state: State, made: int) -> int:
    """This device's moment on a good signal, if it has one."""
    return max(state.good_since, made) + jitter(state.device, GOOD_FOR) if state.good_since else NEVER


def measured(turn: Turn, signal: int | None) -> None:
    """The signal was measured, or (None) cannot be: then all is as if nobody knew of signals."""
    was = bool(turn.state.good_since)
    good = signal is not None and signal >= (NO_LONGER_GOOD if was else GOOD)
    if good != was:
        turn.put(good_since=turn.now if good else 0)
        look(turn)


def _too_dear(turn: Turn, content: Content, use: Use, coming: int) -> bool:
    """Whether the budget of the month forbids it, with the bytes that are coming. Said once."""
    state, budget = turn.state, turn.state.settings.data_budget
    if budget is None or use.start <= turn.now + PRESSING or content.sha256 in state.here:
        return False
    if state.data_used + coming + content.size <= budget:
        return False
    if not state.thrifty:
        words = (
            f"the month's {budget} bytes are used up ({state.data_used}) or would be: only what is due soon is fetched"
        )
        turn.log(words, "warning")
        turn.put(thrifty=True)
    return True


def metered(turn: Turn, used: int) -> None:
    """Bytes were fetched or sent. The meter begins anew with the month, if the clock can be relied on."""
    state = turn.state
    month = f"{clock.from_ms(turn.now).astimezone(clock.LOCAL):%Y-%m}"
    newer = month > state.month and not state.doubt
    if month != state.month and (state.checked or newer):
        turn.put(month=month, data_used=used)
        if state.month:
            turn.put(thrifty=False, fetch_at=min(state.fetch_at, turn.now))
    else:
        turn.put(data_used=state.data_used + used)


def ready_percent(state: State, now: int) -> int | None:
    """How many of the files that are still needed are on disk; None without a plan."""
    if state.agenda is None:
        return None
    needed = [need.content.sha256 for need in state.agenda.needs if need.next(now) is not None]
    return 100 * sum(each in state.here for each in needed) // len(needed) if needed else 100


def settings_changed(turn: Turn) -> None:
    """Another budget."""
    turn.put(thrifty=False)
    look(turn)
