"""What can go wrong with a case, in words for whoever does it."""


class CaseError(Exception):
    """A step of a case that cannot be taken; `str()` is the reason in Vietnamese, with what to do next."""


class NotNow(CaseError):
    """The case does not stand where this step begins: somebody was first, or the page is old."""


class WrongTelling(CaseError):
    """What was told cannot be taken in as it is; `field` is the part of `Told` it is about, empty for all of it."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class Wait(CaseError):
    """Too many tries or tellings from one place: later again."""
