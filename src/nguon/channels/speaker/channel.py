"""The loudspeaker channel: what is said, and the orders that have it played."""

from uuid import UUID

from nguon.kit import clock, ids
from nguon.kit.words import gettext_noop
from nguon.ports.channel import Outgoing, Publication, SpeechJob, Wording
from nguon.speech import again, read, speakable
from nguon.wire import codec, messages, seal, topics

DEFAULT_VOICE = "espeak/vi-vn-x-central"
DEFAULT_RATE = 210  # syllables a minute: slower than talk, for horns outdoors


class Speaker:
    """Clusters of loudspeakers, whatever maker, that speak the wire protocol."""

    kind = "speaker"
    label = gettext_noop("Cụm loa")

    def check(self) -> None:
        """Nothing outside is needed: voices and the bus have their own checks."""

    def speech(self, wording: Wording) -> SpeechJob:
        """The wording read aloud: title, body, its key facts again if asked for.

        Raises ValueError (Vietnamese) if nothing in it can be spoken.
        """
        text = f"{wording.title.strip()}.\n{wording.body.strip()}" if wording.options.get("say_title") else wording.body
        if not speakable(text):
            raise ValueError(gettext_noop("Nội dung chưa có chữ nào đọc được."))
        voice = str(wording.options.get("voice") or DEFAULT_VOICE)
        rate = int(wording.options.get("rate") or DEFAULT_RATE)
        said = read(text, readings=wording.readings)
        lines = [said.text, again(said) if wording.options.get("repeat") else ""]
        return SpeechJob(spoken="\n".join(filter(None, lines)), voice=voice, rate=rate)

    def announce(self, outgoing: Outgoing) -> tuple[Publication, ...]:
        """The order once to each area's topic, and once to each device named by itself."""
        return self._everywhere(outgoing, seal.wrap(codec.encode(_play(outgoing))))

    def remind(self, outgoing: Outgoing, device: UUID) -> Publication:
        """The same order to one device that has not answered."""
        return Publication(topics.down(ids.short(device)), seal.wrap(codec.encode(_play(outgoing))))

    def silence(self, outgoing: Outgoing) -> tuple[Publication, ...]:
        """An order to stop this broadcast, wherever it was sent."""
        return self._everywhere(outgoing, seal.wrap(codec.encode(_stop(outgoing))))

    def _everywhere(self, outgoing: Outgoing, payload: bytes) -> tuple[Publication, ...]:
        areas = (topics.area(ids.short(area)) for area in outgoing.areas)
        devices = (topics.down(ids.short(device)) for device in outgoing.devices)
        return tuple(Publication(topic, payload) for topic in (*areas, *devices))


def _play(outgoing: Outgoing) -> messages.Play:
    content = messages.Content(
        url=outgoing.url,
        sha256=outgoing.sha256,
        size=outgoing.size,
        duration=outgoing.duration_ms,
        mime=outgoing.mime,
    )
    return messages.Play(
        id=ids.short(outgoing.broadcast),
        at=clock.ms(outgoing.issued),
        expires=clock.ms(outgoing.expires),
        level=outgoing.level,
        content=content,
        channel=Speaker.kind,
        start=clock.ms(outgoing.start) if outgoing.start else 0,
        volume=outgoing.volume,
        areas=tuple(ids.short(area) for area in outgoing.areas),
        devices=tuple(ids.short(device) for device in outgoing.devices),
        title=outgoing.title[:500],
    )


def _stop(outgoing: Outgoing) -> messages.Stop:
    return messages.Stop(
        id=ids.short(ids.new()),
        at=clock.ms(clock.now()),
        expires=clock.ms(outgoing.expires),
        broadcast=ids.short(outgoing.broadcast),
        areas=tuple(ids.short(area) for area in outgoing.areas),
        devices=tuple(ids.short(device) for device in outgoing.devices),
    )
