"""What the reader gives back."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """A regional style of saying numbers."""

    name: str
    thousand: str
    zero_ten: str


FORMAL = Profile("formal", "nghìn", "linh")
SOUTH = Profile("south", "ngàn", "lẻ")


@dataclass(frozen=True)
class Span:
    """One change: characters `start:end` of the source became `spoken_start:spoken_end` of the spoken text.

    An empty spoken range means the characters are not said. `rule` names why, `confidence` (0–1) how sure the rule is.
    """

    start: int
    end: int
    spoken_start: int
    spoken_end: int
    rule: str
    confidence: float


@dataclass(frozen=True)
class Spoken:
    """What is said. Offsets of spans count characters of `source`, which is the given text in NFC."""

    text: str
    source: str
    spans: tuple[Span, ...] = field(default=())
