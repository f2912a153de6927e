"""The voices of this server and the providers of voices, loaded once from settings; an account becomes a voice."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings

from nguon import vault
from nguon.kit.plugs import Loaded, load, load_all
from nguon.media.chain import Passed
from nguon.media.models import VoiceAccount
from nguon.ports.voice import Voice, VoiceInfo, VoiceProvider
from nguon.vault import VaultError

LONGEST_NAME = 80  # characters of `plug/voice`: what a bulletin can keep
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """Something that can speak: a voice of this server, or an account. `passed` says why it is not to be asked now.

    `complaint` is what its own check finds wrong in what was filled in, in words; `hidden` what no text may show.
    """

    key: str
    label: str
    voices: tuple[VoiceInfo, ...]
    plug: Voice | None = field(default=None, repr=False)
    account: VoiceAccount | None = None
    passed: Passed | None = None
    complaint: str = ""
    hidden: tuple[str, ...] = field(default=(), repr=False)


@cache
def status() -> tuple[Loaded, ...]:
    """Every voice plug of the settings after loading: those that are off say why in `reason`."""
    return tuple(load_all(settings.NGUON_VOICES))


def active() -> tuple[Voice, ...]:
    """The plugs that work here, in the order of the settings."""
    return tuple(loaded.plug for loaded in status() if loaded.plug is not None)


@cache
def provider_status() -> tuple[Loaded, ...]:
    """Every provider of the settings after loading. The path names the provider itself: calling it takes values."""
    return tuple(_provider(path) for path in settings.NGUON_VOICE_PROVIDERS)


def providers() -> dict[str, VoiceProvider]:
    """The providers that can be had here, by key, in the order of the settings."""
    return {loaded.plug.key: loaded.plug for loaded in provider_status() if loaded.plug is not None}


def label(key: str) -> str:
    """What a provider calls itself; the key where it is not installed any more."""
    provider = providers().get(key)
    return provider.label if provider else key


def own() -> list[Source]:
    """The voices of this server itself, in the order of the settings: always there, and last in every chain."""
    return [Source(plug.key, "", plug.voices(), plug) for plug in active()]


def of_account(account: VoiceAccount) -> Source:
    """An account as something that can speak. What it lacks to do so is in `passed` and `complaint`."""
    provider = providers().get(account.provider)
    if provider is None:
        return Source(account.provider, account.provider, (), account=account, passed=Passed.BROKEN)
    try:
        secrets, locked = vault.unseal(account.secrets, account.pk), False
    except VaultError as error:
        log.warning("voice account %s: %s", account.pk, error)
        secrets, locked = {}, True
    hidden = tuple(secrets.values())
    try:
        plug = provider(complete(provider, {**account.values, **secrets}))
        offered = tuple(one for one in plug.voices() if len(f"{plug.key}/{one.id}") <= LONGEST_NAME)
    except Exception as error:  # a foreign plug may raise anything
        log.warning("voice account %s (%s): %s", account.pk, account.provider, scrubbed(str(error), hidden))
        return Source(account.provider, provider.label, (), account=account, passed=Passed.BROKEN, hidden=hidden)
    fit, said = (True, "") if locked else _looked_over(plug, hidden)
    passed = Passed.LOCKED if locked else None if fit else Passed.BROKEN
    return Source(account.provider, provider.label, offered, plug, account, passed, said, hidden)


def complaint(provider: VoiceProvider, values: Mapping[str, str], hidden: tuple[str, ...]) -> str:
    """What a provider's own check says against the values of an account; empty if nothing.

    What this machine lacks is no fault of the account: that is for the page of the server's state.
    """
    return _looked_over(provider(complete(provider, values)), hidden)[1]


def _looked_over(plug: Voice, hidden: tuple[str, ...]) -> tuple[bool, str]:
    """Whether a voice can work here by its own check; and if it was filled in wrongly, words for who did."""
    try:
        plug.check()
    except ValueError as error:
        return False, scrubbed(str(error), hidden)
    except Exception as error:  # a foreign plug may raise anything
        log.warning("voice %s cannot work: %s", plug.key, scrubbed(str(error), hidden))
        return False, ""
    return True, ""


def complete(provider: VoiceProvider, values: Mapping[str, str]) -> dict[str, str]:
    """The values of an account with every setting by name: the defaults where nothing was given."""
    return {one.name: values.get(one.name) or one.default for one in provider.settings}


def scrubbed(text: str, hidden: tuple[str, ...]) -> str:
    """A text for the log without secrets, should a plug have put one into it against its contract."""
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _provider(path: str) -> Loaded:
    try:
        found = load(path)
        _known = (found.key, found.label, found.settings)
    except Exception as error:  # a foreign plug may raise anything; the server starts anyway
        return Loaded(path, None, f"{type(error).__name__}: {error}")
    return Loaded(path, found)
