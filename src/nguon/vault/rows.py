"""All that is sealed at once: whether it opens, and sealing it with the newest key.

Every table that keeps something sealed has it in a column `secrets`, bound to the row's id: so none is forgotten here.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Model

from nguon import vault


@dataclass(frozen=True)
class Look:
    """What was found. `used`: name of a key (hex) → how many rows it seals; `shut`: those that do not open."""

    used: dict[str, int]
    opened: int
    shut: list[Model]


def look() -> Look:
    """Open every secret and keep none."""
    used: Counter[str] = Counter()
    shut: list[Model] = []
    opened = 0
    for row in _sealed():
        used[vault.sealed_with(row.secrets).hex()] += 1
        try:
            vault.unseal(row.secrets, row.pk)
        except vault.VaultError:
            shut.append(row)
        else:
            opened += 1
    return Look(dict(used), opened, shut)


def seal_anew() -> int:
    """Seal with the newest key what another sealed; how many. What somebody saves meanwhile stays as saved.

    Changes no secret, so the journal does not hear of it.
    """
    newest, done = vault.name_of(vault.keys()[0]), 0
    for row in _sealed():
        if vault.sealed_with(row.secrets) == newest:
            continue
        try:
            fresh = vault.seal(vault.unseal(row.secrets, row.pk), row.pk)
        except vault.VaultError:
            continue
        table = type(row)._default_manager
        done += table.filter(pk=row.pk, secrets=bytes(row.secrets)).update(secrets=fresh)
    return done


def _sealed() -> list[Any]:
    found: list[Any] = []
    for model in apps.get_models():
        if any(field.name == "secrets" and isinstance(field, BinaryField) for field in model._meta.get_fields()):
            found += model._default_manager.exclude(secrets=b"").order_by("pk")
    return found
