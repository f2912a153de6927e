"""Cases: taken in, worked on, answered; who may, in what order, and what the journal keeps of it."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from PIL import Image

from nguon.feedback import actions, climbing, queries
from nguon.feedback.actions import CaseError, Forbidden, NotNow, WrongTelling
from nguon.feedback.models import Case, CaseState, Correction, Field, Reporter, Term, Wording
from nguon.journal.models import Entry
from nguon.kit.clock import LOCAL
from nguon.media import pictures
from nguon.people.rules import Right
from tests.app.told import MONDAY, Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return make_hall()


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)  # type: ignore[arg-type, misc]


def test_the_plain_path_from_telling_to_the_end(hall: Hall) -> None:
    taken = hall.taken()
    case = taken.case
    assert (case.state, case.office) == (CaseState.NEW, hall.office)
    actions.accept(case=case, words="Đã nhận.", actor=hall.clerk, now=hall.now)
    actions.assign(case=case, office=hall.power, person=hall.worker, actor=hall.clerk, now=hall.now)
    actions.begin(case=case, actor=hall.worker, now=hall.now)
    hall.answered(case)
    actions.close(case=case, actor=hall.clerk, now=hall.now)
    kept = Case.objects.get(pk=case.pk)
    assert kept.state == CaseState.CLOSED
    assert [event.state for event in kept.events.all()] == [
        "new", "accepted", "assigned", "working", "answered", "closed",
    ]  # fmt: skip
    assert kept.next_look_at is None


def test_a_case_is_found_by_its_code_and_the_end_of_the_telephone_number(hall: Hall) -> None:
    taken = hall.taken(phone="0905 123 456", consents=frozenset({"contact"}))
    assert taken.tail == "3456"
    assert taken.code.startswith("TP-26-")
    assert queries.looked_up(taken.code.lower().replace("-", " "), "3456") == taken.case
    assert queries.looked_up(taken.code, "3457") is None
    assert queries.looked_up(taken.code, "") is None
    assert "3456" not in taken.case.tail


def test_without_a_number_four_digits_are_given(hall: Hall) -> None:
    taken = hall.taken()
    assert len(taken.tail) == 4
    assert queries.looked_up(taken.code, taken.tail) == taken.case


def test_the_journal_knows_neither_what_was_told_nor_who_told_it(hall: Hall) -> None:
    said = {"name": "Lê Thị Bí Mật", "phone": "0905123456", "email": "bi.mat@example.com", "address": "Nhà số 7"}
    case = hall.case(**said, consents=frozenset({"contact"}))
    actions.assign(case=case, office=hall.office, actor=hall.clerk, now=hall.now)
    actions.ask(case=case, words="Ổ gà ở đâu?", actor=hall.clerk, now=hall.now)
    actions.supplement(case=case, words="Trước nhà tôi, 0905123456", now=hall.now)
    written = " ".join(f"{entry.before} {entry.after} {entry.actor_name}" for entry in Entry.objects.all())
    assert case.code in written
    for secret in (*said.values(), "ổ gà", "Ổ gà", "Trước nhà"):
        assert secret not in written
    assert Reporter.objects.get(case=case).name == "Lê Thị Bí Mật"


def test_nothing_of_a_reporter_is_kept_that_nobody_agreed_to(hall: Hall) -> None:
    with pytest.raises(WrongTelling) as refused:
        hall.taken(name="Lê Thị Hai")
    assert refused.value.field == "consents"
    assert not Case.objects.exists()


def test_a_consent_keeps_the_wording_that_was_shown(hall: Hall) -> None:
    Wording.objects.all().delete()
    Wording.objects.create(number=1, text="Cũ", since=hall.now - timedelta(days=9))
    Wording.objects.create(number=2, text="Nay", since=hall.now - timedelta(days=1))
    Wording.objects.create(number=3, text="Sau", since=hall.now + timedelta(days=1))
    case = hall.case(name="Hai", consents=frozenset({"contact", "publish", "other"}))
    assert {(c.purpose, c.wording.number) for c in case.consents.all()} == {("contact", 2), ("publish", 2)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " \n "}, "words"),
        ({"words": "a" * 5001}, "words"),
        ({"phone": "12", "consents": frozenset({"contact"})}, "phone"),
        ({"email": "khong-phai", "consents": frozenset({"contact"})}, "email"),
        ({"latitude": 13.8}, "latitude"),
        ({"latitude": 130.0, "longitude": 109.0}, "latitude"),
        ({"happened_at": MONDAY + timedelta(days=1)}, "happened_at"),
    ],
)
def test_what_cannot_be_taken_in_says_which_part(hall: Hall, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongTelling) as refused:
        hall.taken(**changes)
    assert refused.value.field == field
    assert str(refused.value)


def test_deadlines_of_first_data(hall: Hall) -> None:
    case = hall.case()
    assert case.accept_by == local(2026, 11, 25, 8, 0)  # 8 working hours from Monday 8:00, Tuesday is a holiday
    assert case.answer_by == local(2026, 12, 14, 17, 0)  # 20 days later is a Sunday
    urgent = hall.case(severity="urgent")
    assert urgent.accept_by == urgent.answer_by == local(2026, 11, 23, 14, 0)
    assert not Term.objects.filter(verified=True).exists()


def test_a_case_of_one_place_is_nothing_to_another(hall: Hall) -> None:
    case = hall.case()
    assert list(queries.cases(hall.clerk)) == [case]
    assert list(queries.cases(hall.chief)) == [case]
    assert not queries.cases(hall.neighbour).exists()
    with pytest.raises(Forbidden):
        actions.accept(case=case, actor=hall.neighbour, now=hall.now)
    actions.assign(case=case, office=hall.far, actor=hall.clerk, now=hall.now)
    assert list(queries.cases(hall.neighbour)) == [case]
    assert list(queries.cases(hall.neighbour, Right.CONTACTS)) == [case]


def test_of_two_officers_at_once_one_stands(hall: Hall) -> None:
    case = hall.case()
    same = Case.objects.get(pk=case.pk)
    actions.accept(case=case, actor=hall.clerk, now=hall.now)
    with pytest.raises(NotNow), transaction.atomic():
        actions.refuse(case=same, words="Không rõ việc gì.", actor=hall.worker, now=hall.now)
    assert Case.objects.get(pk=case.pk).state == CaseState.ACCEPTED
    assert case.events.count() == 2


def test_a_step_that_does_not_follow_is_refused(hall: Hall) -> None:
    case = hall.case()
    with pytest.raises(NotNow):
        actions.close(case=case, actor=hall.clerk, now=hall.now)
    with pytest.raises(NotNow):
        actions.say_content(case=case, score=5, words="", reopen=False, now=hall.now)
    with pytest.raises(CaseError):
        actions.refuse(case=case, words="  ", actor=hall.clerk, now=hall.now)


def test_the_clock_stands_while_the_reporter_is_asked(hall: Hall) -> None:
    case = hall.assigned(severity="urgent")  # due on Monday at 14:00
    asked = local(2026, 11, 23, 11, 0)
    actions.ask(case=case, words="Ở đâu?", actor=hall.clerk, now=asked)
    assert case.next_look_at == asked + climbing.SILENT_AFTER, "only to see whether they ever say it"
    actions.supplement(case=case, words="Ở cổng chợ.", now=local(2026, 11, 25, 8, 0))
    assert case.state == CaseState.WORKING
    assert case.answer_by == local(2026, 11, 25, 9, 0)  # an hour was left
    assert case.asked_at is None


def test_a_case_is_handed_back_to_the_office_of_its_place(hall: Hall) -> None:
    case = hall.case()
    actions.assign(case=case, office=hall.power, actor=hall.clerk, now=hall.now)
    actions.send_back(case=case, why="Không phải việc của điện lực.", actor=hall.worker, now=hall.now)
    assert (case.state, case.office, case.person) == (CaseState.ACCEPTED, hall.office, None)
    actions.assign(case=case, office=hall.office, actor=hall.clerk, now=hall.now)
    actions.send_back(case=case, why="Đường của tỉnh.", actor=hall.clerk, now=hall.now)
    assert case.office == hall.above


def test_several_offices_on_one_case(hall: Hall) -> None:
    case = hall.assigned()
    asked = actions.ask_office(case=case, office=hall.far, words="Đoạn bên xã bạn?", actor=hall.clerk, now=hall.now)
    assert case in queries.cases(hall.neighbour)
    actions.office_answers(asked=asked, words="Đã vá.", actor=hall.neighbour, now=hall.now)
    assert case.state == CaseState.ASSIGNED
    with pytest.raises(NotNow):
        actions.office_answers(asked=asked, words="Lần nữa.", actor=hall.neighbour, now=hall.now)


def test_duplicates_are_counted_at_the_first(hall: Hall) -> None:
    first, second, third = hall.case(), hall.case(), hall.case()
    actions.too(case=third, mark="a", now=hall.now)
    actions.mark_duplicate(case=third, of=second, actor=hall.clerk, now=hall.now)
    second.refresh_from_db()
    actions.mark_duplicate(case=second, of=first, actor=hall.clerk, now=hall.now)
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.too, third.duplicate_of, second.duplicate_of) == (3, first, first)
    with pytest.raises(CaseError):
        actions.mark_duplicate(case=first, of=third, actor=hall.clerk, now=hall.now)


def test_a_browser_met_it_once(hall: Hall) -> None:
    case = hall.case()
    assert [actions.too(case=case, mark=mark, now=hall.now) for mark in ("a", "a", "b", "")] == [
        True,
        False,
        True,
        False,
    ]
    assert case.too == 2


def test_content_is_said_once_for_each_answer_and_may_open_it_again(hall: Hall) -> None:
    case = hall.answered()
    later = hall.now + timedelta(days=1)
    actions.say_content(case=case, score=1, words="Chưa vá gì cả.", reopen=True, now=later)
    assert (case.state, case.reopened) == (CaseState.REOPEN, 1)
    assert case.answer_by > later
    with pytest.raises(NotNow):
        actions.say_content(case=case, score=2, words="", reopen=True, now=later)


def test_what_is_looked_at_again_has_its_whole_time_again(hall: Hall) -> None:
    case = hall.answered()
    later = local(2026, 12, 7, 8, 0)
    actions.reopen(case=case, actor=hall.clerk, now=later)
    assert case.answer_by == local(2026, 12, 28, 17, 0)  # 20 days later is a Sunday
    assert not Case.objects.filter(pk=case.pk, next_look_at__lte=later + timedelta(days=10)).exists()
    actions.sort(case=case, field=hall.field("khac"), severity="ordinary", actor=hall.clerk, now=later)
    assert case.answer_by == local(2026, 12, 28, 17, 0)


def test_photos_are_kept_without_where_they_were_taken(hall: Hall) -> None:
    taken = Image.Exif()
    taken[0x8825] = {1: "N", 2: (13.0, 49.0, 0.0), 3: "E", 4: (109.0, 9.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(out, "JPEG", exif=taken)
    assert Image.open(io.BytesIO(out.getvalue())).getexif().get_ifd(0x8825)
    case = hall.case(photos=(SimpleUploadedFile("o-ga.jpg", out.getvalue()),))
    (kept,) = case.attachments.all()
    assert (kept.number, kept.width, kept.height, kept.public) == (1, 640, 480, False)
    with Image.open(io.BytesIO(pictures.bytes_of(kept.file))) as picture:
        assert not picture.getexif()
        assert "exif" not in picture.info


def test_what_is_no_photo_says_so_and_makes_no_case(hall: Hall) -> None:
    with pytest.raises(WrongTelling) as refused:
        hall.taken(photos=(SimpleUploadedFile("a.jpg", b"MZ not a picture"),))
    assert refused.value.field == "photos"
    with pytest.raises(WrongTelling):
        hall.taken(photos=tuple(SimpleUploadedFile("a.jpg", b"") for _ in range(6)))
    assert not Case.objects.exists()


def test_who_met_it_too_meanwhile_still_counts_in_a_duplicate(hall: Hall) -> None:
    first, second = hall.case(), hall.case()
    actions.too(case=Case.objects.get(pk=first.pk), mark="trình duyệt khác", now=hall.now)
    actions.mark_duplicate(case=second, of=first, actor=hall.clerk, now=hall.now)
    first.refresh_from_db()
    assert first.too == 2


def test_sorting_notes_what_was_suggested_and_moves_the_deadline(hall: Hall) -> None:
    case = hall.case()
    actions.sort(case=case, field=hall.field("khac"), severity="urgent", actor=hall.clerk, now=hall.now)
    noted = Correction.objects.get(case=case)
    assert (noted.suggested, noted.field) == (hall.field(), hall.field("khac"))
    assert case.answer_by == local(2026, 11, 23, 14, 0)
    assert case.severity == "urgent"


def test_a_late_answer_that_is_looked_at_again_does_not_become_in_time(hall: Hall) -> None:
    case = hall.assigned()
    late = case.answer_by + timedelta(days=3)
    hall.answered(case, now=late)
    actions.reopen(case=case, actor=hall.clerk, now=late + timedelta(hours=1))
    assert case.answer_by > late
    assert case.answered_at is None


def test_what_is_finished_is_not_sorted_anew(hall: Hall) -> None:
    case = hall.answered()
    due = case.answer_by
    with pytest.raises(NotNow):
        actions.sort(case=case, field=hall.field("khac"), severity="urgent", actor=hall.clerk, now=hall.now)
    case.refresh_from_db()
    assert (case.answer_by, case.severity) == (due, "ordinary")


def test_only_what_is_moderated_and_of_an_open_field_is_public(hall: Hall) -> None:
    case = hall.case(field_id=hall.field().pk)
    assert not queries.register([hall.hamlet.pk]).exists()
    actions.publish(case=case, title="Ổ gà ở Quảng Vân", words="Có ổ gà.", actor=hall.clerk, now=hall.now)
    assert list(queries.register([hall.hamlet.pk])) == [case]
    actions.unpublish(case=case, actor=hall.clerk, now=hall.now)
    assert not queries.register([hall.hamlet.pk]).exists()
    Field.objects.filter(pk=hall.field().pk).update(open=False)
    with pytest.raises(CaseError):
        actions.publish(
            case=Case.objects.get(pk=case.pk), title="Ổ gà", words="Có ổ gà.", actor=hall.clerk, now=hall.now
        )


def test_photos_are_read_before_the_database_is_held(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one lock for writing: an alert waits for it."""
    read, held = pictures.take_in, []

    def noticed(**given: Any) -> pictures.Kept:
        held.append(len(connection.savepoint_ids))
        return read(**given)

    monkeypatch.setattr(pictures, "take_in", noticed)
    outside = len(connection.savepoint_ids)
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    case = hall.assigned(photos=(SimpleUploadedFile("o-ga.jpg", out.getvalue()),))
    actions.ask(case=case, words="Ở đâu?", actor=hall.clerk, now=hall.now)
    actions.supplement(
        case=case, words="Ở cổng chợ.", photos=(SimpleUploadedFile("a.jpg", out.getvalue()),), now=hall.now
    )
    assert held == [outside, outside]
    assert case.attachments.count() == 2


def test_only_what_was_asked_for_is_added(hall: Hall) -> None:
    case = hall.assigned()
    with pytest.raises(NotNow):
        actions.supplement(case=case, words="Ở cổng chợ.", now=hall.now)
    assert not case.events.filter(verb="feedback.supplement").exists()
