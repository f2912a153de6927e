"""One line while it is being read: rules claim parts in order of priority; what is claimed is closed to later rules."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nguon.speech.spoken import Profile

CLAIMED = "\ue000"  # stands for a claimed character; structure has removed it from the input


_SPOTS = re.compile(r"[-–−+(](?=[+\d])|(?<!\d)\d")


@dataclass(frozen=True)
class Claim:
    """Characters `start:end` of the line are said as `said`."""

    start: int
    end: int
    said: str
    rule: str
    confidence: float


@dataclass(frozen=True)
class Found:
    """A match in its line, as a verbaliser sees it."""

    match: re.Match[str]
    line: str
    profile: Profile

    def __getitem__(self, name: str | int) -> str:
        """A group of the match, empty if it took no part or if this rule has none of that name."""
        return (self.match.groupdict().get(name) if isinstance(name, str) else self.match[name]) or ""

    def before(self, size: int = 40) -> str:
        """The line before the match, as written, at most `size` characters."""
        return self.line[max(0, self.match.start() - size) : self.match.start()]

    def after(self, size: int = 40) -> str:
        """The line after the match, as written."""
        return self.line[self.match.end() : self.match.end() + size]


Said = str | tuple[str, float] | None


@dataclass(frozen=True)
class Rule:
    """`say` gives the words for a match, with a confidence if it is unsure, or None to leave it to later rules."""

    name: str
    pattern: re.Pattern[str]
    say: Callable[[Found], Said]
    confidence: float = 0.95
    figure: bool = False  # every match begins with a figure, or with the sign or bracket before it


def rule(name: str, pattern: str, say: Callable[[Found], Said], *, confidence: float = 0.95, flags: int = 0) -> Rule:
    """A rule with a verbose pattern; blanks that matter are written `\\s` or `[ ]`."""
    return Rule(name, re.compile(pattern, re.VERBOSE | flags), say, confidence)


def figure(name: str, pattern: str, say: Callable[[Found], Said], *, confidence: float = 0.95) -> Rule:
    """A rule whose matches begin with a figure: it is tried only where one stands, which is several times quicker."""
    return Rule(name, re.compile(pattern, re.VERBOSE), say, confidence, figure=True)


def claim(line: str, rules: Iterable[Rule], profile: Profile, first: Sequence[Claim] = ()) -> list[Claim]:
    """What `first` and then the rules claim of the line, in the order of the text."""
    work, claims = _mask(line, first), list(first)
    spots = [match.start() for match in _SPOTS.finditer(line)]
    for each in rules:
        if each.figure and not spots:
            continue
        matches = _at_spots(each.pattern, work, spots) if each.figure else each.pattern.finditer(work)
        won = list(_wins(each, matches, line, profile))
        if won:
            work = _mask(work, won)
            claims += won
    return sorted(claims, key=lambda found: found.start)


def _at_spots(pattern: re.Pattern[str], work: str, spots: list[int]) -> Iterable[re.Match[str]]:
    """What `finditer` gives, looked for only at these places."""
    end = 0
    for spot in spots:
        if spot >= end and (match := pattern.match(work, spot)):
            yield match
            end = match.end()


def _wins(each: Rule, matches: Iterable[re.Match[str]], line: str, profile: Profile) -> Iterable[Claim]:
    for match in matches:
        if match.start() == match.end() or CLAIMED in match[0]:
            continue
        said = each.say(Found(match, line, profile))
        if said is None:
            continue
        words, confidence = said if isinstance(said, tuple) else (said, each.confidence)
        yield Claim(match.start(), match.end(), words, each.name, confidence)


def _mask(work: str, won: Sequence[Claim]) -> str:
    parts, at = [], 0
    for each in won:
        parts += [work[at : each.start], CLAIMED * (each.end - each.start)]
        at = each.end
    return "".join([*parts, work[at:]])
