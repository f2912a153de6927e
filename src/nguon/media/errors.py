"""What can go wrong with sound; the text of each is for the officer."""


class MediaError(Exception):
    """The sound cannot be made or taken in; `str()` is what the officer reads."""


class AudioRefused(MediaError):
    """A file that is not what loudspeakers can be given."""


class NotLevel(MediaError):
    """The sound could not be brought to the loudness of loudspeakers."""
