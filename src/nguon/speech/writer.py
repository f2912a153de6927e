"""The spoken text as it grows: one blank between words, one mark between clauses, a span for each change."""

from nguon.speech.draft import Claim
from nguon.speech.spoken import Span, Spoken

_MARKS = {",": 1, ";": 2, ":": 3, ".": 4, "?": 5, "!": 5}
_FINAL = ".?!;:"
_NOT_SAID = "not-said"  # the rule of letters and figures that are only ink: tags, the list of recipients


class Writer:
    """Takes the pieces of a text in order and keeps the account of what was said for which characters."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.size = 0
        self.mark = ""
        self.spans: list[Span] = []
        self.reached = 0  # the source up to here is accounted for

    def say(self, piece: Claim, source: tuple[int, int]) -> None:
        """Add one piece; `source` is the range of characters it stands for."""
        self._skip(source[0])
        start, end = max(source[0], self.reached), max(source[1], self.reached)
        self.reached = end
        written = self.source[start:end]
        if piece.said in _MARKS:
            if any(c.isalnum() for c in written):
                self._span((start, end), self.size, _NOT_SAID, 1.0)
            self._punctuate(piece.said)
            return
        if not piece.said:
            if any(c.isalnum() for c in written) or piece.rule == "silent":
                self._span((start, end), self.size, piece.rule, piece.confidence)
            return
        if self.size and not self.parts[-1].endswith("\n"):
            self._put(" ")
        self.mark = ""
        words = piece.said.rstrip(",")
        at = self._put(words)
        if words != written and _letters(words) != _letters(written):
            self._span((start, end), at, piece.rule, piece.confidence)
        if words != piece.said:
            self._punctuate(",")

    def end_line(self) -> None:
        """Close a line: the next begins a new sentence."""
        if not self.size or self.parts[-1].endswith("\n"):
            return
        if self.mark not in _FINAL or not self.mark:
            self._replace_weak()
        self._put("\n")
        self.mark = ""

    def result(self) -> Spoken:
        """The account closed: no blank, comma or line break at the end."""
        self._skip(len(self.source))
        kept = "".join(self.parts).rstrip("\n, ")
        return Spoken(kept, self.source, tuple(self._within(span, len(kept)) for span in self.spans))

    @staticmethod
    def _within(span: Span, size: int) -> Span:
        if span.spoken_end <= size:
            return span
        return Span(span.start, span.end, min(span.spoken_start, size), size, span.rule, span.confidence)

    def _put(self, text: str) -> int:
        """Add text and give the place where it starts."""
        at = self.size
        self.parts.append(text)
        self.size += len(text)
        return at

    def _span(self, source: tuple[int, int], at: int, rule: str, confidence: float) -> None:
        self.spans.append(Span(*source, at, self.size, rule, confidence))

    def _skip(self, until: int) -> None:
        """What lies between two pieces was left out by the cleaner: a span if there was anything to say in it."""
        if until <= self.reached:
            return
        left_out = self.source[self.reached : until]
        if left_out != " " and any(c.isalnum() for c in left_out):
            start = self.reached + len(left_out) - len(left_out.lstrip())
            self._span((start, self.reached + len(left_out.rstrip())), self.size, _NOT_SAID, 1.0)
        self.reached = until

    def _punctuate(self, mark: str) -> None:
        """One mark stands after a word; of several the strongest."""
        if not self.size or self.parts[-1].endswith("\n"):
            return
        if not self.mark:
            self._put(mark)
            self.mark = mark
        elif _MARKS[mark] > _MARKS[self.mark]:
            self.parts[-1] = mark
            self.mark = mark

    def _replace_weak(self) -> None:
        if self.mark:
            self.parts[-1] = "."
        else:
            self._put(".")


def _letters(text: str) -> str:
    return text if text.isalnum() else "".join(c for c in text if c.isalnum())
