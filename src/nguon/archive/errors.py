"""Why a verb of the archive was refused, in an officer's words."""


class ArchiveError(Exception):
    """Anything refused; the text is for the officer."""


class Unfit(ArchiveError):
    """Details that cannot be kept. `fields` maps the field of the form to its message."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class Moved(ArchiveError):
    """Somebody else did it meanwhile, or the thing is in no state for it."""


class Stopped(Exception):
    """An import cannot go on by itself: a full disk, a folder that is gone. The text is for the officer."""
