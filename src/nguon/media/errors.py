"""What can go wrong with sound; the text of each is for the officer."""


class MediaError(Exception):
    """The sound cannot be made or taken in; `str()` is what the officer reads."""


class AudioRefused(MediaError):
    """A file that is not what loudspeakers can be given."""


class PictureRefused(MediaError):
    """A file that is no picture a screen can be given."""


class FilmRefused(MediaError):
    """A file that is no film a screen can be given."""


class AccountRefused(MediaError):
    """An account of a provider of voices that cannot be kept so. `fields` maps the field of the form to its message."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class NotLevel(MediaError):
    """The sound could not be brought to the loudness of loudspeakers."""
