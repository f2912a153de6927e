"""Why something cannot be done on a site, in words for the officer."""


class PortalError(Exception):
    """Says what is wrong and what to do next."""


class Conflict(PortalError):
    """Somebody else saved the same page meanwhile; what was typed is still in the form."""
