"""The verbs of the library: correct a recording, decide on two that sound alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nguon.archive import rules
from nguon.archive.errors import ArchiveError, Moved, Unfit
from nguon.archive.models import Category, Item, Pair, Recording
from nguon.journal.actions import record
from nguon.kit import clock
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Person
from nguon.people.rules import Right

__all__ = ["ArchiveError", "Details", "Moved", "Unfit", "confirm", "correct", "keep_both", "merge", "split"]
TITLE, LINE, NOTES = 300, 200, 10_000  # characters


@dataclass(frozen=True)
class Details:
    """What is known of a recording. `recorded_on` and `recorded_until` are the first and last day; both or none."""

    place_id: UUID
    title: str
    programme: str = ""
    category: str = ""
    speaker: str = ""
    recorded_on: date | None = None
    recorded_until: date | None = None
    notes: str = ""


@transaction.atomic
def correct(*, recording: Recording, details: Details, actor: Person, now: datetime) -> Recording:
    """Keep what an officer knows better. What was guessed counts as looked at. Raises Unfit, Moved, Forbidden."""
    recording = _locked(recording)
    scope.require(actor, Right.WRITE, recording.place_id)
    if details.place_id != recording.place_id:
        scope.require(actor, Right.WRITE, details.place_id)
        _free(recording, details.place_id)
    kept = _fit(details, now)
    before = {name: getattr(recording, name) for name in asdict(kept)}
    changed = {name: value for name, value in asdict(kept).items() if value != before[name]}
    if not changed and not recording.guesses:
        return recording
    for name, value in changed.items():
        setattr(recording, name, value)
    recording.guesses, recording.doubtful, recording.updated_at = {}, False, now
    words_of(recording, *recording.merged.all())
    recording.save()
    if changed:
        old = {"title": recording.title, **{name: _plain(before[name]) for name in changed}}
        new = {"title": recording.title, **{name: _plain(value) for name, value in changed.items()}}
        _record("archive.correct", recording, actor, now, new, old)
    return recording


@transaction.atomic
def confirm(*, recording: Recording, actor: Person, now: datetime) -> None:
    """What was guessed from the name is right. Raises Moved, Forbidden."""
    recording = _locked(recording)
    scope.require(actor, Right.WRITE, recording.place_id)
    if recording.guesses:
        recording.guesses, recording.doubtful, recording.updated_at = {}, False, now
        recording.save(update_fields=["guesses", "doubtful", "updated_at"])
        _record("archive.confirm", recording, actor, now, {"title": recording.title})


@transaction.atomic
def keep_both(*, pair: Pair, actor: Person, now: datetime) -> None:
    """The two stay as they are, and are not asked about again. Raises Moved, Forbidden."""
    pair = _open(pair, actor)
    _decide(pair, Pair.State.KEPT, actor, now)
    after = {"title": pair.first.title, "other": pair.second.title}
    _record("archive.keep", pair.first, actor, now, after)


@transaction.atomic
def merge(*, pair: Pair, kept: UUID, actor: Person, now: datetime) -> Recording:
    """One of the two stays in the library; the other leads to it and keeps its file. What the one lacks it gets.

    Raises Moved, Forbidden.
    """
    pair = _open(pair, actor)
    one, other = (pair.first, pair.second) if kept == pair.first_id else (pair.second, pair.first)
    if kept != one.pk:
        raise ArchiveError(_("Hãy chọn bản giữ lại."))
    filled = _fill(one, other)
    one.updated_at = other.updated_at = now
    words_of(one, other, *one.merged.all(), *other.merged.all())
    other.merged_into = one
    one.save()
    other.save(update_fields=["merged_into", "updated_at"])
    Recording.objects.filter(merged_into=other).update(merged_into=one)
    Item.objects.filter(recording=other).update(recording=one)
    _decide(pair, Pair.State.MERGED, actor, now)
    told = {name: _plain(getattr(one, name)) for name in filled}
    _record("archive.merge", one, actor, now, {"title": one.title, "other": other.title, **told})
    return one


@transaction.atomic
def split(*, recording: Recording, actor: Person, now: datetime) -> Recording:
    """Take one that was merged out again; it is as it was, and the two are not asked about again.

    Raises Moved, Forbidden.
    """
    recording = Recording.objects.select_for_update().select_related("merged_into").get(pk=recording.pk)
    one = recording.merged_into
    if one is None:
        raise Moved(_("Bản thu này đã được tách ra rồi."))
    for each in (recording, one):
        scope.require(actor, Right.WRITE, each.place_id)
    recording.merged_into, recording.updated_at = None, now
    recording.save(update_fields=["merged_into", "updated_at"])
    words_of(one, *one.merged.all())
    one.save(update_fields=["exact", "folded"])
    both = Q(first=one, second=recording) | Q(first=recording, second=one)
    Pair.objects.filter(both).update(state=Pair.State.KEPT, decided_by=actor, decided_at=now)
    _record("archive.split", recording, actor, now, {"title": recording.title, "other": one.title})
    return recording


def words_of(recording: Recording, *others: Recording) -> None:
    """Set the words to search by: of what is known, of the names it came under, and of those merged into it."""
    texts = [
        text
        for one in (recording, *others)
        for text in (one.title, one.programme, one.speaker, one.notes, one.folder, one.name)
        if text
    ]
    recording.exact, recording.folded = rules.exact(*texts), rules.folded(*texts)


def _fill(one: Recording, other: Recording) -> list[str]:
    """What the kept one does not say and the other does; the names of those fields."""
    filled = [name for name in ("programme", "category", "speaker", "notes") if not getattr(one, name)]
    filled = [name for name in filled if getattr(other, name)]
    for name in filled:
        setattr(one, name, getattr(other, name))
    if one.recorded_on is None and other.recorded_on is not None:
        one.recorded_on, one.recorded_until = other.recorded_on, other.recorded_until
        filled.append("recorded_on")
    return filled


def _locked(recording: Recording) -> Recording:
    found = Recording.objects.select_for_update().get(pk=recording.pk)
    if found.merged_into_id is not None:
        raise Moved(_("Bản thu này đã gộp vào một bản khác."))
    return found


def _open(pair: Pair, actor: Person) -> Pair:
    """The pair as stored, both recordings locked. Raises Moved, Forbidden."""
    pair = Pair.objects.select_for_update().select_related("first", "second").get(pk=pair.pk)
    for recording in (pair.first, pair.second):
        scope.require(actor, Right.WRITE, recording.place_id)
    if pair.state != Pair.State.OPEN or pair.first.merged_into_id or pair.second.merged_into_id:
        raise Moved(_("Hai bản này đã có người quyết định rồi."))
    return pair


def _decide(pair: Pair, state: Pair.State, actor: Person, now: datetime) -> None:
    pair.state, pair.decided_by, pair.decided_at = state, actor, now
    pair.save(update_fields=["state", "decided_by", "decided_at"])


def _free(recording: Recording, place_id: UUID) -> None:
    """Nothing, if the place has not got this very sound. Raises Unfit."""
    same = Recording.objects.filter(place=place_id, sound_hash=recording.sound_hash).exclude(pk=recording.pk)
    if same.exists():
        raise Unfit({"place": _("Địa bàn này đã có đúng âm thanh ấy trong kho.")})


def _fit(details: Details, now: datetime) -> Details:
    """The details as they are kept. Raises Unfit with a message for each field."""
    kept = Details(
        place_id=details.place_id,
        title=clean(details.title),
        programme=clean(details.programme),
        category=details.category,
        speaker=clean(details.speaker),
        recorded_on=details.recorded_on,
        recorded_until=details.recorded_until,
        notes=clean(details.notes),
    )
    wrong = {}
    if not kept.title:
        wrong["title"] = _("Hãy đặt tên cho bản thu.")
    for name, most in (("title", TITLE), ("programme", LINE), ("speaker", LINE), ("notes", NOTES)):
        if len(getattr(kept, name)) > most:
            wrong[name] = _("Nhiều nhất %(most)d ký tự.") % {"most": most}
    if kept.category and kept.category not in Category.values:
        wrong["category"] = _("Không có thể loại này.")
    wrong |= _wrong_days(kept.recorded_on, kept.recorded_until, clock.local_day(now))
    if wrong:
        raise Unfit(wrong)
    return kept


def _wrong_days(first: date | None, last: date | None, today: date) -> dict[str, str]:
    if (first is None) != (last is None) or (first and last and last < first):
        return {"recorded_until": _("Ngày cuối phải từ ngày đầu trở đi.")}
    if first and first > today:
        return {"recorded_on": _("Ngày thu chưa tới.")}
    return {}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _record(
    verb: str,
    recording: Recording,
    actor: Person,
    now: datetime,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    named = f"archive.recording:{recording.pk.hex}"
    record(actor=actor, verb=verb, subject=named, now=now, place=recording.place_id, before=before, after=after)
