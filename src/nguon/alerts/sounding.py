"""An alert becomes sound: the siren at once, the whole text as soon as its voice is ready, again by its cadence."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.alerts import maps, rules, sirens, staging
from nguon.alerts.errors import Unsaid
from nguon.alerts.models import Alert, Saying
from nguon.alerts.queries import CHANNEL
from nguon.cap import hazards
from nguon.delivery import actions as delivery
from nguon.delivery.models import Broadcast
from nguon.devices import channels
from nguon.kit.clock import local_day
from nguon.media import actions as media
from nguon.media.models import File, Rendition
from nguon.media.models import State as Made
from nguon.media.readings import queries as readings
from nguon.newsroom import showing
from nguon.newsroom.shown import Shown, on, seen
from nguon.people.models import Person
from nguon.ports.channel import Channel, Wording
from nguon.wire.ladder import Level

log = logging.getLogger(__name__)
LONGEST_SHOWN = timedelta(hours=4)  # devices end everything after so long; by then it is said again
VOICE_AGAIN = timedelta(seconds=10)  # before a voice that failed is asked again


def most_devices() -> int:
    """Clusters an alert may reach with the usual signers."""
    return int(settings.NGUON_ALERT_REACH)


def signers(reach: rules.Reach, *, drill: bool) -> int:
    """How many people must sign what reaches so far."""
    return rules.signers(reach, drill=drill, most_devices=most_devices())


def voice_of(alert: Alert, now: datetime) -> Rendition:
    """The whole text read aloud, asked for while it waits for its signers. Raises Unsaid."""
    plug = channels.active()[CHANNEL]
    try:
        job = plug.speech(_wording(alert, now))
        return media.request_speech(spoken=job.spoken, voice=job.voice, rate=job.rate, now=now, place=alert.place_id)
    except (ValueError, media.MediaError) as error:
        raise Unsaid(_(str(error))) from error


def _wording(alert: Alert, now: datetime) -> Wording:
    """As the place has things read. The headline comes first; of a drill it stands in the text, behind that word."""
    text = f"{alert.headline}.\n{alert.text}"
    return Wording(
        title=alert.headline,
        body=alert.text,
        language="vi",
        options={} if alert.drill else {"say_title": True},
        readings=readings.for_text(alert.place_id, text, local_day(now)),
    )


def say(alert: Alert, now: datetime) -> int:
    """Say it once more: siren first; the text after it if its voice is ready, else when `say_text` is called.

    How many broadcasts that made.
    """
    if alert.staged and alert.live_at == now and not alert.said:
        staging.begin(alert, now)
    number = alert.said + 1
    pattern = hazards.by_code(alert.hazard).siren
    cadence = hazards.by_code(alert.hazard).cadence(alert.level)
    alert.said = number
    since = alert.widened_at or alert.live_at or now  # whom it reaches only now hears it as often as the others did
    alert.next_at = rules.next_saying(
        since,
        alert.sayings.filter(whole=False, at__gte=since).count() + 1,
        quick=cadence.quick,
        quick_every=cadence.quick_every,
        every=cadence.every,
    )
    alert.save(update_fields=["said", "next_at"])
    _broadcast(alert, number, sirens.file_of(pattern, now, drill=alert.drill), whole=False, now=now)
    return 1 + say_text(alert, now)


def say_text(alert: Alert, now: datetime) -> bool:
    """The whole text behind the siren of this time, once, if its voice is ready. Whether it went out now.

    A voice that failed, for want of room on the disk or whatever else, is asked again as long as the alert is live.
    """
    sound = alert.sound
    if sound is None or alert.sayings.filter(number=alert.said, whole=True).exists():
        return False
    if sound.file is None:
        if sound.state == Made.FAILED and now - sound.updated_at >= VOICE_AGAIN:
            media.retry(rendition_id=sound.pk, now=now)
        return False
    _broadcast(alert, alert.said, sound.file, whole=True, now=now)
    return True


def _broadcast(alert: Alert, number: int, file: File, *, whole: bool, now: datetime) -> Broadcast:
    signers = tuple(alert.consents.filter(digest=alert.digest).values_list("person_id", flat=True))
    made = delivery.create_broadcast(
        subject=f"alerts.alert:{alert.pk.hex}",
        review=None,
        title=alert.headline,
        place_id=alert.place_id,
        channel=CHANNEL,
        level=Level.EMERGENCY,
        file=file,
        forms={} if whole else _seen(alert, now),
        targets=staging.targets_now(alert, now),
        start_at=None,
        expires_at=_until(alert, now),
        signers=signers,
        drill=alert.drill,
        actor=alert.created_by,
        now=now,
    )
    Saying.objects.create(alert=alert, number=number, whole=whole, broadcast=made, at=now)
    return made


def _seen(alert: Alert, now: datetime) -> dict[str, delivery.Shown]:
    """What stands on boards from the siren on, until it is said again: words need no voice."""
    until = min(_until(alert, now) - now, LONGEST_SHOWN)
    length = max(int(until.total_seconds() * 1000), 1)
    pages = showing.at_once(_shown_wording(alert, alert.live_at or now), f"alert {alert.pk.hex}", now)
    return {kind: delivery.Shown(file, length) for kind, file in pages.items()}


def previews(alert: Alert, now: datetime) -> list[Shown]:
    """What channels that show have of it, to be seen before it is signed: as `_seen` makes it."""
    plugs = seen()
    words = _shown_wording(alert, alert.live_at or now) if plugs else None
    return [one for plug in plugs.values() if words and (one := _preview(alert, plug, words))]


def _preview(alert: Alert, plug: Channel, words: Wording) -> Shown | None:
    try:
        return on(plug, words)
    except Exception:  # nobody is kept from signing by a board
        log.exception("the channel %s cannot show alert %s", plug.kind, alert.pk.hex)
        return None


def _shown_wording(alert: Alert, issued: datetime) -> Wording:
    """As channels that show take it."""
    try:
        sketch = maps.sketch(alert, local_day(issued))
    except Exception:  # a base map that cannot be read, say: the words go out without a map
        log.exception("no map of alert %s", alert.pk.hex)
        sketch = None
    name = str(hazards.by_code(alert.hazard).name)
    marks = {"level": alert.level, "hazard": name, "issued": issued, "map": sketch}
    return Wording(alert.headline, alert.text, "vi", {"alert": marks}, issuer=capfirst(str(alert.place)))


def _until(alert: Alert, now: datetime) -> datetime:
    """A saying counts until the next one: whoever comes back after hours hears the newest, not each that was missed."""
    ends = alert.expires_at or now + alert.lasts
    return min(ends, alert.next_at) if alert.next_at is not None and alert.next_at > now else ends


def hush(alert: Alert, actor: Person, now: datetime) -> int:
    """Stop all that was said of it and is not over; how many."""
    sayings = Broadcast.objects.filter(alert_saying__alert=alert)
    return sum(delivery.stop(broadcast=each, actor=actor, now=now) for each in sayings)


def broadcasts(alert: UUID) -> list[Broadcast]:
    """All times it was said, the first first."""
    return list(Broadcast.objects.filter(alert_saying__alert=alert).order_by("alert_saying__at"))
