"""A change that waits for a second person, in words."""

from dataclasses import dataclass

from nguon.journal import words
from nguon.people.models import Change

KINDS = {"waiting": "wait", "done": "ok", "refused": "bad", "withdrawn": "off", "expired": "off"}


@dataclass(frozen=True)
class Told:
    """One change as a page shows it."""

    change: Change

    @property
    def verb(self) -> str:
        """What is proposed: the words of the journal."""
        return words.verb(self.change.verb)

    @property
    def kind(self) -> str:
        """The shape and colour of its state."""
        return KINDS[self.change.state]

    @property
    def changes(self) -> list[words.Change]:
        """Before → after, field by field."""
        return words.changes(self.change.before, self.change.after)
