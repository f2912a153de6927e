"""What the reader gives back: the spoken text, and how each stretch of it came from what was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field

DOUBTFUL = 0.75  # a span less sure than this is shown to a person before it is heard


@dataclass(frozen=True)
class Profile:
    """A regional style of saying numbers: 1.004.024 is `một triệu không trăm linh tư nghìn không trăm hai mươi tư`."""

    name: str
    thousand: str
    zero_ten: str
    four_after_tens: str = "tư"


FORMAL = Profile("formal", "nghìn", "linh")
CENTRAL = Profile("central", "ngàn", "lẻ")
SOUTH = Profile("south", "ngàn", "lẻ", "bốn")
PROFILES = {profile.name: profile for profile in (FORMAL, CENTRAL, SOUTH)}
BY_REGION = {"bac": FORMAL, "trung": CENTRAL, "nam": SOUTH}  # by the region of a voice


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

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at it."""
        return self.confidence < DOUBTFUL


@dataclass(frozen=True)
class Part:
    """A stretch of the source beside what is said for it; without a span it is said as written."""

    written: str
    spoken: str
    span: Span | None


@dataclass(frozen=True)
class Spoken:
    """What is said. Offsets of spans count characters of `source`, which is the given text in NFC."""

    text: str
    source: str
    spans: tuple[Span, ...] = field(default=())

    @property
    def doubtful(self) -> tuple[Span, ...]:
        """The spans a person should look at."""
        return tuple(span for span in self.spans if span.doubtful)

    def parts(self) -> Iterator[Part]:
        """Written beside spoken, in order and without a gap: the parts joined are the source, and the spoken text."""
        at, said = 0, 0
        for span in self.spans:
            if at < span.start or said < span.spoken_start:
                yield Part(self.source[at : span.start], self.text[said : span.spoken_start], None)
            yield Part(self.source[span.start : span.end], self.text[span.spoken_start : span.spoken_end], span)
            at, said = span.end, span.spoken_end
        if at < len(self.source) or said < len(self.text):
            yield Part(self.source[at:], self.text[said:], None)
