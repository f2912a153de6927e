"""The disk of a device: its state, and the sounds it holds. Made for power that goes away at any moment."""

import contextlib
import errno
import logging
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from nguon.agent.agenda import Agenda, lay_out
from nguon.agent.files import alone, write_whole
from nguon.agent.shelf import Shelf
from nguon.agent.state import State
from nguon.agent.units import CHANNEL
from nguon.wire import codec, seal, trust
from nguon.wire.ladder import Level

log = logging.getLogger(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})  # or it takes nothing any more
BAD_STATES = 3  # kept for whoever wants to know
CACHE_BYTES = 2_000_000_000
PLANS_BYTES = 16_000_000  # several of the largest, sealed


class Store(Shelf):
    """Everything below `home`: sounds, by their hashes, and beside them plans, recordings and the state.

    Raises OSError if the folders cannot be made.
    """

    def __init__(self, home: Path, cache_bytes: int = CACHE_BYTES) -> None:
        super().__init__(home / "content", cache_bytes)
        self.home = home
        self.contents = self.folder
        self.plans = Shelf(home / "plans", PLANS_BYTES)
        self.recordings = home / "recordings"
        self._state = home / "state"
        self.recordings.mkdir(parents=True, exist_ok=True)

    def load(self) -> State | None:
        """The saved state; None if there is none. A torn, foreign or unreadable one is set aside, and said."""
        try:
            digest, _, body = self._state.read_bytes().partition(b"\n")
            if digest.decode() != sha256(body).hexdigest():
                raise ValueError("it is not what was written")
            return self._with_plan(msgspec.json.decode(body, type=_Kept))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            log.warning("the saved state cannot be read (%s): set aside, starting without it", error)
            _set_aside(self._state)
            return None

    def _with_plan(self, kept: "_Kept") -> State:
        """The state with its plan. Without one that can be read it has none: then the server sends it again."""
        state = State(**{name: getattr(kept, name) for name in State.__struct_fields__})
        if not kept.plan_sha256:
            return state
        path = self.plans.path(kept.plan_sha256)
        try:
            return msgspec.structs.replace(state, agenda=read_plan(path, kept.plan_sha256, state.channel))
        except (ValueError, OSError) as error:
            log.warning("the plan cannot be read (%s): set aside, starting without it", error)
            _set_aside(path)
            return msgspec.structs.replace(state, plan=0)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only agent in this home, on this machine: two would play everything twice. Raises OSError."""
        with alone(self.home, "agent"):
            yield

    def save(self, state: State) -> None:
        """Put the state on disk: after a loss of power either this one or the one before is found. Raises OSError."""
        fields = {name: getattr(state, name) for name in State.__struct_fields__}
        fields |= {"agenda": None, "here": {}, "asked": frozenset(), "troubles": {}}  # known again after power-up
        body = msgspec.json.encode(_Kept(plan_sha256=state.agenda.sha256 if state.agenda else "", **fields))
        write_whole(self._state, sha256(body).hexdigest().encode() + b"\n" + body, 0o600)

    def recording(self, broadcast: str) -> Path:
        """Where the recorder keeps what it played of this broadcast."""
        return self.recordings / f"{broadcast}.mp3"

    def keep_recordings(self, most: int, keep: frozenset[str]) -> None:
        """Delete the oldest recordings beyond `most`; those of the broadcasts in `keep` stay."""
        old = sorted(self.recordings.glob("*.mp3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in old[most:]:
            if path.stem not in keep:
                path.unlink()


class _Kept(State, frozen=True, kw_only=True):
    """The state as it is on disk: of the plan, which is large and has a file of its own, the hash."""

    plan_sha256: str = ""


def read_plan(path: Path, digest: str, channel: str) -> Agenda:
    """The plan in this file, which was believed once. Raises ValueError if it is damaged or none, OSError."""
    return _laid_out(seal.unwrap(_written(path, digest), codec.PLAN_LIMIT).payload, digest, channel)


def take_plan(path: Path, digest: str, ring: trust.Ring, now: int, channel: str = CHANNEL) -> Agenda:
    """The plan in this file, if its signature counts at `now` (ms). Raises trust.Untrusted, ValueError, OSError."""
    return _laid_out(trust.plan_of(ring, _written(path, digest), now), digest, channel)


def _written(path: Path, digest: str) -> bytes:
    data = path.read_bytes()
    if sha256(data).hexdigest() != digest:
        raise ValueError("it is not what was written")
    return data


def _laid_out(payload: bytes, digest: str, channel: str) -> Agenda:
    plan = codec.decode_plan(payload)
    if any(play.level > Level.PRIORITY for play in plan.plays):
        raise ValueError("a plan holds nothing above priority: an emergency is an order, signed by itself")
    return lay_out(plan, digest, channel)


def _set_aside(path: Path) -> None:
    with contextlib.suppress(OSError):  # a card that takes nothing must not keep the device from starting
        path.replace(path.with_name(f"{path.name}.bad-{time.time_ns()}"))
        for bad in sorted(path.parent.glob("*.bad-*"))[:-BAD_STATES]:
            bad.unlink()
