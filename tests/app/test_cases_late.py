"""A case that is late climbs: reminded before, its office at the deadline, then place by place; its reporter hears."""

from datetime import datetime, timedelta

import pytest

from nguon.delivery import notifiers
from nguon.feedback import actions, climbing, concerns, reminding
from nguon.feedback.models import Case, CaseState, Event, Reminder, Sent
from nguon.kit.clock import LOCAL
from nguon.people.models import Person
from nguon.ports.notice import Failure, NoticeFailed
from tests.app.desk import person
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def hall() -> Hall:
    notifiers.status.cache_clear()
    return make_hall()


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL)  # type: ignore[arg-type, misc]


def look_on(case: Case, now: datetime) -> list[str]:
    """What was told of a case until nothing more is due at a moment: step and name."""
    while reminding.look(now):
        pass
    case.refresh_from_db()
    rows = Reminder.objects.filter(case=case).order_by("created_at", "step", "person__username")
    return [f"{row.step} {row.person.username}" for row in rows]


def test_a_case_that_is_late_climbs_step_by_step(hall: Hall) -> None:
    case = hall.assigned()
    due = case.answer_by
    assert look_on(case, case.received_at + DAY) == []
    assert look_on(case, due - DAY) == ["1 tn"]
    assert look_on(case, due) == ["1 tn", "2 tn"]
    assert look_on(case, due + DAY - timedelta(seconds=1)) == ["1 tn", "2 tn"]
    assert look_on(case, due + DAY) == ["1 tn", "2 tn", "3 ct"]
    climbed = Event.objects.filter(case=case, verb="feedback.climb")
    assert [event.note for event in climbed] == [
        "Sắp đến hạn, nhắc: Nguyễn Thị Tiếp.",
        "Đến hạn mà chưa xong, báo cơ quan: Nguyễn Thị Tiếp.",
        "Quá hạn, báo cấp trên: Lê Chủ Tịch.",
    ]


def test_at_the_top_it_stays_and_news_to_the_reporter_are_due_each_week(hall: Hall) -> None:
    case = hall.assigned()
    due = case.answer_by
    look_on(case, due + 2 * DAY)
    assert case.news_by == local(2026, 12, 21, 17, 0)
    ahead = local(2026, 12, 20, 17, 0)
    assert case.next_look_at == ahead
    assert look_on(case, ahead)[-1] == "0 tn"
    assert not Case.objects.filter(pk=case.pk, next_look_at__isnull=False).exists()
    actions.news(case=case, words="Đang chờ vật tư.", actor=hall.clerk, now=local(2026, 12, 21, 9, 0))
    assert look_on(case, local(2026, 12, 28, 17, 0))[-2:] == ["0 tn", "0 tn"]


def test_it_climbs_by_working_days(hall: Hall) -> None:
    case = hall.assigned()
    friday = local(2026, 12, 11, 17, 0)
    Case.objects.filter(pk=case.pk).update(answer_by=friday, reminded=1, next_look_at=friday)
    assert look_on(case, friday) == ["2 tn"]
    assert look_on(case, friday + 2 * DAY) == ["2 tn"], "nobody works on Saturday and Sunday"
    assert look_on(case, local(2026, 12, 14, 17, 0)) == ["2 tn", "3 ct"]


def test_three_quarters_of_the_working_time(hall: Hall) -> None:
    """From Friday morning until Monday evening: sixteen hours of work, twelve of them by Monday at noon."""
    friday = local(2026, 12, 4, 7, 0)
    case = hall.assigned(now=friday)
    case.answer_by = local(2026, 12, 7, 17, 0)
    assert climbing.step_at(case) == local(2026, 12, 7, 11, 0)


def test_a_change_of_state_does_not_quieten_what_is_late(hall: Hall) -> None:
    case = hall.assigned()
    late = case.answer_by + 2 * DAY
    told = look_on(case, late)
    assert case.reminded == 3
    actions.begin(case=case, actor=hall.clerk, now=late)
    actions.assign(case=case, office=hall.office, person=hall.clerk, actor=hall.clerk, now=late)
    assert case.reminded == 3
    assert look_on(case, late) == told
    actions.assign(case=case, office=hall.power, actor=hall.clerk, now=late)
    assert case.reminded == 1, "the other office hears that it is late, not that it is due soon"
    assert "2 dl" in look_on(case, late)


def test_a_deadline_that_is_put_off_lets_it_climb_anew(hall: Hall) -> None:
    case = hall.assigned(severity="urgent")
    late = case.answer_by
    look_on(case, late)
    assert case.reminded == 2
    actions.sort(case=case, field=hall.field("khac"), severity="ordinary", actor=hall.clerk, now=late)
    assert case.reminded == 0


def test_news_nobody_can_be_reminded_of_are_noted_once(hall: Hall) -> None:
    case = hall.assigned()
    look_on(case, case.answer_by + 2 * DAY)
    Person.objects.update(is_active=False)
    assert case.news_by is not None
    ahead = case.news_by - climbing.NEWS_AHEAD
    for seconds in range(3):
        reminding.look(ahead + timedelta(seconds=5 * seconds))
    assert Event.objects.filter(case=case, verb=climbing.NEWS).count() == 1


def test_what_nobody_took_in_climbs_too(hall: Hall) -> None:
    case = hall.case()
    assert look_on(case, case.accept_by) == ["1 tn", "2 tn"]
    actions.accept(case=case, actor=hall.clerk, now=case.accept_by)
    assert (case.reminded, case.state) == (0, CaseState.ACCEPTED)
    assert look_on(case, case.accept_by + DAY) == ["1 tn", "2 tn"]


def test_an_office_nobody_works_in_leaves_no_case_without_owner(hall: Hall) -> None:
    case = hall.case()
    hall.power.people.update(office=None)
    actions.assign(case=case, office=hall.power, actor=hall.clerk, now=hall.now)
    assert look_on(case, case.answer_by) == ["1 dl", "1 tn", "2 dl", "2 tn"]  # who has the right at that place


def test_a_whole_chain_of_places_is_climbed_and_nobody_told_twice(hall: Hall) -> None:
    person("xa", "Hồ Chủ Tịch Xã", hall.here, "approver")
    case = hall.case(place_id=hall.hamlet.pk)
    hall.office.people.update(office=None)
    assert look_on(case, case.accept_by + 5 * DAY)[-1] == "3 ct"
    assert [row.split()[1] for row in look_on(case, case.accept_by + 9 * DAY)].count("ct") == 1


def test_the_clock_of_what_is_asked_held_or_done_stands(hall: Hall) -> None:
    asked, held, done = hall.assigned(), hall.case(trap="x"), hall.answered()
    actions.ask(case=asked, words="Ở đâu?", actor=hall.clerk, now=hall.now)
    for case in (asked, held, done):
        assert look_on(case, hall.now + 14 * DAY) == []


def test_who_never_says_what_was_asked_is_not_waited_for_without_end(hall: Hall) -> None:
    case = hall.assigned()
    actions.ask(case=case, words="Ở đâu?", actor=hall.clerk, now=hall.now)
    later = hall.now + climbing.SILENT_AFTER
    assert look_on(case, later - timedelta(seconds=1)) == []
    assert look_on(case, later) == [f"{Reminder.SILENT} tn"]
    assert (case.state, case.next_look_at) == (CaseState.ASKED, None)
    ((_row, notice),) = reminding.due(later, {"log": 4})
    assert notice.subject == f"1 phản ánh chưa được người gửi bổ sung: {case.code}"
    assert "hạn" not in notice.text
    case = actions.supplement(case=case, words="Ở chợ.", now=later)
    assert reminding.due(later + DAY, {"log": 4}) == []
    assert Reminder.objects.get(case=case).state == Sent.NEEDLESS


def test_an_answer_nobody_says_anything_about_is_closed(hall: Hall) -> None:
    case = hall.answered()
    assert look_on(case, hall.now + climbing.CLOSES_AFTER) == []
    assert case.state == CaseState.CLOSED
    assert case.next_look_at is None


def test_one_letter_for_all_that_waits_for_a_person(hall: Hall) -> None:
    cases = [hall.assigned(words=f"Chuyện {'x' * n}") for n in range(3)]
    due = cases[0].answer_by
    while reminding.look(due):
        pass
    (row, notice), *rest = reminding.due(due, {"log": 4})
    assert rest == []
    assert notice.to.name == "Nguyễn Thị Tiếp"
    assert notice.subject.startswith("3 phản ánh quá hạn: TP-26-")
    assert all(case.code in notice.text for case in cases)
    assert "Chuyện" not in notice.text
    assert reminding.due(due, {"log": 4}) == []
    reminding.told(row, "", due)
    assert not Reminder.objects.exclude(state=Sent.TOLD).exists()


def test_a_letter_calls_late_only_what_is_late(hall: Hall) -> None:
    late, soon, news = (hall.assigned(words=f"Chuyện {'x' * n}") for n in range(3))
    for case, step in ((late, 2), (late, 0), (soon, 1), (news, 0)):
        Reminder.objects.create(case=case, person=hall.clerk, step=step, way="log", created_at=hall.now)
    subject = reminding.words(list(Reminder.objects.all())).subject
    said = "1 phản ánh quá hạn, 1 phản ánh sắp đến hạn, 1 phản ánh cần báo tiến độ cho người gửi"
    assert subject == f"{said}: {late.code}, {soon.code}, {news.code}"


def test_a_letter_that_does_not_go_is_tried_again_and_given_up(hall: Hall) -> None:
    case = hall.assigned()
    reminding.look(case.answer_by)
    now = case.answer_by
    (row, _notice), *_rest = reminding.due(now, {"log": 4})
    reminding.failed(row, NoticeFailed("busy", Failure.BUSY), now)
    assert reminding.due(now, {"log": 4}) == []
    (row, _notice), *_rest = reminding.due(now + timedelta(minutes=1), {"log": 4})
    reminding.failed(row, NoticeFailed("no such", Failure.ADDRESS), now)
    assert Reminder.objects.get(pk=row.pk).state == Sent.FAILED


def test_what_is_tried_again_is_the_same_letter_and_what_is_new_another(hall: Hall) -> None:
    first = hall.assigned()
    now = first.answer_by
    look_on(first, now)
    (row, before), *_rest = reminding.due(now, {"log": 4})
    reminding.failed(row, NoticeFailed("late", Failure.LATE), now)
    second = hall.assigned(words="Rác đầy chợ.")
    look_on(second, now)
    later = now + timedelta(minutes=1)
    letters = [notice for _turn in range(3) for _row, notice in reminding.due(later, {"log": 4})]
    assert [(letter.id == before.id, first.code in letter.text, second.code in letter.text) for letter in letters] == [
        (True, True, False),
        (False, False, True),
    ]


def test_what_is_answered_meanwhile_is_not_told(hall: Hall) -> None:
    case = hall.assigned()
    reminding.look(case.answer_by)
    hall.answered(case, now=case.answer_by)
    assert reminding.due(case.answer_by, {"log": 4}) == []
    assert Reminder.objects.get(case=case).state == Sent.NEEDLESS


def test_who_it_climbed_to_finds_it_on_the_first_page(hall: Hall) -> None:
    case = hall.assigned()
    hall.case(trap="x", words="Mua ngay")
    look_on(case, case.answer_by + DAY)
    for who in (hall.clerk, hall.chief):
        found = list(concerns.of(who, case.answer_by + DAY))
        assert [one.state for one in found] == ["Quá hạn", "Chờ xem"]
        assert found[0].url == f"/xu-ly-phan-anh/{case.pk}"
    assert [one.state for one in concerns.of(hall.worker, case.answer_by + DAY)] == ["Chờ xem"]
    assert list(concerns.of(hall.neighbour, case.answer_by + DAY)) == []


def test_a_case_whose_look_fails_keeps_no_other_waiting(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = hall.assigned(), hall.assigned(words="Rác đầy chợ.")
    first = reminding.one

    def one(case: Case, now: datetime) -> None:
        if case.pk == bad.pk:
            raise RuntimeError("broken")
        first(case, now)

    monkeypatch.setattr(reminding, "one", one)
    now = max(bad.answer_by, good.answer_by)
    for _turn in range(3):
        try:
            reminding.look(now)
        except RuntimeError:
            continue
    good.refresh_from_db()
    assert good.reminded >= 1
