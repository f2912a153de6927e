"""What somebody tells, before it is a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File as Upload


@dataclass(frozen=True)
class Told:
    """What was told. `consents`: the purposes agreed to, `contact` and `publish`; without `contact` nothing of the
    reporter is kept.

    The last three are of whoever is not signed in: `origin`, the network address it came from (kept as a hash for two
    days); `proof`, the challenge with its answer (`guarding.proved`), as `token:nonce`; `trap`, what stands in the
    field that no person sees.
    """

    words: str
    place_id: UUID
    source: str
    field_id: UUID | None = None
    severity: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    where: str = ""
    latitude: float | None = None
    longitude: float | None = None
    device_id: UUID | None = None
    broadcast_id: UUID | None = None
    happened_at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    photos: tuple["Upload[Any]", ...] = ()
    consents: frozenset[str] = frozenset()
    share: bool = False
    origin: str = ""
    proof: str = ""
    trap: str = ""
    keyed: bool = False  # by a program with a key, which has a measure of its own

    @property
    def says_who(self) -> bool:
        """Whether it holds anything about the reporter."""
        return any((self.name, self.phone, self.email, self.address))
