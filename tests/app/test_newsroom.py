"""Writing: versions, conflicts, states, and what a change does to an approval."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from nguon.journal.models import Entry
from nguon.media.models import State as Rendering
from nguon.newsroom import actions, queries
from nguon.newsroom.actions import Closed, Conflict, NotReady, Unfit
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import Change, State
from nguon.people.scope import Forbidden
from nguon.review import actions as reviews
from nguon.review.models import State as ReviewState
from tests.app.desk import NOTICE, Desk, make_desk, sounding

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_a_bulletin_begins_as_a_draft_with_one_version(desk: Desk) -> None:
    bulletin = desk.written()
    version = queries.newest(bulletin)
    assert (version.number, version.title, desk.state(bulletin)) == (1, "Lịch cắt điện ngày 25/11", State.DRAFT)
    assert Entry.objects.get(verb="newsroom.create").after["text"] == version.text_hash


def test_saving_the_same_words_makes_no_version(desk: Desk) -> None:
    bulletin = desk.written()
    assert desk.edit(bulletin, 1).number == 1
    assert desk.edit(bulletin, 1, body=unicodedata.normalize("NFD", NOTICE) + "\r\n\x00").number == 1
    assert desk.edit(bulletin, 1, body=NOTICE + "\nHết.").number == 2
    assert Version.objects.filter(bulletin=bulletin).count() == 2


def test_of_two_editors_neither_loses_a_word(desk: Desk) -> None:
    bulletin = desk.written()
    desk.edit(bulletin, 1, title="Bản của Hoa")
    with pytest.raises(Conflict, match="Nguyễn Thị Hoa") as caught:
        desk.edit(bulletin, 1, actor=desk.both, title="Bản của Chánh")
    assert caught.value.theirs.title == "Bản của Hoa"
    assert desk.edit(bulletin, 2, actor=desk.both, title="Bản của Chánh").number == 3
    titles = list(Version.objects.filter(bulletin=bulletin).order_by("number").values_list("title", flat=True))
    assert titles == ["Lịch cắt điện ngày 25/11", "Bản của Hoa", "Bản của Chánh"]


def test_the_same_change_made_twice_is_no_conflict(desk: Desk) -> None:
    bulletin = desk.written()
    desk.edit(bulletin, 1, title="Tên mới")
    assert desk.edit(bulletin, 1, actor=desk.both, title="Tên mới").number == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "đặt tên"),
        ({"title": "x" * 301}, "title", "301 ký tự, nhiều nhất là 300"),
        ({"body": ""}, "body", "Chưa có nội dung"),
        ({"body": "\x01\x02\u200b"}, "body", "Chưa có nội dung"),
        ({"body": "<p> </p><script>alert(1)</script>"}, "body", "Chưa có nội dung"),
        ({"body": "?!… — 😀"}, "body", "chưa có chữ nào đọc được"),
        ({"body": "chữ " * 262_144}, "body", "1.048.575 ký tự, nhiều nhất là 30.000"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(
    desk: Desk, changes: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(Unfit) as caught:
        actions.create(draft=desk.draft(**changes), details=desk.details(), actor=desk.editor, now=desk.now)
    assert words in caught.value.fields[field]
    assert not Bulletin.objects.exists()


def test_details_that_cannot_be(desk: Desk) -> None:
    hour = timedelta(hours=1)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"valid_to": desk.now - hour}, "valid_to"),
        ({"valid_from": desk.now + 2 * hour, "valid_to": desk.now + hour}, "valid_to"),
        ({"priority": "emergency"}, "priority"),
    ]
    for details, field in cases:
        with pytest.raises(Unfit) as caught:
            desk.written(**details)
        assert field in caught.value.fields


def test_markup_is_kept_as_plain_words(desk: Desk) -> None:
    version = actions.create(
        draft=desk.draft(body="<p>Kính gửi <b>bà con</b></p><p>Thôn Quảng Vân</p>"),
        details=desk.details(),
        actor=desk.editor,
        now=desk.now,
    )
    assert version.body == "Kính gửi bà con\nThôn Quảng Vân"


def test_only_an_editor_of_the_place_writes(desk: Desk) -> None:
    bulletin = desk.heard()
    for person in (desk.approver, desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            desk.written(actor=person)
        with pytest.raises(Forbidden):
            desk.edit(bulletin, 1, actor=person, title="Tên khác")
        with pytest.raises(Forbidden):
            actions.submit(bulletin=bulletin, seen=1, actor=person, now=desk.now)
    with pytest.raises(Forbidden):
        actions.save_version(
            bulletin=bulletin,
            seen=1,
            draft=desk.draft(),
            details=desk.details(place_id=desk.there.pk),
            actor=desk.editor,
            now=desk.now,
        )


def test_without_the_newest_audio_nothing_is_submitted(desk: Desk) -> None:
    bulletin = desk.written()
    with pytest.raises(NotReady):
        actions.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=desk.now)
    sounding(queries.newest(bulletin), desk.now, Rendering.WORKING)
    assert desk.state(bulletin) == State.RENDERING
    with pytest.raises(NotReady):
        actions.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=desk.now)
    desk.heard(bulletin)
    assert desk.state(bulletin) == State.HEARD
    desk.edit(bulletin, 1, title="Tên mới")
    with pytest.raises(Conflict):
        actions.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=desk.now)
    with pytest.raises(NotReady):
        actions.submit(bulletin=bulletin, seen=2, actor=desk.editor, now=desk.now)


def test_the_whole_way_through_the_states(desk: Desk) -> None:
    bulletin = desk.waiting()
    assert desk.state(bulletin) == State.WAITING
    review = queries.newest(bulletin).review
    assert review is not None
    reviews.return_(review=review, reason="Sai giờ", actor=desk.approver, now=desk.now)
    assert desk.state(bulletin) == State.RETURNED
    assert list(queries.returned_to(desk.editor, desk.now)) == [bulletin]
    desk.edit(bulletin, 1, body=NOTICE.replace("11 giờ 30", "10 giờ 30"))
    assert desk.state(bulletin) == State.DRAFT
    desk.approved(bulletin)
    assert desk.state(bulletin) == State.APPROVED
    actions.withdraw(bulletin=bulletin, reason="Điện lực đổi lịch", actor=desk.editor, now=desk.now)
    assert desk.state(bulletin) == State.WITHDRAWN


def test_an_approved_bulletin_that_is_edited_is_approved_no_more(desk: Desk) -> None:
    bulletin = desk.approved()
    old = queries.newest(bulletin)
    assert queries.approval(old) is not None
    new = desk.edit(bulletin, 1, body=NOTICE + "\nThêm một câu.")
    assert queries.approval(new) is None
    assert queries.approval(old) is None
    assert desk.state(bulletin) == State.DRAFT
    assert queries.newest(desk.heard(bulletin)).number == 2
    assert desk.state(bulletin) == State.HEARD


def test_audio_made_anew_needs_a_new_approval(desk: Desk) -> None:
    bulletin = desk.approved()
    sounding(queries.newest(bulletin), desk.now, seed="again")
    assert desk.state(bulletin) == State.HEARD
    assert queries.approval(queries.newest(bulletin)) is None


def test_the_class_stands_after_approval_and_a_new_end_needs_a_new_one(desk: Desk) -> None:
    bulletin = desk.approved()

    def save(**details: object) -> Version:
        changed = desk.details(**details)
        return actions.save_version(
            bulletin=bulletin, seen=1, draft=desk.draft(), details=changed, actor=desk.editor, now=desk.now
        )

    with pytest.raises(Unfit, match="không đổi được"):
        save(priority="priority")
    save(category="security")
    assert desk.state(bulletin) == State.APPROVED
    save(category="security", valid_to=desk.now + timedelta(days=365))
    assert desk.state(bulletin) == State.HEARD


def test_an_expired_bulletin_is_not_submitted_until_its_time_is_changed(desk: Desk) -> None:
    bulletin = desk.heard(valid_to=desk.now + timedelta(hours=1))
    later = desk.now + timedelta(hours=2)
    assert desk.state(bulletin, later) == State.EXPIRED
    with pytest.raises(Closed, match="hết hạn"):
        actions.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=later)


def test_withdrawing_needs_a_reason_and_is_final(desk: Desk) -> None:
    bulletin = desk.approved()
    for reason in ("", " ", "…", "x" * 401):
        with pytest.raises(Unfit):
            actions.withdraw(bulletin=bulletin, reason=reason, actor=desk.approver, now=desk.now)
    for person in (desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            actions.withdraw(bulletin=bulletin, reason="Nhầm", actor=person, now=desk.now)
    actions.withdraw(bulletin=bulletin, reason="Nhầm ngày", actor=desk.approver, now=desk.now)
    review = queries.newest(bulletin).review
    assert review is not None
    assert (review.state, review.reason) == (ReviewState.WITHDRAWN, "Nhầm ngày")
    with pytest.raises(Closed):
        actions.withdraw(bulletin=bulletin, reason="Lần nữa", actor=desk.editor, now=desk.now)
    with pytest.raises(Closed):
        desk.edit(bulletin, 1, title="Tên khác")
    with pytest.raises(Closed):
        actions.submit(bulletin=bulletin, seen=1, actor=desk.editor, now=desk.now)


def test_the_approver_sees_what_changed_since_the_last_decision(desk: Desk) -> None:
    bulletin = desk.waiting()
    review = queries.newest(bulletin).review
    assert review is not None
    reviews.return_(review=review, reason="Sai giờ", actor=desk.approver, now=desk.now)
    desk.edit(bulletin, 1, body=NOTICE.replace("11 giờ 30", "10 giờ 30"))
    desk.edit(bulletin, 2, body=NOTICE.replace("11 giờ 30", "10 giờ 45"))
    found = queries.since_decision(queries.newest(bulletin))
    assert found is not None
    assert found.decided is not None
    assert (found.earlier.number, found.decided.reason) == (1, "Sai giờ")
    changed = [run.text.strip() for run in found.body if run.change is not Change.SAME]
    assert changed == ["11", "10", "30", "45"]
    assert [step.version.number for step in queries.history(bulletin)] == [3, 2, 1]


def test_searching_and_filters(desk: Desk) -> None:
    one = desk.written(category="security")
    two = desk.waiting(desk.written(actor=desk.both))

    def found(**asked: object) -> set[Bulletin]:
        return set(queries.found(desk.editor, desk.now, **asked))  # type: ignore[arg-type]

    assert found() == {one, two}
    assert found(text="DIEN luc tuy phuoc") == {one, two}
    assert found(text="Điện lực xe máy") == set()
    assert found(text="%") == set()
    assert found(state="waiting") == {two}
    assert found(category="security") == {one}
    assert found(mine=True) == {one}
    assert not queries.found(desk.neighbour, desk.now).exists()
    assert not queries.found(desk.stranger, desk.now).exists()


def test_the_sound_of_a_bulletin_is_heard_only_where_one_may_look(desk: Desk) -> None:
    sha256 = queries.sha256(queries.newest(desk.heard()))
    assert sha256 is not None
    for person, may in [(desk.editor, True), (desk.watcher, True), (desk.neighbour, False), (desk.stranger, False)]:
        assert queries.may_hear(person, sha256) is may
    assert not queries.may_hear(desk.editor, "0" * 64)
