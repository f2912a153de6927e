"""Text that remembers where each of its characters came from."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True)
class Traced:
    """A piece of text and, for each character, the range of the source it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> "Traced":
        return cls(source, tuple(range(len(source))), tuple(range(1, len(source) + 1)))

    @classmethod
    def join(cls, parts: "Iterable[Traced]") -> "Traced":
        """The parts one after another."""
        parts = list(parts)
        return cls(
            "".join(part.text for part in parts),
            tuple(chain.from_iterable(part.starts for part in parts)),
            tuple(chain.from_iterable(part.ends for part in parts)),
        )

    def __getitem__(self, part: slice) -> "Traced":
        return Traced(self.text[part], self.starts[part], self.ends[part])

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The source range of characters `start:end` of this text; an empty range has the place it stands at."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        if start < len(self.starts):
            return self.starts[start], self.starts[start]
        at = self.ends[-1] if self.ends else 0
        return at, at

    def sub(self, pattern: re.Pattern[str], replace: str | Callable[[re.Match[str]], str]) -> "Traced":
        """`re.sub` that keeps the trace: what replaces a match stands for the whole match."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for match in pattern.finditer(self.text):
            new = replace if isinstance(replace, str) else replace(match)
            if new == match[0]:
                continue
            text += [self.text[at : match.start()], new]
            low, high = self.range(match.start(), match.end())
            starts += [*self.starts[at : match.start()], *([low] * len(new))]
            ends += [*self.ends[at : match.start()], *([high] * len(new))]
            at = match.end()
        if not at:
            return self
        text.append(self.text[at:])
        return Traced("".join(text), (*starts, *self.starts[at:]), (*ends, *self.ends[at:]))

    def only(self, pattern: re.Pattern[str], group: int) -> "Traced":
        """Of each match only this group is kept, every character of it with its own place."""
        kept, at = [], 0
        for match in pattern.finditer(self.text):
            kept += [self[at : match.start()], self[slice(*match.span(group))]]
            at = match.end()
        return Traced.join([*kept, self[at:]]) if at else self
