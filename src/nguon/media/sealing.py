"""All secrets of accounts at once: whether they open, and sealing them with the newest key."""

from collections import Counter
from dataclasses import dataclass

from nguon import vault
from nguon.media.models import VoiceAccount
from nguon.vault import VaultError


@dataclass(frozen=True)
class Look:
    """What was found. `used`: name of a key (hex) → how many accounts it seals; `shut`: those that do not open."""

    used: dict[str, int]
    opened: int
    shut: list[VoiceAccount]


def look() -> Look:
    """Open every secret and keep none."""
    used: Counter[str] = Counter()
    shut: list[VoiceAccount] = []
    opened = 0
    for account in _sealed():
        used[vault.sealed_with(account.secrets).hex()] += 1
        try:
            vault.unseal(account.secrets, account.pk)
        except VaultError:
            shut.append(account)
        else:
            opened += 1
    return Look(dict(used), opened, shut)


def seal_anew() -> int:
    """Seal with the newest key what another sealed; how many. What an administrator saves meanwhile stays as saved.

    Changes no secret, so the journal does not hear of it.
    """
    newest, done = vault.name_of(vault.keys()[0]), 0
    for account in _sealed():
        if vault.sealed_with(account.secrets) == newest:
            continue
        try:
            fresh = vault.seal(vault.unseal(account.secrets, account.pk), account.pk)
        except VaultError:
            continue
        done += VoiceAccount.objects.filter(pk=account.pk, secrets=bytes(account.secrets)).update(secrets=fresh)
    return done


def _sealed() -> list[VoiceAccount]:
    return list(VoiceAccount.objects.exclude(secrets=b"").select_related("place").order_by("created_at"))
