"""Against floods, without a foreign captcha: how many come from where, the same words again, a proof of work.

What looks like a flood is held, with the reason, and never refused, up to a number that no people reach. So a thousand
posts neither hide a real one nor lose it. Behind a proxy that does not say for whom it asks, nobody has an address.
"""

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from nguon.feedback import poles
from nguon.feedback.errors import Wait
from nguon.feedback.models import Arrival, Case, Held, Spent
from nguon.feedback.telling import Told
from nguon.kit import clock
from nguon.kit.text import clean, fold
from nguon.people import tries
from nguon.people.tries import Door

TRAP = "website"  # the name of the field that no person sees
BITS = 16  # leading zero bits: 65,536 tries on average, a fraction of a second on an old telephone
LASTS = timedelta(hours=3)  # a challenge: people write slowly
KEPT = timedelta(days=2)

A_WHILE, AN_HOUR, A_DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
FROM_ONE = 5  # in a while from one address: a family; more are held unless each is proved
FROM_ONE_PROVED = 30  # an hour: an office that everybody behind one address tells something
FROM_ONE_MOST = 2000  # an hour: more are refused
IN_ALL = 60  # in a while, without those held: it is busy, and only what is proved is not held
IN_ALL_MOST = 10_000  # an hour, held and not held each for itself: more are refused
SAME = 3  # as many with the very same words in a day are people; more are held
NEARLY = 92.0  # of 100: words that are all but the same
COMPARED = 60  # of the latest cases

LOOK_UPS = 6  # wrong digits for one code before one waits
LOOK_UPS_FROM_ONE = 30  # and from one address
SALT = "nguon.feedback.challenge"


@dataclass(frozen=True)
class Challenge:
    """What a browser has to answer: a nonce so that SHA-256 of `token:nonce` (UTF-8) begins with `bits` zero bits."""

    token: str
    bits: int


def challenge(now: datetime) -> Challenge:
    """A new one, signed; it counts once and for LASTS."""
    said = {"id": secrets.token_hex(16), "at": clock.ms(now), "bits": BITS}
    return Challenge(signing.dumps(said, salt=SALT), BITS)


def proved(token: str, nonce: str, now: datetime) -> bool:
    """Whether this answers a challenge of ours, in time, for the first time. It counts from then on."""
    try:
        said = signing.loads(token, salt=SALT)
        begun, bits, name = clock.from_ms(said["at"]), int(said["bits"]), str(said["id"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return False
    if not timedelta() <= now - begun <= LASTS or len(nonce) > 40 or zero_bits(token, nonce) < bits:
        return False
    try:
        with transaction.atomic():
            Spent.objects.create(challenge=name, at=now)
    except IntegrityError:
        return False
    return True


def zero_bits(token: str, nonce: str) -> int:
    """How many zero bits the hash of an answer begins with."""
    digest = hashlib.sha256(f"{token}:{nonce}".encode()).digest()
    return 256 - int.from_bytes(digest).bit_length()


def within_measure(told: Told, now: datetime) -> None:
    """Nothing, if one more may come. Raises Wait past all measure. Asked before anything costly is done for it."""
    origin, recent = origin_of(told.origin), Arrival.objects.filter(at__gt=now - AN_HOUR)
    if origin and recent.filter(origin=origin).count() >= FROM_ONE_MOST:
        raise _too_many()


def looked_at(told: Told, now: datetime) -> str:
    """Why what was told is to be held (`Held`); empty: it is not. It is remembered, and its proof is spent.

    Raises Wait past all measure.
    """
    origin, words = origin_of(told.origin), hashed(told)
    token, _colon, nonce = told.proof.rpartition(":")
    why = _why(told, origin, words, now, proof=bool(token) and proved(token, nonce, now))
    if _count(now - AN_HOUR, held=bool(why)) >= IN_ALL_MOST:
        raise _too_many()
    Arrival.objects.create(origin=origin, words=words, at=now)
    return why


def hashed(told: Told) -> str:
    """The hash by which the very same words are counted: of one place, and of one device there."""
    device = told.device_id.hex if told.device_id else ""
    return hashlib.sha256(f"{told.place_id.hex}\n{device}\n{_plain(told.words)}".encode()).hexdigest()


def origin_of(address: str) -> str:
    """The hash by which an address is counted; empty for none, and for this machine's own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    if isinstance(found, ipaddress.IPv6Address):  # whoever has one of these has all of its /64
        found = ipaddress.ip_network((found, 64), strict=False).network_address
    return salted_hmac("nguon.feedback.origin", str(found), algorithm="sha256").hexdigest()


def forget(now: datetime) -> None:
    """Throw away what is older than KEPT."""
    Arrival.objects.filter(at__lt=now - KEPT).delete()
    Spent.objects.filter(at__lt=now - KEPT).delete()


def doors(code: str, address: str) -> tuple[Door, ...]:
    """Where wrong digits for a code are counted: at the code, and at the address they come from."""
    found = [Door(_key("code", code), LOOK_UPS)]
    if origin := origin_of(address):
        found.append(Door(_key("origin", origin), LOOK_UPS_FROM_ONE))
    return tuple(found)


def wait_at(at: tuple[Door, ...], now: datetime) -> None:
    """Nothing, if one may try. Raises Wait with how long is left."""
    if left := tries.waiting(at, now):
        minutes = max(1, -(-int(left.total_seconds()) // 60))
        raise Wait(_("Nhập sai nhiều lần. Hãy đợi %(minutes)d phút rồi thử lại.") % {"minutes": minutes})


def _why(told: Told, origin: str, words: str, now: datetime, *, proof: bool) -> str:
    lately = Arrival.objects.filter(origin=origin, at__gt=now - A_WHILE)
    from_one = Arrival.objects.filter(origin=origin, at__gt=now - AN_HOUR).count() if origin else 0
    if told.trap:
        return Held.TRAP
    if not _quick(told) and _said_before(told, words, now):
        return Held.SAME_WORDS
    if from_one >= FROM_ONE_PROVED:
        return Held.ORIGIN
    if origin and not proof and lately.count() >= FROM_ONE:
        return Held.ORIGIN
    if not proof and _count(now - A_WHILE, held=False) >= IN_ALL:
        return Held.NO_PROOF
    return ""


def _quick(told: Told) -> bool:
    """Whether it is what a pole offers by one press: many people say just that, and mean it."""
    quick = {_plain(str(words)) for words, _field in poles.QUICK.values()}
    return told.device_id is not None and _plain(told.words) in quick


def _said_before(told: Told, words: str, now: datetime) -> bool:
    same = Arrival.objects.filter(words=words, at__gt=now - A_DAY).count()
    return same >= SAME or _nearly_the_same(told.words, now)


def _count(since: datetime, *, held: bool) -> int:
    """How many came since then without signing in, held or not: what is held makes it no harder for the others."""
    found = Case.objects.filter(received_at__gt=since, created_by=None, posted=None)
    return (found.exclude(held="") if held else found.filter(held="")).count()


def _too_many() -> Wait:
    return Wait(_("Máy chủ đang nhận quá nhiều phản ánh. Hãy gửi lại sau một giờ, hoặc gọi điện nếu việc gấp."))


def _nearly_the_same(words: str, now: datetime) -> bool:
    """Whether several of the latest cases say all but the same: a flood that changes a word each time."""
    plain = _plain(words)
    latest = Case.objects.filter(received_at__gt=now - AN_HOUR, created_by=None, posted=None).order_by("-received_at")
    texts = latest.values_list("folded", flat=True)[:COMPARED]
    alike = sum(fuzz.ratio(plain, " ".join(text.split()), score_cutoff=NEARLY) > 0 for text in texts)
    return alike >= SAME


def _plain(words: str) -> str:
    return " ".join(fold(clean(words)).split())


def _key(*parts: str) -> str:
    return salted_hmac("nguon.feedback.look-up", "\n".join(parts), algorithm="sha256").hexdigest()
