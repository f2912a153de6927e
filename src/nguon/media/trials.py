"""The verbs of trying voices: some of them on one sentence side by side, or one account by itself.

A trial is a rendition that one voice alone makes. It is paid for like any other, and kept: the same voice of the same
account on the same sentence is not asked twice for a comparison.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nguon.kit import ids
from nguon.media import actions, voice_sources, voices
from nguon.media.accounts import require
from nguon.media.chain import Passed
from nguon.media.errors import MediaError
from nguon.media.models import Rendition, State, VoiceAccount, VoiceTrial
from nguon.media.voices import Source
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

LONGEST = 400  # characters of a sentence to compare by
MOST = 6  # voices at once
RATE = 210  # syllables a minute


@transaction.atomic
def compare(*, place_id: UUID, text: str, names: Sequence[str], actor: Person, now: datetime) -> UUID:
    """Have some voices (`plug/voice`) of a place say a text; the id of the batch comes back.

    For those who write there, and for its administrators. Raises MediaError, Forbidden.
    """
    if not any(scope.may(actor, right, place_id) for right in (Right.WRITE, Right.PEOPLE)):
        raise scope.forbidden()
    chosen = list(dict.fromkeys(names))
    if not chosen:
        raise MediaError(_("Hãy chọn ít nhất một giọng."))
    if len(chosen) > MOST:
        raise MediaError(_("Mỗi lần so sánh nhiều nhất %(most)d giọng.") % {"most": MOST})
    there = voice_sources.sources(place_id, now)
    batch = ids.new()
    for name in chosen:
        source = _best(there, name)
        if source is None:
            raise MediaError(_("Địa bàn này không có giọng đó."))
        _ask(batch, place_id, source, name, text, actor, now)
    return batch


@transaction.atomic
def try_account(*, account: VoiceAccount, voice: str, text: str, actor: Person, now: datetime) -> VoiceTrial:
    """Have one voice of an account say a text now, whatever was said before, even if it is off or resting.

    For the administrators of its place. Raises MediaError, Forbidden.
    """
    require(actor, account.place_id, now)
    source = voices.of_account(account)
    known = [each.id for each in source.voices]
    if source.passed in (Passed.LOCKED, Passed.BROKEN) or voice not in known:
        raise MediaError(_("Tài khoản này chưa đọc được. Hãy xem lại khóa và các mục khác của tài khoản."))
    batch = ids.new()
    return _ask(batch, account.place_id, source, f"{source.key}/{voice}", text, actor, now, salt=batch.hex)


def _ask(
    batch: UUID, place_id: UUID, source: Source, name: str, text: str, actor: Person, now: datetime, salt: str = ""
) -> VoiceTrial:
    if len(text) > LONGEST:
        raise MediaError(_("Câu nghe thử dài nhất %(most)d chữ cái. Hãy rút ngắn.") % {"most": LONGEST})
    who = f"{source.account.pk.hex} {source.account.updated_at.isoformat()}" if source.account else ""
    rendition = actions.request_trial(voice=name, rate=RATE, text=text, salt=f"{who} {salt}".strip(), now=now)
    return VoiceTrial.objects.create(
        batch=batch,
        place_id=place_id,
        text=text,
        account=source.account,
        rendition=rendition,
        took_ms=_known(rendition),
        asked_by=actor,
        created_at=now,
    )


def _known(rendition: Rendition) -> int | None:
    """How long it took when it was made, if it was made before."""
    if rendition.state != State.READY:
        return None
    return VoiceTrial.objects.filter(rendition=rendition).values_list("took_ms", flat=True).first()


def _best(found: Sequence[Source], name: str) -> Source | None:
    """Who would speak with this voice: the first that may be asked, else the first that has it at all."""
    having = [one for one in found if voice_sources.offers([one], name)]
    return next((one for one in having if one.passed is None), having[0] if having else None)
