"""The verbs of the newsroom. A wording is never overwritten: saving a changed one makes a new version."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File as Upload
from django.db import transaction
from django.utils.translation import gettext as _

from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.clock import LOCAL
from nguon.kit.text import clean
from nguon.media import actions as media
from nguon.media import music_queries
from nguon.media.models import Source
from nguon.media.readings import queries as readings
from nguon.media.rules import Mix
from nguon.newsroom import films, pasted, pictures, queries, rules, showing, sounding
from nguon.newsroom.errors import Closed, Conflict, NewsroomError, NotReady, Unfit, told
from nguon.newsroom.models import Bulletin, PriorityClass, Version
from nguon.newsroom.rules import Draft
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right
from nguon.review import actions as reviews
from nguon.review.models import Review
from nguon.review.models import State as ReviewState

__all__ = ["Closed", "Conflict", "Details", "NewsroomError", "NotReady", "Sound", "Unfit"]


@dataclass(frozen=True)
class Details:
    """What is known of a bulletin besides its wording."""

    place_id: UUID
    category: str
    priority: str = PriorityClass.ORDINARY
    office_id: UUID | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True)
class Sound:
    """An audio file to be used instead of a voice; `source` is upload or recording."""

    file: "Upload[Any]"
    source: str = Source.UPLOAD


def save(
    *,
    bulletin: Bulletin | None,
    seen: int,
    draft: Draft,
    details: Details,
    sound: Sound | None = None,
    hear: bool = False,
    reread: bool = False,
    actor: Person,
    now: datetime,
) -> Version:
    """What the editor's page does: create or save, with the sound if one was given, and ask for audio if `hear`.

    `reread`: a reading was corrected in the page, so that what is under review or approved is not to stand.

    The file is taken in before the transaction, as it may be large; files are kept by their hash, so one that no
    version uses in the end harms nothing. Raises NewsroomError and its kinds, Forbidden, media's MediaError.
    """
    scope.require(actor, Right.WRITE, details.place_id)
    fit(replace(draft, sound="given") if sound else draft)
    rendition = None
    if sound is not None:
        check_music(draft.mix, details.place_id, now, unless=Mix.of(queries.newest(bulletin).mix) if bulletin else None)
        rendition = media.request_upload(upload=sound.file, source=sound.source, now=now, mix=draft.mix)
        draft = replace(draft, sound=rendition.original_id or "")
    with transaction.atomic():
        if bulletin is None:
            version = create(draft=draft, details=details, actor=actor, now=now)
        else:
            version = save_version(
                bulletin=bulletin, seen=seen, draft=draft, details=details, reread=reread, actor=actor, now=now
            )
        if rendition is not None:
            sounding.attach(version, rendition, now)
        if hear:
            sounding.hear(bulletin=version.bulletin, actor=actor, now=now)
    return version


@transaction.atomic
def create(*, draft: Draft, details: Details, actor: Person, now: datetime) -> Version:
    """A new bulletin with its first version. Raises Unfit, Forbidden."""
    kept = _with_readings(fit(draft), details.place_id, now)
    check_details(details, now)
    check_music(kept.mix, details.place_id, now)
    scope.require(actor, Right.WRITE, details.place_id)
    bulletin = Bulletin(author=actor, language=kept.language, created_at=now, updated_at=now, **asdict(details))
    bulletin.save()
    version = _add_version(bulletin, 1, kept, actor, now)
    _record("newsroom.create", bulletin, actor, now, {"version": 1, "title": kept.title, "text": version.text_hash})
    return version


@transaction.atomic
def save_version(
    *,
    bulletin: Bulletin,
    seen: int,
    draft: Draft,
    details: Details,
    reread: bool = False,
    actor: Person,
    now: datetime,
) -> Version:
    """Save what was edited from version number `seen`; the newest version comes back, a new one if words changed.

    A new one too if the readings of the place changed since, so that it sounds otherwise; but what is under review or
    approved keeps its own readings unless `reread`. A change takes back an open submission and makes an approval count
    no more.
    Raises Conflict if somebody saved another wording meanwhile, Unfit, Closed, Forbidden.
    """
    bulletin = queries.locked(bulletin)
    scope.require(actor, Right.WRITE, bulletin.place_id)
    scope.require(actor, Right.WRITE, details.place_id)
    kept, current = fit(draft), queries.newest(bulletin)
    if bulletin.withdrawn_at is not None:
        raise Closed(_("Bản tin đã rút, không sửa được nữa. Hãy soạn bản tin mới."))
    old = queries.readings(current)
    same = rules.text_hash(replace(kept, readings=old)) == current.text_hash
    if current.number != seen and not same:
        raise Conflict(current)
    check_details(details, now, unless=bulletin.valid_to)
    check_music(kept.mix, details.place_id, now, unless=Mix.of(current.mix))
    weighty = _change_details(bulletin, details, current, actor, now)
    if reread or weighty or not (same and queries.under_decision(current)):
        kept = _with_readings(kept, details.place_id, now)
        same = same and kept.readings == old
    if same:
        if weighty:
            void(current, actor, now)
        return current
    void(current, actor, now)
    version = _add_version(bulletin, current.number + 1, kept, actor, now)
    if kept.sound and kept.sound == (current.sound_id or ""):
        sounding.carry(current, version, now)
    after = {"version": version.number, "title": kept.title, "text": version.text_hash}
    _record("newsroom.save", bulletin, actor, now, after, {"version": current.number, "text": current.text_hash})
    return version


@transaction.atomic
def submit(*, bulletin: Bulletin, seen: int, actor: Person, now: datetime) -> Review:
    """Ask for approval of version number `seen`, which must be the newest and have its audio and its film.

    Raises Conflict, NotReady, Closed, Forbidden, ReviewError.
    """
    bulletin = queries.locked(bulletin)
    scope.require(actor, Right.WRITE, bulletin.place_id)
    version = queries.newest(bulletin)
    if bulletin.withdrawn_at is not None:
        raise Closed(_("Bản tin đã rút, không gửi duyệt được."))
    if bulletin.valid_to is not None and bulletin.valid_to <= now:
        raise Closed(_("Bản tin đã hết hạn. Hãy sửa thời hạn rồi gửi duyệt."))
    if version.number != seen:
        raise Conflict(version)
    sha256 = queries.sha256(version)
    if sha256 is None:
        raise NotReady(_("Chưa có âm thanh của phiên bản mới nhất. Hãy bấm “Nghe thử” và nghe trước khi gửi duyệt."))
    if queries.approval(version) is not None:
        raise NewsroomError(_("Bản tin này đã được duyệt."))
    if lacking := films.lacks(version):
        raise NotReady(lacking)
    showing.pages(version, now)  # who approves sees them
    review = reviews.submit(
        subject=rules.subject(version.pk),
        title=version.title,
        place_id=bulletin.place_id,
        text_hash=version.text_hash,
        media_hash=sha256,
        author=version.created_by,
        actor=actor,
        now=now,
    )
    Version.objects.filter(pk=version.pk).update(review=review)
    _touch(bulletin, now)
    return review


@transaction.atomic
def withdraw(*, bulletin: Bulletin, reason: str, actor: Person, now: datetime) -> Bulletin:
    """Take a bulletin back for good, before or after approval. What is on the air is stopped by the programme.

    Raises NewsroomError without a reason, Closed if it was withdrawn already, Forbidden.
    """
    bulletin = queries.locked(bulletin)
    if not any(scope.may(actor, right, bulletin.place_id) for right in (Right.WRITE, Right.APPROVE)):
        raise scope.Forbidden(_("Bạn không có quyền rút bản tin ở địa bàn này."))
    if bulletin.withdrawn_at is not None:
        raise Closed(_("Bản tin này đã được rút trước đó."))
    kept = clean(reason)
    if not rules.speakable(kept) or len(kept) > 400:
        raise Unfit({"reason": _("Hãy ghi lý do rút bản tin, nhiều nhất 400 ký tự.")})
    void(queries.newest(bulletin), actor, now, reason=kept)
    bulletin.withdrawn_at, bulletin.withdrawn_reason, bulletin.updated_at = now, kept, now
    bulletin.save(update_fields=["withdrawn_at", "withdrawn_reason", "updated_at"])
    _record("newsroom.withdraw", bulletin, actor, now, {"reason": kept})
    return bulletin


@transaction.atomic
def speak_again(*, bulletin: Bulletin, actor: Person, now: datetime) -> Version:
    """Have the newest version spoken with the voice that was asked for, where another stood in for it.

    It is another sound: an open submission is taken back and an approval counts no more, as after an edit. What was
    approved before stays as it was heard. Raises NewsroomError if no other voice stood in, Closed, Forbidden.
    """
    bulletin = queries.locked(bulletin)
    scope.require(actor, Right.WRITE, bulletin.place_id)
    if bulletin.withdrawn_at is not None:
        raise Closed(_("Bản tin đã rút, không tạo âm thanh được nữa."))
    version = queries.newest(bulletin)
    stood_in = version.variants.exclude(rendition=None).exclude(rendition__spoken_by="")
    found = list(stood_in.values_list("rendition_id", "channel"))
    if not found:
        raise NewsroomError(_("Bản tin đã được đọc bằng giọng đã chọn."))
    void(version, actor, now, reason=_("đọc lại bằng giọng đã chọn"))
    for rendition_id, channel in found:
        sounding.attach(version, media.speak_again(rendition_id=rendition_id, now=now), now, channel)
    _record("newsroom.speak-again", bulletin, actor, now, {"version": version.number, "title": version.title})
    return version


def fit(draft: Draft) -> Draft:
    """The draft as it will be kept, with pasted HTML made plain. Raises Unfit with a message for each field."""
    limit = settings.NGUON_MAX_TEXT
    small = len(draft.body) <= 10 * limit  # markup is at most about that much of a pasted page
    kept = rules.tidy(draft, pasted.plain(draft.body) if small else draft.body)
    if found := rules.problems(kept, limit):
        raise Unfit(told(found, title=len(kept.title), body=len(kept.body), limit=limit))
    return kept


def check_details(details: Details, now: datetime, unless: datetime | None = None) -> None:
    """Nothing if the details can be kept; `unless` is an end of validity that stood before and may stay.

    Raises Unfit.
    """
    wrong = {}
    if details.priority == PriorityClass.EMERGENCY:
        wrong["priority"] = _("Tin khẩn cấp không soạn ở đây mà ở phần cảnh báo khẩn.")
    if details.valid_to is not None and details.valid_to != unless and details.valid_to <= now:
        wrong["valid_to"] = _("Hạn hiệu lực đã qua.")
    if details.valid_to is not None and details.valid_from is not None and details.valid_to <= details.valid_from:
        wrong["valid_to"] = _("Hạn hiệu lực phải sau ngày bắt đầu.")
    if wrong:
        raise Unfit(wrong)


def check_music(mix: Mix, place_id: UUID, now: datetime, unless: Mix | None = None) -> None:
    """Nothing if the place may use this music; what the wording had before (`unless`) may stay. Raises Unfit."""
    had = unless.as_json() if unless else {}
    new = {use: sha256 for use, sha256 in mix.as_json().items() if had.get(use) != sha256}
    usable = music_queries.files([place_id], now.astimezone(LOCAL).date()) if new else {}
    wrong = [use for use, sha256 in new.items() if sha256 not in usable[music_queries.KINDS[use]]]
    if wrong:
        raise Unfit({use: _("Đơn vị ban hành không có nhạc này. Hãy chọn nhạc khác hoặc không dùng.") for use in wrong})


def void(version: Version, actor: Person, now: datetime, reason: str = "") -> None:
    """Make the open or approved review of a version count no more. Nothing if there is none."""
    review = version.review
    if review is not None and review.state in (ReviewState.SUBMITTED, ReviewState.APPROVED):
        reviews.withdraw(review=review, reason=reason or _("có phiên bản mới"), actor=actor, now=now)


def _change_details(bulletin: Bulletin, details: Details, current: Version, actor: Person, now: datetime) -> bool:
    """Keep changed details. True if an approval would not cover them: the class, the place, the time of validity."""
    before = {name: getattr(bulletin, name) for name in asdict(details)}
    changed = {name: value for name, value in asdict(details).items() if value != before[name]}
    if not changed:
        return False
    review = current.review
    if "priority" in changed and review is not None and review.state == ReviewState.APPROVED:
        raise Unfit({"priority": _("Loại tin không đổi được sau khi đã duyệt.")})
    for name, value in changed.items():
        setattr(bulletin, name, value)
    bulletin.updated_at = now
    bulletin.save(update_fields=[*changed, "updated_at"])
    old = {name: _plain(before[name]) for name in changed}
    _record("newsroom.details", bulletin, actor, now, {name: _plain(value) for name, value in changed.items()}, old)
    return bool(changed.keys() & rules.WEIGHTY)


def _with_readings(draft: Draft, place_id: UUID, now: datetime) -> Draft:
    """The draft with the readings it calls for; a recording is not read."""
    if draft.sound:
        return replace(draft, readings=())
    return replace(draft, readings=readings.for_text(place_id, draft.body, clock.local_day(now)))


def _add_version(bulletin: Bulletin, number: int, draft: Draft, actor: Person, now: datetime) -> Version:
    version = Version.objects.create(
        bulletin=bulletin,
        number=number,
        title=draft.title,
        body=draft.body,
        folded=rules.folded(draft),
        voice=draft.voice,
        rate=draft.rate,
        repeat=draft.repeat,
        sound_id=draft.sound or None,
        mix=draft.mix.as_json(),
        readings=[list(one) for one in draft.readings],
        link_url=draft.link_url,
        link_label=draft.link_label,
        film_id=draft.film or None,
        film_alt=draft.film_alt if draft.film else "",
        text_hash=rules.text_hash(draft),
        created_by=actor,
        created_at=now,
    )
    pictures.attach(version, draft.pictures)
    bulletin.current, bulletin.language, bulletin.updated_at = version, draft.language, now
    bulletin.save(update_fields=["current", "language", "updated_at"])
    return version


def _touch(bulletin: Bulletin, now: datetime) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(updated_at=now)


def _plain(value: object) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, datetime) else str(value)


def _record(
    verb: str,
    bulletin: Bulletin,
    actor: Person,
    now: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    named = f"newsroom.bulletin:{bulletin.pk.hex}"
    record(actor=actor, verb=verb, subject=named, now=now, place=bulletin.place_id, before=before, after=after)
