"""Approving: by whom, over exactly what, and only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from nguon.journal.models import Entry
from nguon.newsroom import actions as newsroom
from nguon.newsroom import queries as bulletins
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.review import actions, queries
from nguon.review.models import Review, State
from tests.app.desk import Desk, make_desk, sounding

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def open_review(desk: Desk) -> Review:
    review = bulletins.newest(desk.waiting()).review
    assert review is not None
    return review


def approve(desk: Desk, review: Review, **changes: object) -> Review:
    seen = {"text_hash": review.text_hash, "media_hash": review.media_hash, "actor": desk.approver, "now": desk.now}
    return actions.approve(review=review, **(seen | changes))  # type: ignore[arg-type]


def test_the_approval_holds_both_hashes_and_is_in_the_journal(desk: Desk) -> None:
    review = approve(desk, open_review(desk))
    assert review.state == State.APPROVED
    assert review.decided_by == desk.approver
    assert queries.approved(review.subject, review.text_hash, review.media_hash) == review
    assert queries.approved(review.subject, "0" * 64, review.media_hash) is None
    assert queries.approved(review.subject, review.text_hash, "0" * 64) is None
    entry = Entry.objects.get(verb="review.approve")
    assert entry.after["audio"] == review.media_hash
    assert entry.actor == str(desk.approver.pk)


def test_the_author_cannot_approve_even_with_the_right(desk: Desk) -> None:
    bulletin = desk.heard(desk.written(actor=desk.both))
    review = newsroom.submit(bulletin=bulletin, seen=1, actor=desk.both, now=desk.now)
    with pytest.raises(actions.NotTheirs):
        approve(desk, review, actor=desk.both)
    review = Review.objects.get(pk=review.pk)
    assert review.state == State.SUBMITTED


def test_whoever_wrote_an_earlier_version_cannot_approve(desk: Desk) -> None:
    bulletin = desk.written(actor=desk.both)
    desk.edit(bulletin, 1, title="Lịch cắt điện, bản sửa")
    review = bulletins.newest(desk.waiting(bulletin)).review
    assert review is not None
    assert desk.both.pk not in (review.author_id, review.submitted_by_id)
    with pytest.raises(actions.NotTheirs):
        approve(desk, review, actor=desk.both)


def test_whoever_changed_class_place_or_validity_cannot_approve(desk: Desk) -> None:
    bulletin = desk.heard(desk.written())
    later = desk.details(valid_to=desk.now + timedelta(days=2))
    newsroom.save_version(bulletin=bulletin, seen=1, draft=desk.draft(), details=later, actor=desk.both, now=desk.now)
    review = newsroom.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=desk.now)
    with pytest.raises(actions.NotTheirs):
        approve(desk, review, actor=desk.both)
    assert approve(desk, review).state == State.APPROVED


def test_whoever_changed_validity_before_somebody_else_did_cannot_approve_either(desk: Desk) -> None:
    bulletin = desk.heard(desk.written())
    for days, person in ((2, desk.both), (3, desk.editor)):
        later = desk.details(valid_to=desk.now + timedelta(days=days))
        newsroom.save_version(bulletin=bulletin, seen=1, draft=desk.draft(), details=later, actor=person, now=desk.now)
    review = newsroom.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=desk.now)
    with pytest.raises(actions.NotTheirs):
        approve(desk, review, actor=desk.both)
    assert approve(desk, review).state == State.APPROVED


def test_the_database_refuses_an_author_as_approver(desk: Desk) -> None:
    review = open_review(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.APPROVED, decided_by=review.author, decided_at=desk.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.APPROVED, decided_by=None)
    Review.objects.filter(pk=review.pk).update(author=desk.watcher)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.APPROVED, decided_by=desk.editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.RETURNED, decided_by=desk.approver)


@pytest.mark.parametrize("wrong", ["text_hash", "media_hash"])
def test_what_was_not_seen_or_heard_is_not_approved(desk: Desk, wrong: str) -> None:
    review = open_review(desk)
    with pytest.raises(actions.Changed, match="Hãy nghe lại"):
        approve(desk, review, **{wrong: "0" * 64})
    review.refresh_from_db()
    assert review.state == State.SUBMITTED


def test_audio_made_anew_after_submitting_is_not_approved(desk: Desk) -> None:
    bulletin = desk.waiting()
    version = bulletins.newest(bulletin)
    assert version.review is not None
    sounding(version, desk.now, seed="again")
    with pytest.raises(actions.Changed, match="Hãy nghe lại"):
        approve(desk, version.review)
    fresh = bulletins.sha256(version)
    with pytest.raises(actions.Changed, match="gửi duyệt lại"):
        approve(desk, version.review, media_hash=fresh)


def test_an_edit_while_it_waits_takes_the_submission_back(desk: Desk) -> None:
    bulletin = desk.waiting()
    review = bulletins.newest(bulletin).review
    assert review is not None
    desk.edit(bulletin, 1, title="Tên khác")
    with pytest.raises(actions.Changed, match="đã đổi"):
        approve(desk, review)
    review.refresh_from_db()
    assert (review.state, review.reason) == (State.WITHDRAWN, "có phiên bản mới")


def test_of_two_decisions_at_once_one_stands(desk: Desk) -> None:
    review = open_review(desk)
    stale = Review.objects.get(pk=review.pk)
    approve(desk, review)
    with pytest.raises(actions.AlreadyDecided, match="Trần Văn Duyệt"):
        approve(desk, stale, actor=desk.both)
    with pytest.raises(actions.AlreadyDecided, match="được duyệt"):
        actions.return_(review=stale, reason="Sai giờ", actor=desk.both, now=desk.now)
    assert Entry.objects.filter(verb__in=["review.approve", "review.return"]).count() == 1


def test_a_return_says_why(desk: Desk) -> None:
    review = open_review(desk)
    for empty in ("", "  \n", "…", "x" * 1001):
        with pytest.raises(actions.NoReason):
            actions.return_(review=review, reason=empty, actor=desk.approver, now=desk.now)
    returned = actions.return_(review=review, reason=" Sai giờ ", actor=desk.approver, now=desk.now)
    assert (returned.state, returned.reason) == (State.RETURNED, "Sai giờ")


def test_only_an_approver_of_the_place_decides(desk: Desk) -> None:
    review = open_review(desk)
    for person in (desk.editor, desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            approve(desk, review, actor=person)
        with pytest.raises(Forbidden):
            actions.return_(review=review, reason="Sai", actor=person, now=desk.now)
    for person in (desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            actions.withdraw(review=review, reason="Sai", actor=person, now=desk.now)


def test_waiting_shows_what_the_person_may_decide_longest_first(desk: Desk) -> None:
    older = open_review(desk)
    Review.objects.filter(pk=older.pk).update(submitted_at=desk.now - timedelta(hours=1))
    newer = open_review(desk)
    assert list(queries.waiting(desk.approver)) == [older, newer]
    assert list(queries.sent(desk.editor)) == [newer, older]
    for person in (desk.editor, desk.watcher, desk.neighbour, desk.stranger):
        assert not queries.waiting(person).exists()
    approve(desk, older)
    assert list(queries.waiting(desk.approver)) == [newer]
    assert queries.lately_decided(desk.approver) == [older]


def test_the_same_thing_does_not_wait_twice(desk: Desk) -> None:
    review = open_review(desk)
    with pytest.raises(actions.AlreadyDecided, match="đang chờ"):
        actions.submit(
            subject=review.subject,
            title="x",
            place_id=desk.here.pk,
            text_hash="a",
            media_hash="b",
            author=desk.editor,
            actor=desk.editor,
            now=desk.now,
        )


@pytest.mark.django_db(transaction=True)
def test_two_approvers_in_two_threads_give_one_decision() -> None:
    desk = make_desk()
    review = open_review(desk)
    at_once = Barrier(2)

    def decide(actor: Person) -> str:
        try:
            at_once.wait(20)
            return approve(desk, Review.objects.get(pk=review.pk), actor=actor).state
        except actions.AlreadyDecided:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(decide, (desk.approver, desk.both)))
    assert answers == ["approved", "late"]
    assert Entry.objects.filter(verb="review.approve").count() == 1
