"""What all channels share whose devices speak the wire protocol: how orders, plans and silence are told them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from nguon.kit import clock, ids
from nguon.ports.channel import Outgoing, Publication, Scene, Schedule, Seal, Shown, Sound
from nguon.wire import codec, messages, topics
from nguon.wire.ladder import Level


class Wired:
    """Orders once to each area, plans by hash, everything under the seal of whoever orders it."""

    kind: str

    def announce(self, outgoing: Outgoing, seal: Seal) -> tuple[Publication, ...]:
        """The order once to each area's topic of this channel, and once to each device named by itself."""
        return self._everywhere(outgoing, seal(codec.encode(_play(outgoing))))

    def remind(self, outgoing: Outgoing, device: UUID, seal: Seal) -> Publication:
        """The same order to one device that has not answered."""
        return Publication(topics.down(ids.short(device)), seal(codec.encode(_play(outgoing))))

    def plan(self, schedule: Schedule, seal: Seal) -> bytes:
        """Under the seal, like everything the server says."""
        return seal(codec.encode(_plan(schedule)))

    def announce_plan(self, device: UUID, version: int, sha256: str, size: int, seal: Seal) -> Publication:
        """On the device's own topic: its version is its own, though others share the document."""
        document = messages.Document(url=f"/api/1/plan/{sha256}", sha256=sha256, size=size)
        message = messages.NewPlan(
            id=ids.short(ids.new()),
            at=clock.ms(clock.now()),
            version=version,
            document=document,
            device=ids.short(device),
        )
        return Publication(topics.down(ids.short(device)), seal(codec.encode(message)))

    def silence(self, outgoing: Outgoing, seal: Seal) -> tuple[Publication, ...]:
        """An order to stop this broadcast, wherever it was sent."""
        return self._everywhere(outgoing, seal(codec.encode(_stop(outgoing))))

    def scene(self, device: UUID) -> Scene | None:
        """Without an order there is nothing."""
        return None

    def tend(self, now: datetime) -> None:
        """Nothing changes by itself."""

    def shown(self, device: UUID, day: date, rows: Sequence[Shown], now: datetime) -> bool:
        """Nobody tells of anything."""
        return False

    def _everywhere(self, outgoing: Outgoing, payload: bytes) -> tuple[Publication, ...]:
        areas = (topics.area(ids.short(area), outgoing.channel) for area in outgoing.areas)
        devices = (topics.down(ids.short(device)) for device in outgoing.devices)
        return tuple(Publication(topic, payload) for topic in (*areas, *devices))


def _play(outgoing: Outgoing) -> messages.Play:
    return messages.Play(
        id=ids.short(outgoing.broadcast),
        at=clock.ms(outgoing.issued),
        expires=clock.ms(outgoing.expires),
        level=outgoing.level,
        content=None if outgoing.streams else _content(outgoing),
        stream=_stream(outgoing) if outgoing.streams else None,
        channel=outgoing.channel,
        start=clock.ms(outgoing.start) if outgoing.start else 0,
        begin_by=clock.ms(outgoing.begin_by) if outgoing.begin_by else 0,
        cut=outgoing.can_be_cut,
        volume=outgoing.volume,
        areas=tuple(ids.short(area) for area in outgoing.areas),
        devices=tuple(ids.short(device) for device in outgoing.devices),
        title=outgoing.title[:500],
        issuer=ids.short(outgoing.issuer) if outgoing.issuer else None,
        seq=outgoing.seq,
        drill=outgoing.drill,
    )


def _stream(outgoing: Outgoing) -> messages.Stream:
    """Who speaks may pause as long as they like; a station that is silent has failed."""
    stream = messages.Stream(urls=outgoing.streams, duration=outgoing.duration_ms)
    return msgspec.structs.replace(stream, silence=0) if outgoing.level >= Level.LIVE else stream


def _content(outgoing: Outgoing | Sound) -> messages.Content:
    return messages.Content(
        url=outgoing.url,
        sha256=outgoing.sha256,
        size=outgoing.size,
        duration=outgoing.duration_ms,
        mime=outgoing.mime,
    )


def _plan(schedule: Schedule) -> messages.Plan:
    return messages.Plan(
        made=clock.ms(schedule.made),
        until=clock.ms(schedule.until),
        plays=tuple(map(_play, schedule.entries)),
        quiet=tuple(map(_span, schedule.quiet)),
        limits=tuple(
            messages.Limit(start=clock.ms(start), end=clock.ms(end), most=most) for start, end, most in schedule.limits
        ),
        fetch=tuple(map(_span, schedule.fetch)),
        keep=tuple(map(_content, schedule.keep)),
    )


def _span(span: tuple[datetime, datetime]) -> messages.Span:
    return messages.Span(start=clock.ms(span[0]), end=clock.ms(span[1]))


def _stop(outgoing: Outgoing) -> messages.Stop:
    return messages.Stop(
        id=ids.short(ids.new()),
        at=clock.ms(clock.now()),
        expires=clock.ms(outgoing.expires),
        channel=outgoing.channel,
        broadcast=ids.short(outgoing.broadcast),
        issuer=ids.short(outgoing.issuer) if outgoing.issuer else None,
        seq=outgoing.seq,
        areas=tuple(ids.short(area) for area in outgoing.areas),
        devices=tuple(ids.short(device) for device in outgoing.devices),
    )
