"""The verbs of speaking live: prepare, go on the air, end, keep the recording, set a limit."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from nguon.delivery import actions as delivery
from nguon.delivery import choosing
from nguon.delivery.rules import Targets
from nguon.journal.actions import record
from nguon.kit.clock import LOCAL, local_day
from nguon.kit.words import gettext_noop
from nguon.live import queries, rules
from nguon.live.models import LiveLimit, LiveSession, State
from nguon.media.actions import store_file
from nguon.media.ffmpeg import ToolFailed, probe
from nguon.media.models import File
from nguon.newsroom import showing
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.places.models import Place
from nguon.ports.channel import Wording
from nguon.wire.ladder import Level

log = logging.getLogger(__name__)
TITLE = gettext_noop("Đang phát trực tiếp trên loa")  # what screens show is in Vietnamese, whoever speaks
WHO = gettext_noop("Người nói: {who}.")
BEGUN = gettext_noop("Bắt đầu lúc {hour}.")


class LiveError(Exception):
    """Why somebody cannot speak live, in an officer's words."""


@transaction.atomic
def prepare(*, targets: Targets, title: str, actor: Person, now: datetime) -> LiveSession:
    """A session that can go on the air. Nothing is sent. Raises LiveError, Forbidden for a target not the person's."""
    on = local_day(now)
    try:
        kept = choosing.checked(targets, (queries.CHANNEL,), actor, now)
    except choosing.BadChoice as error:
        raise LiveError(str(error)) from error
    place = queries.spoken_for(actor, kept, on)
    if place is None:
        raise scope.forbidden()
    return LiveSession.objects.create(
        person=actor,
        place=place,
        title=title.strip() or _("Phát trực tiếp"),
        targets={kind: [pk.hex for pk in getattr(kept, kind)] for kind in ("places", "groups", "devices")},
        minutes=queries.minutes_for(place.pk, on),
        name=secrets.token_hex(24),
        created_at=now,
    )


@transaction.atomic
def begin(*, session: LiveSession, actor: Person, now: datetime) -> LiveSession:
    """On the air: the order goes to the devices. Rights are asked again. Raises LiveError, Forbidden."""
    session = LiveSession.objects.select_for_update().get(pk=session.pk)
    if session.person_id != actor.pk:
        raise scope.forbidden()
    if session.state != State.READY:
        raise LiveError(_("Lần phát này đã lên sóng rồi. Hãy mở lần phát mới."))
    try:
        targets = choosing.checked(queries.targets_of(session), (queries.CHANNEL,), actor, now)
    except choosing.BadChoice as error:
        raise LiveError(str(error)) from error
    if other := queries.others(session, local_day(now)):
        raise LiveError(
            _("%(person)s đang phát trực tiếp tới cụm loa bạn chọn. Chờ xong hoặc chọn nơi khác.")
            % {"person": other.person}
        )
    length = timedelta(minutes=session.minutes)
    length_ms = int(length.total_seconds() * 1000)
    session.broadcast = delivery.create_broadcast(
        subject=f"live.session:{session.pk.hex}",
        review=None,
        title=session.title,
        place_id=session.place_id,
        channel=queries.CHANNEL,
        level=Level.LIVE,
        streams=(f"/api/1/live/{session.pk.hex}",),
        length_ms=length_ms,
        forms={kind: delivery.Shown(file, length_ms) for kind, file in _seen(session, now).items()},
        targets=targets,
        start_at=None,
        expires_at=now + length + rules.LATE,
        actor=actor,
        now=now,
    )
    session.state, session.began_at, session.alive_at, session.ends_at = State.ON_AIR, now, now, now + length
    session.save(update_fields=["broadcast", "state", "began_at", "alive_at", "ends_at"])
    _record("live.begin", session, actor, now, after={"title": session.title, "minutes": session.minutes})
    return session


def _seen(session: LiveSession, now: datetime) -> dict[str, File]:
    """What stands on screens while somebody speaks: that they do, who, about what and since when."""
    who = str(session.person)
    if session.person.title:
        who = f"{who}, {session.person.title}"
    begun = BEGUN.format(hour=f"{now.astimezone(LOCAL):%H:%M}")
    about = "" if session.title == _("Phát trực tiếp") else session.title
    body = "\n\n".join(filter(None, (about, WHO.format(who=who), begun)))
    words = Wording(TITLE, body, "vi", issuer=capfirst(str(session.place)))
    return showing.at_once(words, f"live session {session.pk.hex}", now)


@transaction.atomic
def end(*, session: LiveSession, why: str, now: datetime, actor: Person | None = None) -> bool:
    """Off the air: every device is told to stop. True if this call did it. `actor` None: it ended by itself."""
    live = LiveSession.objects.filter(pk=session.pk, state=State.ON_AIR)
    if not live.update(state=State.ENDED, why=why, ended_at=now):
        return False
    session.refresh_from_db()
    assert session.broadcast is not None
    delivery.stop(broadcast=session.broadcast, actor=actor or session.person, now=now)
    _record("live.end", session, actor or session.person, now, after={"reason": str(session.get_why_display())})
    return True


def _record(verb: str, session: LiveSession, actor: Person, now: datetime, after: dict[str, object]) -> None:
    subject = f"live.session:{session.pk.hex}"
    record(actor=actor, verb=verb, subject=subject, now=now, place=session.place_id, after=after)


def alive(*, session: LiveSession, now: datetime) -> None:
    """Note that it is still carried."""
    LiveSession.objects.filter(pk=session.pk, state=State.ON_AIR).update(alive_at=now)


def keep(*, session: LiveSession, now: datetime) -> bool:
    """Keep what was spoken as a file. False if there is nothing to keep."""
    path = queries.sound_path(session.pk)
    if not path.exists():
        return False
    if path.stat().st_size == 0:
        path.unlink()
        return False
    try:
        length = float(probe(path)["format"]["duration"])
    except (ToolFailed, KeyError, ValueError) as error:
        log.warning("the recording of %s cannot be read and stays at %s: %s", session.pk.hex, path, error)
        return False
    file = store_file(path=path, mime="audio/mpeg", now=now, duration_ms=round(length * 1000))
    LiveSession.objects.filter(pk=session.pk).update(recording=file)
    path.unlink(missing_ok=True)
    return True


@transaction.atomic
def stop(*, session: LiveSession, actor: Person, now: datetime) -> bool:
    """Somebody with the right stops whoever speaks, or the speaker does. Raises Forbidden."""
    if session.person_id != actor.pk:
        scope.require(actor, Right.BROADCAST, session.place_id)
    return end(
        session=session, why=rules.SPEAKER if session.person_id == actor.pk else rules.STOPPED, now=now, actor=actor
    )


@transaction.atomic
def set_limit(*, place: Place, minutes: int | None, actor: Person, now: datetime) -> None:
    """How long one may speak live in the name of a place and of what lies below; None: as above it.

    Raises Forbidden.
    """
    scope.require(actor, Right.PLACES, place.pk)
    before = queries.minutes_for(place.pk, local_day(now))
    if minutes is None:
        LiveLimit.objects.filter(place=place).delete()
    else:
        values = {"minutes": rules.minutes(minutes), "changed_at": now}
        LiveLimit.objects.update_or_create(place=place, defaults=values)
    record(
        actor=actor,
        verb="live.limit",
        subject=f"places.place:{place.pk.hex}",
        now=now,
        place=place.pk,
        before={"minutes": before},
        after={"minutes": queries.minutes_for(place.pk, local_day(now))},
    )


def reap(*, now: datetime) -> int:
    """End what nobody carries any more, keep its sound, forget what was never begun. How many were ended."""
    ended = 0
    for session in queries.on_air().filter(alive_at__lt=now - rules.DEAD_AFTER):
        ended += end(session=session, why=rules.SERVER, now=now)
    for session in LiveSession.objects.filter(state=State.ENDED, recording=None, ended_at__gt=now - rules.UNUSED):
        if session.ended_at and session.ended_at < now - rules.DEAD_AFTER:
            keep(session=session, now=now)
    LiveSession.objects.filter(state=State.READY, created_at__lt=now - rules.UNUSED).delete()
    return ended
