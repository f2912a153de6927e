"""What everybody may know of alerts: those in force, as the banner of a page for the public says them."""

from uuid import UUID

from nguon.ui.skin import Caution


def in_force(place: UUID | None) -> tuple[Caution, ...]:
    """The alerts that are live in a place (None: anywhere), the gravest first. Named in settings."""
    del place
    return ()
