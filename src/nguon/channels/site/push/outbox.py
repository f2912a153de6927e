"""What is on its way: taken up by one sender at a time, and what came of it. The network is not asked here."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from nguon import vault
from nguon.channels.site.push import vapid
from nguon.portal.following.rules import Browser
from nguon.portal.models import Follower, Parcel
from nguon.portal.serving import push_contact

AT_ONCE = 64  # parcels in one turn
CLAIM = timedelta(minutes=2)  # a sender that died leaves them for the next
FIRST_WAIT, FIRST_WAIT_URGENT = timedelta(seconds=60), timedelta(seconds=5)  # doubled each time
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN = timedelta(days=14)  # of refusals without a success between
log = logging.getLogger(__name__)


class Came(Enum):
    """What came of handing a parcel to a push service."""

    TAKEN = "taken"
    GONE = "gone"  # nobody is at that address any more
    REFUSED = "refused"  # not this, and not if asked again
    LATER = "later"  # it answered that it cannot now
    NOTHING = "nothing"  # no answer: perhaps it is our own line


@dataclass(frozen=True)
class Job:
    """One message, ready to be sealed and sent. `seconds`: how long it is of use."""

    parcel: int
    follower: UUID
    until: datetime
    tries: int
    browser: Browser
    words: bytes
    topic: str
    urgent: bool
    seconds: int
    pem: str
    public: str
    contact: str


@dataclass(frozen=True)
class Outcome:
    """What came of it; `wait`: how long the push service asked us to leave it alone."""

    came: Came
    wait: timedelta = timedelta()


def claim(urgent: bool, now: datetime) -> list[Job]:
    """What is due and now the caller's to send; nobody else takes it up for CLAIM.

    Raises vault.VaultError if our own key does not open.
    """
    with transaction.atomic():
        due = Parcel.objects.filter(urgent=urgent, next_at__lte=now).order_by("next_at")
        held = due.select_for_update(skip_locked=True, of=("self",)).select_related("notice", "follower")[:AT_ONCE]
        rows = list(held)
        Parcel.objects.filter(pk__in=[one.pk for one in rows]).update(next_at=now + CLAIM)
    if not rows:
        return []
    key = vapid.key(now)
    pem, jobs = vapid.secret(key), []
    for one in rows:
        job = _job(one, pem, key.public, now)
        if job is None:
            one.delete()
        else:
            jobs.append(job)
    return jobs


def _job(one: Parcel, pem: str, public: str, now: datetime) -> Job | None:
    """The message of a parcel; None if it is of no use any more, or its follower's keys do not open."""
    notice, follower = one.notice, one.follower
    if notice.until <= now:
        return None
    try:
        browser = Browser(**vault.unseal(follower.secrets, follower.pk))
    except vault.VaultError as error:
        log.warning("follower %s: %s", follower.pk, error)
        return None
    words = json.dumps(notice.payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Job(
        parcel=one.pk,
        follower=follower.pk,
        until=notice.until,
        tries=one.tries,
        browser=browser,
        words=words,
        topic=notice.topic,
        urgent=one.urgent,
        seconds=int((notice.until - now).total_seconds()),
        pem=pem,
        public=public,
        contact=push_contact(),
    )


@transaction.atomic
def settle(done: list[tuple[Job, Outcome]], now: datetime) -> None:
    """Note what came of all of these."""
    by: dict[Came, list[Job]] = {came: [job for job, outcome in done if outcome.came is came] for came in Came}
    Follower.objects.filter(pk__in=[job.follower for job in by[Came.GONE]]).delete()
    taken = [job.follower for job in by[Came.TAKEN]]
    Follower.objects.filter(pk__in=taken).update(sent_at=now, failing_since=None)
    failed = [job.follower for job in (*by[Came.REFUSED], *by[Came.LATER])]
    Follower.objects.filter(pk__in=failed).update(failing_since=Coalesce(F("failing_since"), now))
    over = [job.parcel for job in (*by[Came.TAKEN], *by[Came.REFUSED])]
    for job, outcome in done:
        if outcome.came in (Came.LATER, Came.NOTHING):
            at = now + max(outcome.wait, wait(job.tries, urgent=job.urgent))
            if at >= job.until:
                over.append(job.parcel)
            else:
                Parcel.objects.filter(pk=job.parcel).update(next_at=at, tries=F("tries") + 1)
    Parcel.objects.filter(pk__in=over).delete()


def wait(tries: int, *, urgent: bool) -> timedelta:
    """How long after so many failures it is tried again."""
    first = FIRST_WAIT_URGENT if urgent else FIRST_WAIT
    return min(first * (1 << min(tries, 12)), LONGEST_WAIT)


def forget(now: datetime) -> int:
    """Forget the followers that were refused for too long; how many."""
    gone, _tables = Follower.objects.filter(failing_since__lt=now - FORGOTTEN).delete()
    return gone
