"""What can be wrong with a message or a feed, each fault with its place."""

import msgspec

SHOWN = 50  # faults told of one message; a file that is nothing but faults gains nothing by more


class Problem(msgspec.Struct, frozen=True):
    """One fault: the path of the element (`/alert/info[1]/area[2]`), a code for programs, words, and the line if known.

    `code` is one of those in words.yaml, which says each in Vietnamese.
    """

    path: str
    code: str
    text: str
    line: int = 0

    def __str__(self) -> str:
        place = f"line {self.line}, {self.path}" if self.line else self.path
        return f"{place}: {self.text}"


class CapError(ValueError):
    """Any refusal of this package. `problems` says why; there is at least one."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems[:3])) + ("; …" if len(problems) > 3 else ""))
        self.problems = problems[:SHOWN]


class Unreadable(CapError):
    """Not a document we read at all: no XML, too large, too deep, with a DTD, of another kind or version."""


class Invalid(CapError):
    """A CAP message that breaks the schema or a rule of the standard."""


class Untrusted(CapError):
    """A message whose signature does not show that somebody we trust said exactly this."""
