"""Questions about sound: what voices there are, how far a rendition is, who may hear what."""

from uuid import UUID

from django.conf import settings

from nguon.kit.plugs import Loaded, load
from nguon.media import voices as loaded_voices
from nguon.media.models import File, Rendition, State
from nguon.media.offers import VoiceChoice, default_voice, grouped, voices

__all__ = ["VoiceChoice", "default_voice", "grouped", "voices"]
FINAL = frozenset({State.READY, State.FAILED})


def voice_status() -> tuple[Loaded, ...]:
    """Every voice plug of the settings: `plug` is None and `reason` says why where it is off."""
    return loaded_voices.status()


def provider_status() -> tuple[Loaded, ...]:
    """Every provider of the settings, likewise."""
    return loaded_voices.provider_status()


def rendition(rendition_id: UUID) -> Rendition | None:
    """A rendition with its file."""
    return Rendition.objects.select_related("file", "original").filter(pk=rendition_id).first()


def is_final(rendition: Rendition) -> bool:
    """Whether nothing more will happen to it by itself."""
    return rendition.state in FINAL


def file(person: object, sha256: str) -> File | None:
    """A file, if the person may hear it."""
    return File.objects.filter(sha256=sha256).first() if may_hear(person, sha256) else None


def seen_by(person: object, rendition_id: UUID) -> Rendition | None:
    """A rendition, if the person may hear what it is, or is made of; while it has no sound yet, by its key."""
    found = rendition(rendition_id)
    if found is None:
        return None
    marks = filter(None, (found.file_id, found.original_id, found.key))
    return found if any(may_hear(person, mark) for mark in marks) else None


def may_hear(person: object, sha256: str) -> bool:
    """Whether one of the guards of NGUON_AUDIO_GUARDS lets this person hear this: the apps above know who may.

    A guard is called with the person and the SHA-256 of a file, or the key of a rendition that has none yet.
    """
    return any(load(path)(person, sha256) for path in settings.NGUON_AUDIO_GUARDS)
