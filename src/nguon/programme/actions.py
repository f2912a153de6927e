"""The verbs of the programme: putting an approved bulletin on the air, and taking one back wherever it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.delivery import actions as delivery
from nguon.delivery import choosing
from nguon.delivery.models import OPEN, Broadcast
from nguon.delivery.rules import Targets
from nguon.media.models import File
from nguon.newsroom import actions as newsroom
from nguon.newsroom import queries as bulletins
from nguon.newsroom import showing
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import subject
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.programme import queries, rules
from nguon.review.models import Review


class ProgrammeError(Exception):
    """Why something cannot go on the air, in an officer's words."""


class NotApproved(ProgrammeError):
    """There is no approval over exactly the newest text and audio."""


class NobodyThere(ProgrammeError):
    """A chosen target has no device in use."""


class WrongTime(ProgrammeError):
    """The times chosen do not fit."""


@transaction.atomic
def place(
    *,
    bulletin: Bulletin,
    targets: Targets,
    start_at: datetime | None,
    expires_at: datetime,
    actor: Person,
    now: datetime,
) -> Broadcast:
    """Send an approved bulletin to devices, now (`start_at` None) or at a time, until `expires_at`.

    Raises ProgrammeError and its kinds, Forbidden for a target outside the person's places.
    """
    bulletin = bulletins.locked(bulletin)
    scope.require(actor, Right.VIEW, bulletin.place_id)
    level = rules.LEVELS.get(bulletin.priority)
    if level is None:
        raise ProgrammeError(_("Tin khẩn cấp không phát từ đây mà từ phần cảnh báo khẩn."))
    version = bulletins.newest(bulletin)
    review = _approval(bulletin, version, now)
    variant = version.variants.select_related("rendition__file").get(rendition__file=review.media_hash)
    if variant.rendition is None or variant.rendition.file is None:
        raise NotApproved(_("Bản tin chưa có âm thanh."))
    start_at = _times(bulletin, start_at, expires_at, now)
    shown = {kind: _seen(page) for kind, page in showing.driven(version, now).items()}
    try:
        targets = choosing.checked(targets, (variant.channel, *shown), actor, now)
    except choosing.BadChoice as error:
        raise NobodyThere(str(error)) from error
    try:
        return delivery.create_broadcast(
            subject=subject(version.pk),
            review=review.pk,
            title=version.title,
            place_id=bulletin.place_id,
            channel=variant.channel,
            level=level,
            file=variant.rendition.file,
            forms=shown,
            targets=targets,
            start_at=start_at,
            expires_at=expires_at,
            actor=actor,
            now=now,
        )
    except delivery.DeliveryError as error:
        raise ProgrammeError(str(error)) from error


@transaction.atomic
def withdraw(*, bulletin: Bulletin, reason: str, actor: Person, now: datetime) -> int:
    """Withdraw a bulletin and stop it wherever it waits or sounds; how many broadcasts were stopped.

    Raises NewsroomError, Forbidden.
    """
    newsroom.withdraw(bulletin=bulletin, reason=reason, actor=actor, now=now)
    return stop_for(bulletin=bulletin, actor=actor, now=now)


@transaction.atomic
def stop_for(*, bulletin: Bulletin, actor: Person, now: datetime) -> int:
    """Stop every broadcast of a bulletin that is not over, of whatever version; how many this call stopped."""
    running = queries.broadcasts_of(bulletin).filter(state__in=OPEN)
    return sum(delivery.stop(broadcast=broadcast, actor=actor, now=now) for broadcast in running)


@transaction.atomic
def stop_outdated(*, bulletin: Bulletin, actor: Person, now: datetime) -> int:
    """Stop what still goes out, or waits to, with an earlier wording; how many broadcasts this call stopped.

    Raises Forbidden.
    """
    scope.require(actor, Right.BROADCAST, bulletin.place_id)
    return sum(delivery.stop(broadcast=one, actor=actor, now=now) for one in queries.outdated(bulletin))


def _seen(page: File) -> delivery.Shown:
    return delivery.Shown(page, page.duration_ms or 0)


def _approval(bulletin: Bulletin, version: Version, now: datetime) -> Review:
    if bulletin.withdrawn_at is not None:
        raise NotApproved(_("Bản tin đã rút, không phát được."))
    if bulletin.valid_to is not None and bulletin.valid_to <= now:
        raise NotApproved(_("Bản tin đã hết hạn, không phát được."))
    review = bulletins.approval(version)
    if review is None:
        raise NotApproved(_("Phiên bản mới nhất của bản tin chưa được duyệt nên chưa phát được."))
    return review


def _times(bulletin: Bulletin, start_at: datetime | None, expires_at: datetime, now: datetime) -> datetime | None:
    if start_at is not None and now - rules.JUST_NOW <= start_at <= now:
        start_at = None
    begins = start_at or now
    if begins < now:
        raise WrongTime(_("Giờ phát đã qua. Hãy chọn giờ khác hoặc “Phát ngay”."))
    if begins > now + rules.FARTHEST:
        raise WrongTime(_("Giờ phát quá xa: nhiều nhất là 30 ngày tới."))
    if expires_at <= begins:
        raise WrongTime(_("Hạn phát phải sau giờ phát."))
    if expires_at > begins + rules.LONGEST:
        raise WrongTime(_("Hạn phát quá xa: nhiều nhất là 7 ngày sau giờ phát."))
    if bulletin.valid_from is not None and begins < bulletin.valid_from:
        raise WrongTime(_("Bản tin chưa đến ngày có hiệu lực. Hãy hẹn giờ phát."))
    if bulletin.valid_to is not None and expires_at > bulletin.valid_to:
        raise WrongTime(_("Hạn phát không được sau hạn hiệu lực của bản tin."))
    return start_at
