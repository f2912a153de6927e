"""What a commune warns of: for each hazard the values of CAP, its repeats, its siren and its words, from hazards.yaml.

Words are sentences an officer would say, with {blanks} for every fact. `fill` puts the facts in and refuses to leave
one out. Everything is data: `load` reads another table of the same form, for a place with its own words.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from nguon.cap.codes import Category, Certainty, Response, Severity, Urgency

_BLANK = re.compile(r"\{(\w+)\}")


class Siren(StrEnum):
    """The sound that goes before the words: attention, to safety at once, danger at this spot."""

    STEADY = "steady"
    WAIL = "wail"
    PULSES = "pulses"


class Kind(StrEnum):
    """Which of the four prepared texts: the warning, its correction, that it was a mistake, that it is over."""

    WARNING = "warning"
    CORRECTION = "correction"
    MISTAKE = "mistake"
    OVER = "over"


class Level(msgspec.Struct, frozen=True):
    """One of the five levels of risk, with the name of its colour in the decision."""

    level: int
    colour: str
    meaning: str
    severity: Severity


class Cadence(msgspec.Struct, frozen=True):
    """When a warning is said again: first `quick` times `quick_every` seconds apart, then every `every` seconds.

    `every` 0 means it is not said again. `source` is `law` or `house`; `note` says it in Vietnamese.
    """

    quick: int
    quick_every: int
    every: int
    source: str
    note: str


class Grade(msgspec.Struct, frozen=True):
    """The three values by which CAP ranks an alert."""

    urgency: Urgency
    severity: Severity
    certainty: Certainty


class Words(msgspec.Struct, frozen=True):
    """A headline without a full stop, and the sentences that follow it. Both may hold {blanks}."""

    headline: str
    order: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as one text to be said; the headline is its first sentence."""
        return " ".join((f"{self.headline}.", *self.order))


class Blank(msgspec.Struct, frozen=True):
    """One fact an officer fills in. `fills` says what the program knows already: place, level, issued, office or ''."""

    name: str
    label: str
    example: str
    fills: str = ""


class Hazard(msgspec.Struct, frozen=True):
    """One hazard. `levels` are the usual ones, none if the law ranks it by none; they bar no other."""

    code: str
    name: str
    called: str
    event: str
    categories: tuple[Category, ...]
    levels: tuple[int, ...]
    responses: tuple[Response, ...]
    siren: Siren
    words: Mapping[Kind, Words]
    drills: Mapping[Kind, Words]
    grades: Mapping[int, Grade]
    cadences: Mapping[int, Cadence]

    def grade(self, level: int | None = None) -> Grade:
        """Urgency, severity and certainty to begin with at a level of risk (1–5), or without one."""
        return self.grades[level or 0]

    def cadence(self, level: int | None = None) -> Cadence:
        """When the warning is said again at a level of risk (1–5), or without one."""
        return self.cadences[level or 0]

    def say(self, kind: Kind = Kind.WARNING, *, drill: bool = False) -> Words:
        """The prepared words; of a drill, they begin and end by saying so."""
        return (self.drills if drill else self.words)[kind]


class MissingWords(ValueError):
    """Blanks that were not filled; `names` are theirs, in the order of the text."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"not filled: {', '.join(names)}")
        self.names = names


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hazard as it stands in the file."""

    code: str
    name: str
    event: str
    category: tuple[Category, ...]
    levels: tuple[int, ...]
    grade: Grade
    responses: tuple[Response, ...]
    cadence: str
    siren: Siren
    headline: str
    order: tuple[str, ...]
    over: Words
    called: str = ""
    urgencies: dict[int, Urgency] = {}
    cadences: dict[int, str] = {}


class Practice(Words, frozen=True):
    """Words of a drill: the sentence that says so stands before the headline that is said."""

    @property
    def text(self) -> str:
        """All of it as one text to be said; it begins and ends with the word for a drill."""
        return " ".join(self.order)


class _Frame(msgspec.Struct, frozen=True):
    """What stands around words in a drill."""

    headline: str
    text: str

    def practise(self, words: Words) -> Practice:
        """The words as said in a drill. Raises ValueError if the frame has no place for them."""
        before, after = self.text.split("{tin}")
        headline = self.headline.replace("{headline}", words.headline)
        return Practice(headline, (before.strip(), f"{words.headline}.", *words.order, after.strip()))


class Opening(msgspec.Struct, frozen=True):
    """The sentence beside the siren."""

    alert: str
    drill: str


class Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of every hazard."""

    signed: str
    later: str
    level: str
    hour: str
    minute: str
    opening: Opening
    correction: Words
    mistake: Words
    drill: _Frame


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file of hazards, checked."""

    levels: tuple[Level, ...]
    blanks: tuple[Blank, ...]
    common: Common
    cadences: dict[str, Cadence]
    hazards: tuple[_Entry, ...]

    def all(self) -> tuple[Hazard, ...]:
        """Its hazards in the order of the file. Raises ValueError if one names a cadence that is not there."""
        return tuple(self._hazard(entry) for entry in self.hazards)

    def _hazard(self, entry: _Entry) -> Hazard:
        called = entry.called or entry.name[:1].lower() + entry.name[1:]
        words = {
            Kind.WARNING: Words(entry.headline, entry.order),
            Kind.CORRECTION: _named(self.common.correction, called),
            Kind.MISTAKE: _named(self.common.mistake, called),
            Kind.OVER: entry.over,
        }
        ends = {Kind.MISTAKE: self.common.later}
        signed = {
            kind: Words(one.headline, (*one.order, ends.get(kind, self.common.signed))) for kind, one in words.items()
        }
        ranks = {0: entry.grade} | {level.level: self._grade(entry, level) for level in self.levels}
        names = {rank: entry.cadences.get(rank, entry.cadence) for rank in ranks}
        if unknown := set(names.values()) - set(self.cadences):
            raise ValueError(f"{entry.code}: there is no cadence {', '.join(sorted(unknown))}")
        return Hazard(
            code=entry.code,
            name=entry.name,
            called=called,
            event=entry.event,
            categories=entry.category,
            levels=entry.levels,
            responses=entry.responses,
            siren=entry.siren,
            words=signed,
            drills={kind: self.common.drill.practise(one) for kind, one in signed.items()},
            grades=ranks,
            cadences={rank: self.cadences[name] for rank, name in names.items()},
        )

    def _grade(self, entry: _Entry, level: Level) -> Grade:
        urgency = entry.urgencies.get(level.level, entry.grade.urgency)
        return Grade(urgency, level.severity, entry.grade.certainty)


def _named(words: Words, called: str) -> Words:
    """The words with the hazard's name in them."""
    return Words(
        words.headline.replace("{called}", called), tuple(part.replace("{called}", called) for part in words.order)
    )


def load(data: bytes) -> Table:
    """The table of a YAML file. Raises ValueError (msgspec.ValidationError) with the path of what is wrong."""
    table = msgspec.yaml.decode(data, type=Table, strict=False)
    known, codes = {blank.name for blank in table.blanks}, set()
    for hazard in table.all():
        if hazard.code in codes:
            raise ValueError(f"{hazard.code} stands twice")
        codes.add(hazard.code)
        for words in hazard.words.values():
            if unknown := set(blanks(words)) - known:
                raise ValueError(f"{hazard.code}: nothing is known of the blank {', '.join(sorted(unknown))}")
    return table


@cache
def _table() -> Table:
    return load(files("nguon.cap").joinpath("hazards.yaml").read_bytes())


@cache
def all() -> tuple[Hazard, ...]:
    """Every hazard, in the order an officer is offered them."""
    return _table().all()


@cache
def by_code(code: str) -> Hazard:
    """The hazard of a code. Raises KeyError if there is none."""
    return {hazard.code: hazard for hazard in all()}[code]


def levels() -> tuple[Level, ...]:
    """The five levels of risk, the lowest first."""
    return _table().levels


def opening(*, drill: bool) -> str:
    """The sentence beside the siren."""
    said = _table().common.opening
    return said.drill if drill else said.alert


def signed(office: str, hour: str) -> str:
    """The sentence at the end of every text: whose word it is and of what hour. Each repeat has to say that."""
    facts = {filled_by("office"): office, filled_by("issued"): hour}
    return fill(Words("", (_table().common.signed,)), facts).order[0]


def practise(words: Words) -> Words:
    """The words of somebody else as said in a drill: they begin and end by saying so, once."""
    frame = _table().common.drill
    before, after = (part.strip() for part in frame.text.split("{tin}"))
    text = " ".join(words.order)
    if text.startswith(before) and text.endswith(after):
        return words
    made, word = frame.practise(words), frame.headline.partition(":")[0]
    said_already = words.headline.casefold().startswith(word.casefold())
    return Practice(words.headline, made.order) if said_already else made


def said_level(level: int) -> str:
    """A level of risk as it is said: `cấp 3`."""
    return _table().common.level.replace("{level}", str(level))


def said_hour(hour: int, minute: int) -> str:
    """An hour as it is said: `14 giờ 5 phút`, `14 giờ`."""
    common = _table().common
    form = common.minute if minute else common.hour
    return form.replace("{hour}", str(hour)).replace("{minute}", str(minute))


def filled_by(source: str) -> str:
    """The name of the blank that a source fills: place, level, issued or office."""
    return next(blank.name for blank in _table().blanks if blank.fills == source)


def known_blanks() -> Mapping[str, Blank]:
    """What is known of every blank, by its name."""
    return {blank.name: blank for blank in _table().blanks}


def blanks(words: Words) -> tuple[str, ...]:
    """The names of the blanks of some words, each once, in the order of the text."""
    return tuple(dict.fromkeys(_BLANK.findall(f"{words.headline} {words.text}")))


def fill(words: Words, facts: Mapping[str, str]) -> Words:
    """The words with their blanks filled. Raises MissingWords if one has no fact or an empty one.

    A fact stands as given but for blanks around it and a full stop behind it. A brace in a fact is only a brace.
    """
    given = {name: " ".join(fact.split()).rstrip(".") for name, fact in facts.items()}
    if missing := tuple(name for name in blanks(words) if not given.get(name)):
        raise MissingWords(missing)
    return type(words)(_filled(words.headline, given), tuple(_filled(part, given) for part in words.order))


def _filled(part: str, given: Mapping[str, str]) -> str:
    said = _BLANK.sub(lambda found: given[found[1]], part)
    return said[:1].upper() + said[1:]
