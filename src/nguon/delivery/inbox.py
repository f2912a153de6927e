"""The listener's memory: decodes batches, keeps the newest state of each device, knows strangers, counts refusals."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, OperationalError

from nguon.delivery import recorder
from nguon.delivery.queries import delivered, meant
from nguon.delivery.recorder import Now
from nguon.delivery.rules import Answer
from nguon.kit.clock import from_ms, local_day
from nguon.wire import codec, topics
from nguon.wire.messages import Presence, Reason, Receipt, Refusal, Stage, Up, Vitals

QUIET = timedelta(seconds=10)  # refusals of one kind by one device are told once in this time, with their count
LONGEST_QUIET = timedelta(minutes=10)  # it doubles up to this while they go on: a flood fills no table
KEPT = 64  # broadcasts whose devices are kept in memory
ASKED = 500  # broadcasts in one question: a database takes only so many, and a device may invent any number
PLAYING = frozenset({Stage.STARTED})
Write = Callable[[list[Answer], datetime], None]
_KINDS: dict[str, type[Up]] = {"receipt": Receipt, "vitals": Vitals, "refusal": Refusal, "presence": Presence}


class Inbox:
    """State of one listener. Its methods run in the database thread, one at a time."""

    def __init__(self) -> None:
        self._states: dict[str, Now] = {}
        self._dirty: set[str] = set()
        self._back: set[str] = set()
        self._devices: set[str] = set()
        self._asked: datetime | None = None
        self._meant: dict[str, frozenset[str]] = {}  # of the broadcasts heard of lately, the devices they are for
        self._doubted: datetime | None = None
        self._refused: Counter[tuple[str | None, str, str]] = Counter()
        self._example: dict[tuple[str | None, str, str], str] = {}
        self._quiet: dict[tuple[str | None, str, str], tuple[datetime, timedelta]] = {}  # until when, and how long
        self._news: list[Answer] = []  # answers whose receipts are kept and whose deliveries are not up to date yet
        self._ended: list[Answer] = []  # refused ones, to be acknowledged all the same so that they end
        self.taken = 0  # messages since the start

    def load(self) -> None:
        """Begin with what the database knows."""
        self._states = recorder.load_states()
        self._devices = recorder.all_devices()

    def take(self, batch: list[tuple[str, bytes]], now: datetime) -> None:
        """Decode a batch, keep its receipts. Deliveries and acknowledgements wait for `settle`, states for `flush`."""
        answers: list[Answer] = []
        for topic, payload in batch:
            try:
                self._one(topic, payload, answers, now)
            except ValueError as error:  # includes codec.Malformed and times that are no times
                self._refuse(None, topic, "malformed", str(error))
        answers, stale = self._expected(answers, now)
        if answers:
            self._record(recorder.record_receipts, answers, now)
        self._news += answers
        self._ended += stale
        self.taken += len(batch)  # last: a batch that could not be written comes again
        while len(self._meant) > KEPT:
            del self._meant[next(iter(self._meant))]

    @property
    def owes(self) -> bool:
        """Whether deliveries are to be brought up to date, or answers to be acknowledged."""
        return bool(self._news or self._ended)

    @property
    def back(self) -> bool:
        """Whether somebody came back whose deliveries are to be woken."""
        return bool(self._back)

    def settle(self, now: datetime) -> dict[str, list[int]]:
        """Bring deliveries up to date by what was taken since; the numbers that the devices may forget, by device.

        Apart from `take`: the evidence of thousands should be on disk at once, what follows from it has a moment.
        """
        if self._news:
            self._record(recorder.record_courses, self._news, now)
        done: defaultdict[str, list[int]] = defaultdict(list)
        for answer in (*self._news, *self._ended):
            done[answer.device].append(answer.seq)
        self._news, self._ended = [], []
        return done

    def _one(self, topic: str, payload: bytes, answers: list[Answer], now: datetime) -> None:
        device, what = topics.sender(topic)
        if not self._knows(device, now):
            self._refuse(None, topic, "stranger", device)
            return
        if what not in _KINDS:  # invented, perhaps another one each time
            self._refuse(device, topics.up(device, "+"), "wrong-topic", what)
            return
        try:
            message = codec.decode_up(payload)
        except codec.Malformed as error:
            self._refuse(device, topic, "malformed", str(error))
            return
        if type(message) is not _KINDS[what]:
            self._refuse(device, topic, "wrong-topic", type(message).__name__)
            return
        state = self._states.get(device) or self._states.setdefault(device, Now(online=True))
        if isinstance(message, Receipt):
            answers.append(_answer(device, message))
            state.seen_at = now
            if _played(state, answers[-1]):  # else the next heartbeat writes it: answers come by the thousand
                self._dirty.add(device)
            return
        if isinstance(message, Refusal):
            self._heard(device, topic, message)
            return
        self._dirty.add(device)
        if isinstance(message, Vitals):
            _feel(state, message, now)
        else:
            self._presence(device, state, message, now)

    def _heard(self, device: str, topic: str, message: Refusal) -> None:
        """What a device did not believe: an event of safety, with what is known of it."""
        detail = f"{message.sha256[:16]} {message.key or ''} {message.order or ''}"
        self._refuse(device, topic, f"heard-{message.reason}", " ".join(detail.split()), message.count)

    def _presence(self, device: str, state: Now, message: Presence, now: datetime) -> None:
        if message.online:
            self._back.add(device)
            state.online_since = from_ms(message.at)
            state.software = _storable(message.software) or state.software
            state.seen_at = now
        else:
            state.playing = None
        state.online = message.online

    def _record(self, write: Write, answers: list[Answer], now: datetime) -> None:
        """Store answers. One that cannot be stored must not take those of all others with it, again and again."""
        try:
            write(answers, now)
        except (OperationalError, InterfaceError):  # locked or away: the same batch comes again
            raise
        except (DatabaseError, OverflowError, ValueError) as error:
            if len(answers) == 1:
                self._refuse(None, "", "unstorable", f"{answers[0].device}: {error}")
                return
            for answer in answers:
                self._record(write, [answer], now)

    def _write_states(self, devices: set[str], now: datetime) -> None:
        """The same for states."""
        try:
            recorder.record_states({pk: self._states[pk] for pk in devices}, now)
        except (OperationalError, InterfaceError):
            raise
        except (DatabaseError, OverflowError, ValueError) as error:
            if len(devices) == 1:
                self._refuse(None, "", "unstorable", f"{min(devices)}: {error}")
                return
            for device in devices:
                self._write_states({device}, now)

    def _knows(self, device: str, now: datetime) -> bool:
        if device not in self._devices and (self._asked is None or now - self._asked > timedelta(seconds=1)):
            self._asked = now
            self._devices = recorder.all_devices()
        return device in self._devices

    def _expected(self, answers: list[Answer], now: datetime) -> tuple[list[Answer], list[Answer]]:
        """Answers to broadcasts that were for their devices, and the rest, refused and acknowledged so that they end.

        A device could else write itself, and its place, into what went out elsewhere.
        """
        self._learn({answer.broadcast for answer in answers} - self._meant.keys(), now)
        good = [answer for answer in answers if answer.device in self._meant.get(answer.broadcast, ())]
        if len(good) == len(answers):
            return good, []
        doubtful = {
            answer.broadcast for answer in answers if answer.device not in self._meant.get(answer.broadcast, ())
        }
        if self._doubted is not None and now - self._doubted < timedelta(seconds=1):
            return good, []  # unanswered, so they come again; a flood of them must not keep the database busy
        self._doubted = now
        self._learn(doubtful, now)
        for broadcast in doubtful & self._meant.keys():
            self._meant[broadcast] |= delivered(broadcast)
        good, stale = [], []
        for answer in answers:
            if answer.device in self._meant.get(answer.broadcast, ()):
                good.append(answer)
                continue
            stale.append(answer)
            reason = "not-a-target" if answer.broadcast in self._meant else "unknown-broadcast"
            self._refuse(answer.device, "", reason, answer.broadcast)
        return good, stale

    def _learn(self, broadcasts: set[str], now: datetime) -> None:
        wanted = list(broadcasts)
        for first in range(0, len(wanted), ASKED):
            self._meant |= meant(set(wanted[first : first + ASKED]), local_day(now))

    def flush(self, now: datetime) -> None:
        """Write the states that changed, wake the deliveries of those who came back, write refusals."""
        if self._dirty:
            self._write_states(self._dirty, now)
            self._dirty = set()
        if self._back:
            recorder.returned(self._back, now)
            self._back = set()
        if self._refused:
            self._tell_refusals(now)

    def _tell_refusals(self, now: datetime) -> None:
        """Those of which nothing was told lately; the others go on being counted."""
        due = [key for key in self._refused if key not in self._quiet or self._quiet[key][0] <= now]
        if due:
            recorder.refuse([self._refusal_row(key) for key in due], now)
        self._quiet = {key: kept for key, kept in self._quiet.items() if now < kept[0] + LONGEST_QUIET}
        for key in due:
            _, before = self._quiet.get(key, (now, timedelta(0)))
            pause = min(max(before * 2, QUIET), LONGEST_QUIET)
            self._quiet[key] = (now + pause, pause)
            del self._refused[key], self._example[key]

    def _refuse(self, device: str | None, topic: str, reason: str, detail: str, count: int = 1) -> None:
        key = (device, topic, reason)
        if len(self._refused) < 1000 or key in self._refused:  # a flood of invented topics must not fill the memory
            self._refused[key] += count
            self._example.setdefault(key, detail)

    def _refusal_row(self, key: tuple[str | None, str, str]) -> tuple[str | None, str, str, str]:
        return (*key, f"{self._refused[key]} ×: {self._example[key]}")


_STAGE = {stage: stage.value for stage in Stage}  # asked five thousand times a second: `.value` is a call each time
_REASON = {reason: reason.value for reason in Reason}


def _answer(device: str, one: Receipt) -> Answer:
    detail = (_storable(one.detail) or "") if one.detail else ""
    return Answer(one.broadcast, device, one.seq, _STAGE[one.stage], one.at, _REASON[one.reason], detail, one.position)


def _storable(words: str | None) -> str | None:
    """The words without NUL, which not every database keeps; None for none."""
    return words.replace("\x00", "") or None if words else None


def _played(state: Now, answer: Answer) -> bool:
    """What the answer says of the sound now; whether that is news."""
    before = state.playing
    if answer.stage in PLAYING:
        state.playing = answer.broadcast
    elif state.playing == answer.broadcast:
        state.playing = None
    return state.playing != before


def _feel(state: Now, message: Vitals, now: datetime) -> None:
    state.online, state.seen_at = True, now
    state.playing = message.playing
    state.volume, state.power, state.temperature = message.volume, _storable(message.power), message.temperature
    state.signal, state.disk_free, state.clock_offset = message.signal, message.disk_free, message.clock_offset
    state.software = _storable(message.software) or state.software
    state.held, state.settings_held = message.held, message.settings
    state.keys_held = message.keys
    state.plan_held, state.planned_ready, state.data_used = message.plan, message.planned_ready, message.data_used
    state.planned_until = None if message.planned_until is None else from_ms(message.planned_until)
