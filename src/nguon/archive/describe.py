"""What a recording is, from the names of its file and folders. Every guess says how sure it is and what it was read
from; what nobody wrote stays empty."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from nguon.archive import dates
from nguon.archive.dates import Dated
from nguon.archive.lore import CATEGORIES, COPY, PROGRAMMES, SPEAKERS, TRACK
from nguon.kit.text import clean, fold

SURE = 0.75  # below this a guess waits for somebody to look at it
TITLE_LIMIT, FIELD_LIMIT = 300, 200


@dataclass(frozen=True)
class Guess:
    """One value, how sure it is (0–1), and the words it was read from."""

    value: str
    confidence: float
    source: str


@dataclass(frozen=True)
class Spot:
    """A place that may be named: its id, its kind and name in words."""

    id: UUID
    kind: str
    name: str


@dataclass(frozen=True)
class Description:
    """What was read. A field that nobody wrote is None; the title is always there."""

    title: str
    dated: Dated | None = None
    programme: Guess | None = None
    category: Guess | None = None
    speaker: Guess | None = None
    place: Guess | None = None  # its value is the id of a place
    guesses: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def doubtful(self) -> bool:
        """Whether a guess is so unsure that somebody should look."""
        return any(float(str(one["confidence"])) < SURE for one in self.guesses.values())


def describe(folders: Sequence[str], name: str, today: date, places: Sequence[Spot] = ()) -> Description:
    """Read the names of folders, outermost first, and of a file with its ending."""
    stem = _stem(clean(name))
    parts = [*(clean(folder) for folder in folders), stem]
    dated = dates.find(parts, today)
    programme = _first(_programme, parts)
    category = _first(_category, parts)
    speaker = _first(_speaker, parts)
    place = _place(parts, places)
    found = {"programme": programme, "category": category, "speaker": speaker, "place": place}
    guesses: dict[str, dict[str, object]] = {
        key: {"confidence": guess.confidence, "source": guess.source} for key, guess in found.items() if guess
    }
    if dated:
        guesses["recorded"] = {"confidence": dated.confidence, "source": dated.source}
    return Description(title_of(stem) or clean(name) or "?", dated, programme, category, speaker, place, guesses)


def title_of(stem: str) -> str:
    """The name as a person would write it: without the number of a track, marks of copies and underscores."""
    text = COPY.sub("", stem.replace("_", " "))
    text = re.sub(r"\s+", " ", TRACK.sub("", text.strip())).strip(" -–.,")
    text = text or stem.strip()
    return (text[:1].upper() + text[1:])[:TITLE_LIMIT]


def _stem(name: str) -> str:
    """The name without its ending; an ending has letters, so that the year of `12.5.2019` is none."""
    stem, dot, ending = name.rpartition(".")
    known = dot and stem and 2 <= len(ending) <= 5 and ending.isalnum() and ending.isascii() and not ending.isdigit()
    return stem if known else name


def _first(look: Callable[[str], Guess | None], parts: Sequence[str]) -> Guess | None:
    """The find in the name of the file, or in the nearest folder, a little less sure."""
    for distance, part in enumerate(reversed(parts)):
        found = look(part)
        if found:
            return Guess(found.value, round(found.confidence - 0.05 * min(distance, 2), 2), found.source)
    return None


def _plain(part: str) -> tuple[str, str]:
    """The part with separators as blanks, and the same folded, of equal length."""
    text = re.sub(r"[_.]", " ", part)
    folded = fold(text)
    return text, folded if len(folded) == len(text) else text.lower()


def _programme(part: str) -> Guess | None:
    text, folded = _plain(part)
    for regex, value, confidence in PROGRAMMES:
        if match := regex.search(folded):
            said = text[match.start() : match.end()].strip()
            named = text[match.start("of") : match.end("of")] if "of" in regex.groupindex else ""
            name = f"{value} {_trimmed(named)}".strip()
            return Guess(name[:FIELD_LIMIT], confidence, said)
    return None


def _trimmed(named: str) -> str:
    return re.sub(r"\s+", " ", named).strip(" -–.,:()")


def _category(part: str) -> Guess | None:
    text, folded = _plain(part)
    for regex, value, confidence in CATEGORIES:
        if match := regex.search(folded):
            return Guess(value, confidence, text[match.start() : match.end()])
    return None


def _speaker(part: str) -> Guess | None:
    text, folded = _plain(part)
    for regex, confidence, capitals in SPEAKERS:
        for match in regex.finditer(folded):
            name = _name(text[match.end() :])
            if name is None or (capitals and not name[0].isupper()):
                continue
            words = name.split()
            sure = confidence if len(words) > 1 else confidence - 0.15
            if not name[:1].isupper():
                sure = min(sure, 0.55)
            return Guess(name[:FIELD_LIMIT], round(sure, 2), f"{text[match.start() : match.end()]}{name}".strip())
    return None


def _name(said: str) -> str | None:
    """Up to five words that begin a person's name: all capital at the start, or all small if none is."""
    head = re.match(r"[^\W\d_]+(?:\s+[^\W\d_]+){0,9}", said)
    if head is None:
        return None
    words = head[0].split()
    if not words[0][0].isupper():
        return " ".join(words) if len(words) <= 4 else None  # a sentence goes on here: no name
    kept = []
    for word in words[:5]:
        if not word[0].isupper():
            break
        kept.append(word)
    return " ".join(kept)


def _place(parts: Sequence[str], places: Sequence[Spot]) -> Guess | None:
    """The place that is named, nearest to the file first; None where two are named that could be meant."""
    for part in reversed(parts):
        found = sorted(_places_in(part, places), key=lambda one: -one[1])
        if not found:
            continue
        best = [one for one in found if one[1] == found[0][1]]
        if len({one[0] for one in best}) == 1:
            return Guess(str(best[0][0]), best[0][1], best[0][2])
        return None
    return None


def _places_in(part: str, places: Sequence[Spot]) -> Iterator[tuple[UUID, float, str]]:
    """(id, confidence, words) of each place named. A name of one syllable counts only with its kind."""
    _text, folded = _plain(part)
    padded = " ".join(re.findall(r"\w+", folded))
    for spot in places:
        kind, name = fold(spot.kind), " ".join(re.findall(r"\w+", fold(spot.name)))
        if not name:
            continue
        if re.search(rf"\b{re.escape(kind)} {re.escape(name)}\b", padded):
            yield spot.id, 0.92, f"{spot.kind} {spot.name}"
        elif " " in name and re.search(rf"\b{re.escape(name)}\b", padded):
            yield spot.id, 0.8, spot.name
