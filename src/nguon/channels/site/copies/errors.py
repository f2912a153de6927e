"""Why a copy was refused, or ended without one, in an officer's words."""


class CopyError(Exception):
    """Anything refused; the text is for the officer."""
