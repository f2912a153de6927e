"""The verb of hearing: the newest version gets its audio, on a channel that this server has."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.devices import channels
from nguon.journal.actions import record
from nguon.media import actions as media
from nguon.media.models import Rendition
from nguon.media.models import State as Rendering
from nguon.media.rules import Mix
from nguon.newsroom import queries
from nguon.newsroom.errors import Closed, NewsroomError
from nguon.newsroom.models import Bulletin, Variant, Version
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.ports.channel import Channel, Wording

SPOKEN_LANGUAGE = "vi"  # the only one our voices read


@transaction.atomic
def hear(*, bulletin: Bulletin, actor: Person, now: datetime, channel: str = "") -> Variant:
    """Ask for the audio of the newest version; audio that is there or under way is not made again.

    `channel` is a kind; empty means the first that works and is heard. Raises NewsroomError, Closed, Forbidden.
    """
    bulletin = queries.locked(bulletin)
    scope.require(actor, Right.WRITE, bulletin.place_id)
    if bulletin.withdrawn_at is not None:
        raise Closed(_("Bản tin đã rút, không tạo âm thanh được nữa."))
    version = queries.newest(bulletin)
    plug = _channel(channel)
    variant = version.variants.filter(channel=plug.kind).select_related("rendition").first()
    if variant and variant.rendition and variant.rendition.state == Rendering.READY:
        return variant
    variant = attach(version, _render(version, bulletin.language, plug, now), now, plug.kind)
    named = f"newsroom.bulletin:{bulletin.pk.hex}"
    after = {"version": version.number, "channel": plug.kind}
    record(actor=actor, verb="newsroom.hear", subject=named, now=now, place=bulletin.place_id, after=after)
    return variant


def attach(version: Version, rendition: Rendition, now: datetime, channel: str = "") -> Variant:
    """Make this rendition the sound of a version on a channel. Raises NewsroomError if no channel works."""
    variant, _new = Variant.objects.update_or_create(
        version=version,
        channel=_channel(channel).kind,
        defaults={"rendition": rendition},
        create_defaults={"rendition": rendition, "created_at": now},
    )
    return variant


def carry(old: Version, new: Version, now: datetime) -> None:
    """The same recording goes on to sound a new version; if its music changed, it is mixed anew."""
    for variant in old.variants.exclude(rendition=None).select_related("rendition"):
        rendition = variant.rendition
        if rendition is not None and new.sound is not None and old.mix != new.mix:
            mix = Mix.of(new.mix)
            rendition = media.request_sound(original=new.sound, now=now, source=rendition.source, mix=mix)
        Variant.objects.create(version=new, channel=variant.channel, rendition=rendition, created_at=now)


def _channel(kind: str) -> Channel:
    working = channels.active()
    if kind and kind in working:
        return working[kind]
    heard = next((each for each in working.values() if each.audible), None)
    if kind or heard is None:
        raise NewsroomError(_("Kênh phát này đang tắt. Xem lý do ở trang trạng thái hệ thống."))
    return heard


def _render(version: Version, language: str, plug: Channel, now: datetime) -> Rendition:
    if version.sound is None and language != SPOKEN_LANGUAGE:
        raise NewsroomError(_("Máy chưa đọc được tiếng này. Hãy ghi âm hoặc tải lên tệp đã thu."))
    options = {"voice": version.voice, "rate": version.rate, "repeat": version.repeat}
    wording = Wording(version.title, version.body, language, options, queries.readings(version))
    mix = Mix.of(version.mix)
    try:
        if version.sound is not None:
            return media.request_sound(original=version.sound, now=now, mix=mix)
        job = plug.speech(wording)
        return media.request_speech(
            spoken=job.spoken, voice=job.voice, rate=job.rate, now=now, place=version.bulletin.place_id, mix=mix
        )
    except (ValueError, media.MediaError) as error:
        raise NewsroomError(_(str(error))) from error
