"""Where cases went wrong once: two at the same moment, a rule gone round, words in the wrong language."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from nguon.feedback import (
    actions,
    answering,
    figures,
    private,
    private_clock,
    queries,
    reminding,
    setting_up,
    suggesting,
)
from nguon.feedback.errors import CaseError
from nguon.feedback.figures import By, Wish
from nguon.feedback.models import Answer, Case, CaseState, Event, Field, Route
from nguon.kit.clock import local_day
from nguon.people.models import Office
from nguon.people.scope import Forbidden
from tests.app.desk import place
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return make_hall()


def test_an_answer_that_came_while_the_clock_looked_is_not_closed(hall: Hall) -> None:
    case = hall.answered()
    reminding.one(Case.objects.get(pk=case.pk), hall.now)
    case.refresh_from_db()
    assert case.state == CaseState.ANSWERED
    assert case.next_look_at == hall.now + timedelta(days=15)


def test_of_two_cases_only_one_is_the_others_duplicate(hall: Hall) -> None:
    """Two officers at once, each with the page from before."""
    one, other = hall.case(), hall.case()
    one_before, other_before = Case.objects.get(pk=one.pk), Case.objects.get(pk=other.pk)
    actions.mark_duplicate(case=one, of=other, actor=hall.clerk, now=hall.now)
    with pytest.raises(CaseError):
        actions.mark_duplicate(case=other_before, of=one_before, actor=hall.clerk, now=hall.now)
    other.refresh_from_db()
    assert (other.state, other.duplicate_of) == (CaseState.NEW, None)


def test_a_duplicate_that_is_none_counts_no_more_at_the_first(hall: Hall) -> None:
    first, other = hall.case(), hall.case()
    for _time in range(2):
        actions.mark_duplicate(case=other, of=Case.objects.get(pk=first.pk), actor=hall.clerk, now=hall.now)
        actions.accept(case=other, actor=hall.clerk, now=hall.now)
    first.refresh_from_db()
    assert first.too == 0


def test_what_a_reporter_reads_is_vietnamese_whoever_clicks(hall: Hall) -> None:
    """What is stored is never in the language of the officer's own pages."""
    first, case = hall.case(), hall.assigned()
    with translation.override("en"):
        actions.sort(case=case, field=hall.field("khac"), severity="urgent", actor=hall.clerk, now=hall.now)
        actions.send_back(case=case, why="Không thuộc xã.", actor=hall.clerk, now=hall.now)
        actions.assign(case=case, office=hall.office, actor=hall.clerk, now=hall.now)
        actions.mark_duplicate(case=case, of=first, actor=hall.clerk, now=hall.now)
        taken = hall.taken(actor=hall.clerk)
        actions.pass_on(case=taken.case, to="Điện lực", words="Gọi 1900 1909.", actor=hall.clerk, now=hall.now)
    events = Event.objects.filter(case__in=[case, taken.case]).order_by("id")
    said = {event.verb: event.words or event.note for event in events}
    assert said["feedback.sort"] == "Lĩnh vực: Việc khác. Mức độ: Khẩn."
    assert said["feedback.send-back"] == "UBND xã Phước Thuận trả lại: Không thuộc xã."
    assert said["feedback.assign"] == "Giao UBND xã Phước Thuận."
    assert said["feedback.duplicate"].startswith("Việc này đã có người phản ánh trước")
    assert said["feedback.pass-on"] == "Đã chuyển tới Điện lực. Gọi 1900 1909."
    assert said["feedback.take-in"].startswith("Không có quy tắc nào hợp")


def test_figures_keep_two_of_one_name_apart(hall: Hall) -> None:
    """Hamlets and offices of two communes are often called the same."""
    twin = place("Quảng Vân", "thôn", hall.there)
    Office.objects.filter(pk=hall.far.pk).update(name="Văn phòng UBND")
    Office.objects.filter(pk=hall.office.pk).update(name="Văn phòng UBND")
    hall.case()
    hall.case(place_id=twin.pk)
    hall.case(place_id=twin.pk)
    wish = Wish(local_day(hall.now), local_day(hall.now))
    counted = figures.counted(hall.chief, wish)
    for by, label in ((By.PLACE, "thôn Quảng Vân"), (By.OFFICE, "Văn phòng UBND")):
        lines = figures.lines(counted, by, hall.now)
        assert [line.total for line in lines] == [2, 1]
        assert [line.label for line in lines] == [f"{label} (xã Phước Sơn)", f"{label} (xã Phước Thuận)"]


def test_an_office_that_is_asked_says_its_part_and_no_more(hall: Hall) -> None:
    case = hall.assigned()
    actions.ask_office(case=case, office=hall.far, words="Đoạn bên xã bạn?", actor=hall.clerk, now=hall.now)
    assert case in queries.cases(hall.neighbour)
    steps: list[tuple[Any, dict[str, Any]]] = [
        (actions.begin, {}),
        (actions.refuse, {"words": "Không nhận."}),
        (actions.publish, {"title": "Ổ gà", "words": "Đường có ổ gà."}),
        (actions.news, {"words": "Đang làm."}),
    ]
    for does, said in steps:
        with pytest.raises(Forbidden):
            does(case=case, actor=hall.neighbour, now=hall.now, **said)
    browser = Client()
    browser.force_login(hall.neighbour)
    page = browser.get(f"/xu-ly-phan-anh/{case.pk}").text
    assert "Đoạn bên xã bạn?" in page
    assert f"/xu-ly-phan-anh/{case.pk}/buoc/" not in page
    assert "Kiểm duyệt để công khai" not in page
    assert "Chuyển sang hệ thống" not in page
    browser.post("/xu-ly-phan-anh/nhieu", {"do": "sort", "case": case.pk, "field": hall.field().pk})
    case.refresh_from_db()
    assert case.field is None


def test_what_an_asked_office_typed_too_long_is_kept_whole(hall: Hall) -> None:
    case = hall.assigned()
    actions.ask_office(case=case, office=hall.far, words="Đoạn bên xã bạn?", actor=hall.clerk, now=hall.now)
    browser, asked = Client(), case.asked.get()
    browser.force_login(hall.neighbour)
    words = "Đã xem. " * 500 + "Hết."
    answer = browser.post(f"/xu-ly-phan-anh/{case.pk}/y-kien/{asked.pk}", {"words": words})
    assert answer.status_code == 422
    assert words in answer.text
    assert "4000" in answer.text
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_what_was_erased_is_not_published_from_a_page_of_before(hall: Hall) -> None:
    """Then nothing is known of the reporter that could be looked for in the words."""
    taken = hall.taken(name="Trần Thị Bưởi", phone="0905123456", consents=frozenset({"contact", "publish"}))
    asked = private.ask_erasure(case=taken.case, photos=True, words="", now=hall.now)
    private.erase(request=asked, words="Đường có ổ gà.", actor=hall.clerk, now=hall.now)
    case = Case.objects.get(pk=taken.case.pk)
    with pytest.raises(CaseError):
        actions.publish(case=case, title="Ổ gà", words="Chị Trần Thị Bưởi báo có ổ gà.", actor=hall.clerk, now=hall.now)


def test_what_a_reporter_added_later_is_erased_with_the_rest(hall: Hall) -> None:
    """The officer who erases reads the first words only: what nobody read does not stay."""
    case = hall.assigned()
    actions.ask(case=case, words="Ở đâu?", actor=hall.clerk, now=hall.now)
    actions.supplement(case=case, words="Ngay trước cửa nhà con gái tôi, quán Lan Tím.", now=hall.now)
    hall.answered(case)
    actions.say_content(
        case=case, score=2, words="Quán Lan Tím vẫn ngập.", reopen=True, now=hall.now + timedelta(days=1)
    )
    asked = private.ask_erasure(case=case, photos=True, words="", now=hall.now)
    private.erase(request=asked, words="Đường có ổ gà.", actor=hall.clerk, now=hall.now)
    left = [*case.events.values_list("words", "note"), *case.contents.values_list("words")]
    assert "Lan Tím" not in str(left)
    assert "Ở đâu?" in str(left), "what officers said stays"


def test_digits_with_blanks_open_both_doors(hall: Hall) -> None:
    code = hall.taken(phone="0905 123 456", consents=frozenset({"contact"})).code
    for address in ("/phan-anh/theo-doi", "/phan-anh/du-lieu-cua-toi/"):
        assert Client().post(address, {"code": code, "tail": " 3 4-56 "}).status_code in (200, 302)


def test_a_rule_that_is_moved_by_two_at_once_keeps_its_place_in_the_order(hall: Hall) -> None:
    hall.chief.roles.create(kind="approver", place=hall.root)
    made = [
        setting_up.save_route(
            route=None,
            values={
                "place": hall.here,
                "name": name,
                "office": hall.office,
                "severity": "",
                "active": True,
                "when": {},
            },
            actor=hall.chief,
            now=hall.now,
        )
        for name in "abc"
    ]
    twice = [Route.objects.get(pk=made[2].pk) for _n in range(2)]
    for one in twice:
        setting_up.move_route(route=one, up=True, actor=hall.chief, now=hall.now)
    rows = Route.objects.filter(place=hall.here).order_by("number")
    assert [(row.name, row.number) for row in rows] == [("c", 1), ("a", 2), ("b", 3)]


def test_a_suggestion_for_a_hamlet_may_be_a_field_of_its_commune(hall: Hall) -> None:
    own = Field.objects.create(key="cho-xa", name="Chợ xã", place=hall.here, words=["chợ Phước Thuận"])
    case = hall.case(words="Chợ Phước Thuận bị ngập mỗi khi mưa lớn.")
    assert suggesting.first(case, hall.now) == own


def test_an_answer_is_sent_for_approval_once_though_two_press(hall: Hall) -> None:
    case = actions.begin(case=hall.assigned(), actor=hall.clerk, now=hall.now)
    made = answering.write_answer(case=case, text="Đã vá xong.", actor=hall.clerk, now=hall.now)
    one, other = (Answer.objects.get(pk=made.pk) for _time in range(2))
    assert other.review is None
    answering.submit(answer=one, actor=hall.clerk, now=hall.now)
    with pytest.raises(CaseError):
        answering.submit(answer=other, actor=hall.clerk, now=hall.now)


def test_one_case_that_cannot_be_forgotten_holds_up_no_other(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = hall.case(), hall.case()
    for case in (broken, other):
        actions.refuse(case=case, words="Không thuộc xã.", actor=hall.clerk, now=hall.now)
    whole = private_clock.left_of

    def left(case: Case) -> dict[str, object]:
        if case.pk == broken.pk:
            raise OSError("no disk")
        return whole(case)

    monkeypatch.setattr(private_clock, "left_of", left)
    private_clock.by_clock(hall.now + timedelta(days=365 * 5))
    assert set(Case.objects.values_list("pk", flat=True)) == {broken.pk}
    assert str(broken.pk) in caplog.text
