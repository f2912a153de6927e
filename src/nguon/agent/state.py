"""All a device knows. Frozen; a step makes the next one. Times are ms UTC, positions ms of content."""

from msgspec import Struct, field
from msgspec.structs import replace

from nguon.agent.agenda import Agenda
from nguon.agent.units import CHANNEL
from nguon.wire.messages import NewPlan, Play, Reason, Receipt, Settings, Stage
from nguon.wire.trust import Ring


class Held(Struct, frozen=True):
    """A broadcast that is not over: its order, how far it is, and whether its sound is on disk (`ready`).

    `planned`: it came by a plan, and nothing was said of it yet. `since`: when its beginning was heard, or would have
    been; 0 while it has not begun. `by_clock`: it goes on where the clock is, as what was missed without power does.
    """

    order: Play
    stage: Stage = Stage.RECEIVED
    ready: bool = False
    position: int = 0
    planned: bool = False
    since: int = 0
    by_clock: bool = False


class Over(Struct, frozen=True):
    """A broadcast that is over, remembered until `until` so that a repeat of its order is answered and not played."""

    stage: Stage
    until: int
    reason: Reason = Reason.NONE
    position: int = 0
    rank: int = 0  # of who stopped it


class Sounding(Struct, frozen=True):
    """What the player has been asked to play: go number `go`, from `offset`, since `since`; it must end by `deadline`.

    `started` is False until the player said that sound comes out. `at`: when it is to begin.
    """

    broadcast: str
    go: int
    level: int
    offset: int
    since: int
    deadline: int
    started: bool = False
    at: int = 0

    def position(self, now: int) -> int:
        """How far into the content the sound is."""
        return self.offset + max(0, now - self.since) if self.started else self.offset


class Trouble(Struct, frozen=True):
    """A file of the plan that did not come: why, and when to try again."""

    reason: Reason
    detail: str
    again: int


class Doubt(Struct, frozen=True):
    """What was not believed for one reason and is not told yet: how often, and the last of it."""

    count: int = 0
    sha256: str = ""
    kid: str = ""
    order: str | None = None
    told_at: int = 0


class State(Struct, frozen=True, kw_only=True):
    """One device. Saved whole, but for the plan, which has a file of its own.

    `connected`, `checked` and `sounding`, and what is known of files, mean nothing after power-up (events.Restored).
    """

    device: str
    channel: str = CHANNEL  # of the orders it obeys
    settings: Settings
    held: dict[str, Held] = field(default_factory=dict)
    over: dict[str, Over] = field(default_factory=dict)
    pending: tuple[Receipt, ...] = ()  # not yet acknowledged, by rising seq
    last_seq: int = 0
    hushed_at: int = 0  # issue time of the newest order to stop whatever sounds
    hushed_by: dict[int, int] = field(default_factory=dict)  # the same by the rank of who gave it
    proofs: tuple[str, ...] = ()  # broadcasts whose proof is still to be sent
    proof: bool = False  # proofs are wanted here whatever the settings say
    goes: int = 0
    sounding: Sounding | None = None
    connected: bool = False
    checked: bool = False  # whether the clock was compared with the server's since power-up
    checked_at: int = 0  # when it was last
    vitals_at: int = 0
    resend_at: int = 0
    save_at: int = 0
    software: str = ""
    # whom it believes
    ring: Ring = Ring()
    numbers: dict[str, int] = field(default_factory=dict)  # the highest number of an order, by issuer
    doubts: dict[Reason, Doubt] = field(default_factory=dict)
    # the plan
    agenda: Agenda | None = None
    plan: int = 0  # its version
    announced: NewPlan | None = None  # a newer one, to be fetched
    unread: str = ""  # hash of a document that was fetched and could not be read
    planned_from: int = 0  # when the first plan came
    taken: int = 0  # every play of the agenda that starts up to then has been taken in hand
    # its files
    here: dict[str, int] = field(default_factory=dict)  # hashes on disk, and when that was last seen
    asked: frozenset[str] = frozenset()  # being fetched ahead
    troubles: dict[str, Trouble] = field(default_factory=dict)
    fetch_at: int = 0  # when to look again what is to be fetched ahead
    good_since: int = 0  # since when the signal is good; 0 while it is not, or not measured
    month: str = ""  # of the meter, YYYY-MM where people live
    data_used: int = 0  # bytes fetched and sent in that month
    thrifty: bool = False  # the month's budget is used up, and that was said
    # the clock
    seen: int = 0  # the last moment that can be relied on
    doubt: bool = False  # the clock cannot be right: nothing planned is played
    up_at: int = 0  # of the last power-up
    blind: tuple[int, int] = (0, 0)  # from when to when the time was not known


def fresh(
    settings: Settings,
    device: str,
    ring: Ring,
    software: str = "",
    *,
    channel: str = CHANNEL,
    checked: bool = False,
) -> State:
    """A device that knows nothing but itself and whom it believes. `checked`: its clock is the server's."""
    return State(device=device, channel=channel, settings=settings, ring=ring, software=software, checked=checked)


def believing(state: State, ring: Ring) -> State:
    """The saved state, which believes whom it was told last: that may have been at a new enrolment."""
    known = {each.key for each in state.ring.authorities}
    told_anew = ring.version > state.ring.version or known.isdisjoint(each.key for each in ring.authorities)
    return replace(state, ring=ring, numbers={}) if told_anew else state


def wanted(state: State, now: int) -> dict[str, int]:
    """Hashes of the contents that are still needed, and from when (ms; 0: now)."""
    found: dict[str, int] = {}
    for need in state.agenda.needs if state.agenda else ():
        use = need.next(now)
        if use is not None:
            found[need.content.sha256] = use.start
    found.update({held.order.sha256: 0 for held in state.held.values() if held.order.sha256})
    return found
