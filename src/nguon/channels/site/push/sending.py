"""Handing one message to a push service (RFC 8030). The network alone: no database."""

import logging
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings

from nguon.channels.site.push import sealing, vapid
from nguon.channels.site.push.outbox import Came, Job, Outcome
from nguon.kit import clock
from nguon.outside import fetching
from nguon.outside.addresses import networks
from nguon.outside.fetching import FetchFailed, Limits
from nguon.portal.following import rules

WITHIN = 10.0  # seconds
ANSWER = 64 * 1024  # bytes: of an answer that nobody reads
LONGEST_ASKED = timedelta(hours=6)  # to which a push service may send us away
log = logging.getLogger(__name__)


def send(job: Job) -> Outcome:
    """Seal it and hand it over; what came of it. The address is looked at again: the settings may be others by now."""
    near = networks(settings.NGUON_LINK_NETWORKS)
    if not rules.allowed(job.browser.endpoint, rules.names(settings.NGUON_PUSH_SERVICES), near):
        return Outcome(Came.REFUSED)
    now = clock.now()
    try:
        body = sealing.sealed(job.words, rules.decoded(job.browser.p256dh), rules.decoded(job.browser.auth))
        answer = fetching.deliver(job.browser.endpoint, Limits(ANSWER, WITHIN, near), body, headers(job, now))
    except ValueError as error:
        log.warning("a push message could not be sealed: %s", error)
        return Outcome(Came.REFUSED)
    except FetchFailed as failed:
        log.info("push service %s: %s", rules.host(job.browser.endpoint), failed.fault)
        return Outcome(Came.NOTHING)
    came = judged(answer.status)
    if came not in (Came.TAKEN, Came.GONE):
        log.info("push service %s: %s", rules.host(job.browser.endpoint), answer.status)
    return Outcome(came, asked_to_wait(answer.later, now))


def headers(job: Job, now: datetime) -> dict[str, str]:
    """What stands beside the sealed bytes."""
    return {
        "Authorization": vapid.authorization(job.browser.endpoint, job.pem, job.public, job.contact, now),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(max(job.seconds, 0)),
        "Urgency": "high" if job.urgent else "normal",
        "Topic": job.topic,
    }


def judged(status: int) -> Came:
    """What a status says (RFC 8030, 5)."""
    if 200 <= status < 300:
        return Came.TAKEN
    if status in (404, 410):
        return Came.GONE
    return Came.LATER if status in (408, 425, 429) or status >= 500 else Came.REFUSED


def asked_to_wait(said: str, now: datetime) -> timedelta:
    """What `Retry-After` says: seconds or a date (RFC 9110, 10.2.3); nothing for nonsense."""
    if said.isdigit() and len(said) < 10:
        return min(timedelta(seconds=int(said)), LONGEST_ASKED)
    try:
        found = parsedate_to_datetime(said) - now
    except (TypeError, ValueError):
        return timedelta()
    return max(timedelta(), min(found, LONGEST_ASKED))
