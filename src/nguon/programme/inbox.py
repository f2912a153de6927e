"""Questions about bulletins from above: what waits at a place, what entered by itself, who may be sent one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from nguon.kit.clock import today
from nguon.media.models import Rendition
from nguon.newsroom.models import Bulletin, PriorityClass
from nguon.newsroom.queries import rendition
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places import queries as places
from nguon.places.models import Place
from nguon.programme import gather, items
from nguon.programme.items import Kind
from nguon.programme.models import Offer, Programme, Slot
from nguon.programme.offering import OWN
from nguon.wire.ladder import Level


def offers(person: Person, right: Right = Right.VIEW) -> QuerySet[Offer]:
    """The bulletins from above at the places where the person has the right, newest first."""
    rows = Offer.objects.select_related(
        "bulletin__current", "bulletin__place", "place", "slot__programme", "decided_by"
    ).exclude(bulletin__current=None)
    return scope.visible(rows, person, right)


def of_place(person: Person, place: Place, state: str) -> QuerySet[Offer]:
    """Those of one place in one state."""
    return offers(person).filter(place=place, state=state)


def waiting(person: Person) -> int:
    """How many wait for the person to choose."""
    return offers(person, Right.BROADCAST).filter(state=Offer.State.WAITING).count()


def sound(offer: Offer) -> Rendition | None:
    """How it sounds, as it was approved."""
    version = offer.bulletin.current
    made = rendition(version) if version else None
    return made if made and made.file_id else None


@dataclass(frozen=True)
class Ranked:
    """One line of the order in which priority bulletins are played. `offer` is None for the place's own, as a block."""

    offer: Offer | None
    own: tuple[str, ...] = ()


def ranked(place: Place) -> list[Ranked]:
    """The priority bulletins from above in the officer's order, with the place's own as one block among them."""
    rows = Offer.objects.filter(place=place, state=Offer.State.ENTERED).select_related(
        "bulletin__current", "bulletin__place"
    )
    alive = rows.filter(bulletin__withdrawn_at=None).order_by("rank", "offered_at")
    own = own_priority(place)
    found = [Ranked(offer) for offer in alive if offer.rank < OWN]
    if own:
        found.append(Ranked(None, tuple(own)))
    return found + [Ranked(offer) for offer in alive if offer.rank >= OWN]


def own_priority(place: Place) -> list[str]:
    """The titles of the priority bulletins that stand in the place's own programmes."""
    programmes = Programme.objects.filter(place=place, ended_at=None)
    chosen = {
        UUID(item.what)
        for programme in programmes
        for item in items.of_json(programme.items)
        if item.kind is Kind.BULLETIN and item.what
    }
    rows = Bulletin.objects.filter(pk__in=chosen, priority=PriorityClass.PRIORITY, withdrawn_at=None)
    own = rows.exclude(offers__place=place).filter(current__isnull=False)
    return list(own.order_by("current__title").values_list("current__title", flat=True))


def slots_to_choose(place: Place) -> Sequence[Slot]:
    """The slots of the place that say something: one of relay and music alone takes no bulletin in."""
    rows = Slot.objects.filter(place=place, ended_at=None, programme__ended_at=None).select_related("programme")
    ordered = rows.order_by("at", "programme__name")
    return [row for row in ordered if gather.level(items.of_json(row.programme.items)) >= Level.ORDINARY]


def below(bulletin: Bulletin, on: date) -> list[Place]:
    """The places directly below the one that issues a bulletin: whom it can be sent to at once."""
    inside = places.tree().children(bulletin.place_id, on)
    return list(places.in_force(on).filter(pk__in=inside))


def sent_to(bulletin: Bulletin) -> dict[UUID, Offer]:
    """Where it was sent already."""
    return {offer.place_id: offer for offer in bulletin.offers.select_related("place")}


def may_hear(person: object, mark: str) -> bool:
    """Whether a file is the sound of a bulletin sent down to a place of the person: a guard of `media:audio`."""
    if not isinstance(person, Person):
        return False
    variant = "bulletin__current__variants__rendition"
    heard = Q(**{f"{variant}__file": mark}) | Q(**{f"{variant}__key": mark})
    at = Offer.objects.filter(heard, bulletin__current__review__media_hash=F(f"{variant}__file"))
    return at.filter(place__in=scope.place_ids(person, Right.VIEW, today())).exists()
