"""What a device does over HTTP that is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from nguon.api.errors import Gone, NotAudio, TooOften
from nguon.api.queries import delivery_of
from nguon.delivery.models import Delivery
from nguon.devices import channels
from nguon.devices.models import Device
from nguon.devices.photos import actions as photos
from nguon.media import actions as media
from nguon.media import audio
from nguon.people import measure
from nguon.ports.channel import Shown

HOUR = timedelta(hours=1)
MOST_TELLINGS = 60  # of one device within an hour


def keep_proof(*, device: Device, broadcast: UUID, path: Path, now: datetime) -> None:
    """Keep the sound a device says it played, beside its delivery. The first one counts; a repeat changes nothing.

    Raises Gone where there is no such delivery, and NotAudio.
    """
    delivery = delivery_of(device, broadcast)
    if delivery.proof_id:
        return
    try:
        sound = audio.inspect(path, settings.NGUON_MAX_AUDIO_MINUTES)
    except media.AudioRefused as error:
        raise NotAudio from error
    if sound.mime != "audio/mpeg":
        raise NotAudio
    measures = {"duration_ms": round(sound.seconds * 1000)} if sound.seconds else {}
    file = media.store_file(path=path, mime=sound.mime, now=now, **measures)
    Delivery.objects.filter(pk=delivery.pk, proof=None).update(proof=file, changed_at=now)


def keep_photo(*, device: Device, taken: photos.Taken, now: datetime) -> None:
    """Keep a photo of the device's screen with the title of what was shown.

    Raises Gone where it was given no such broadcast, and the errors of `devices.photos.actions.keep`.
    """
    title = delivery_of(device, taken.broadcast).broadcast.title if taken.broadcast else ""
    photos.keep(device=device, taken=replace(taken, title=title), now=now)


def keep_shown(*, device: Device, day: date, rows: Sequence[Shown], now: datetime) -> None:
    """Keep what the device showed by itself on a day. Raises Gone where such devices tell of nothing, and TooOften."""
    if not measure.within(f"api-shown-{device.pk.hex}", MOST_TELLINGS, HOUR, now):
        raise TooOften
    if not channels.shown(device.channel, device.pk, day, rows, now):
        raise Gone
