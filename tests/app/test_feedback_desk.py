"""The desk of cases: the list and its tabs, one case, its steps, taking in, figures."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.feedback import desk, desk_words
from nguon.feedback.desk import Search, Tab
from nguon.feedback.models import Case, CaseState, Consent, Correction, Reporter
from nguon.people.models import Person
from tests import pictures
from tests.app import desk as desks
from tests.app import telling
from tests.app.telling import NAME, PHONE, Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return telling.make()


def client_of(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def codes(counter: Counter, tab: Tab, who: Person | None = None, **search: Any) -> list[str]:
    return [case.code for case in desk.found(who or counter.clerk, counter.desk.now, tab, Search(**search))]


def step(client: Client, case: Case, name: str, **values: Any) -> Any:
    said = {f"{name}-{key}": value for key, value in values.items()}
    return client.post(reverse("feedback:step", args=[case.pk, name]), said)


def test_what_is_due_first_stands_first_and_each_tab_holds_its_own(counter: Counter) -> None:
    new, late, old = counter.case(), counter.case(ago=timedelta(days=40)), counter.at_work()
    Case.objects.filter(pk=old.pk).update(person=counter.clerk)
    held = counter.case()
    Case.objects.filter(pk=held.pk).update(held="quá nhiều lần gửi")
    assert codes(counter, Tab.OPEN)[0] == late.code
    assert set(codes(counter, Tab.OPEN)) == {new.code, late.code, old.code}
    assert codes(counter, Tab.MINE) == [old.code]
    assert codes(counter, Tab.LATE) == [late.code]
    assert codes(counter, Tab.HELD) == [held.code]
    assert codes(counter, Tab.DONE) == []


def test_filters_find_words_without_marks_and_codes(counter: Counter) -> None:
    lamp, waste = counter.case(), counter.case(words="Rác đổ ở bờ mương", field_id=counter.waste.pk)
    assert codes(counter, Tab.OPEN, words="den duong") == [lamp.code]
    assert codes(counter, Tab.OPEN, words=waste.code.lower()) == [waste.code]
    assert codes(counter, Tab.OPEN, field=counter.waste.pk) == [waste.code]
    assert codes(counter, Tab.OPEN, place=counter.desk.two.pk) == []
    assert len(codes(counter, Tab.OPEN, place=counter.desk.here.pk)) == 2


def test_neighbours_and_those_without_the_right_see_nothing(counter: Counter) -> None:
    case = counter.case()
    assert codes(counter, Tab.OPEN, counter.desk.neighbour) == []
    for person in (counter.desk.neighbour, counter.desk.watcher):
        assert client_of(person).get(reverse("feedback:detail", args=[case.pk])).status_code == 404
    assert client_of(counter.desk.watcher).get(reverse("feedback:list")).status_code == 403


def test_the_list_shows_time_left_in_words(counter: Counter) -> None:
    counter.case(ago=timedelta(days=40))
    page = client_of(counter.clerk).get(reverse("feedback:list")).content.decode()
    assert "quá hạn" in page
    assert NAME not in page


@pytest.mark.parametrize(
    ("gap", "worked", "words"),
    [
        (timedelta(hours=5), 3.4, "còn 3 giờ làm việc"),
        (timedelta(minutes=20), 0.3, "còn chưa đến 1 giờ làm việc"),
        (timedelta(days=5), 40, "còn 5 ngày"),
        (-timedelta(days=2, hours=1), 0, "quá hạn 2 ngày"),
        (-timedelta(minutes=3), 0, "quá hạn 3 phút"),
    ],
)
def test_time_left_is_said_as_people_count_it(counter: Counter, gap: timedelta, worked: float, words: str) -> None:
    now = counter.desk.now
    assert desk_words.left(now + gap, now, worked) == words


def test_only_steps_that_are_allowed_now_are_offered(counter: Counter) -> None:
    case, client = counter.case(), client_of(counter.clerk)
    page = client.get(reverse("feedback:detail", args=[case.pk])).content.decode()
    assert reverse("feedback:step", args=[case.pk, "tiep-nhan"]) in page
    assert reverse("feedback:step", args=[case.pk, "ket-thuc"]) not in page
    assert NAME not in page
    assert PHONE not in page


def test_a_case_is_taken_step_by_step(counter: Counter) -> None:
    case, client = counter.case(), client_of(counter.clerk)
    step(client, case, "tiep-nhan", words="Đã nhận")
    step(client, case, "giao", office=counter.office.pk, person=counter.clerk.pk, note="Kiểm tra đèn")
    step(client, case, "bat-dau")
    step(client, case, "hoi-them", words="Đèn ở cột số mấy?")
    case.refresh_from_db()
    assert case.state == CaseState.ASKED
    step(client, case, "bo-sung", words="Cột số 12")
    step(client, case, "xin-y-kien", office=counter.other.pk, words="Có ai phá không?")
    case.refresh_from_db()
    assert case.state == CaseState.WORKING
    asked = case.asked.get()
    theirs = desks.person("ca", "Người Của Công An", counter.desk.root, "desk")
    Person.objects.filter(pk=theirs.pk).update(office=counter.other)
    assert client.post(reverse("feedback:part", args=[case.pk, asked.pk]), {"words": "Tôi"}).status_code == 403
    client_of(theirs).post(reverse("feedback:part", args=[case.pk, asked.pk]), {"words": "Không có"})
    asked.refresh_from_db()
    assert asked.answer == "Không có"
    page = client.get(reverse("feedback:detail", args=[case.pk])).content.decode()
    assert "Chỉ cán bộ đọc" in page
    assert "Kiểm tra đèn" in page


def test_a_refused_step_keeps_what_was_typed(counter: Counter) -> None:
    case, client = counter.case(), client_of(counter.clerk)
    answer = step(client, case, "chuyen", to="", words="Lời dài đã gõ công phu")
    assert answer.status_code == 422
    assert "Lời dài đã gõ công phu" in answer.content.decode()
    gone = step(client, case, "ket-thuc")
    assert gone.status_code == 422
    case.refresh_from_db()
    assert case.state == CaseState.NEW


def test_a_duplicate_is_named_by_its_code(counter: Counter) -> None:
    first, second, client = counter.case(), counter.case(), client_of(counter.clerk)
    assert step(client, second, "trung", of="TP-26-XXXXX").status_code == 422
    step(client, second, "trung", of=first.code.lower().replace("-", " "))
    second.refresh_from_db()
    assert second.duplicate_of == first


def test_a_suggestion_is_confirmed_or_corrected(counter: Counter) -> None:
    case, client = counter.case(), client_of(counter.clerk)
    page = client.get(reverse("feedback:detail", args=[case.pk])).content.decode()
    assert "Gợi ý: <strong>Đèn đường</strong>" in page
    client.post(reverse("feedback:sort", args=[case.pk]), {"field": counter.light.pk, "severity": "urgent"})
    case.refresh_from_db()
    assert (case.field, case.severity) == (counter.light, "urgent")
    assert Correction.objects.get(case=case).field == counter.light


def test_several_are_assigned_and_sorted_at_once(counter: Counter) -> None:
    cases = [counter.case(), counter.case()]
    client = client_of(counter.clerk)
    ticked = [str(case.pk) for case in cases]
    client.post(reverse("feedback:bulk"), {"case": ticked, "do": "assign", "office": counter.office.pk})
    client.post(
        reverse("feedback:bulk"), {"case": ticked, "do": "sort", "field": counter.waste.pk, "severity": "ordinary"}
    )
    for case in cases:
        case.refresh_from_db()
        assert (case.state, case.office, case.field) == (CaseState.ASSIGNED, counter.office, counter.waste)


def test_nothing_ticked_is_said(counter: Counter) -> None:
    answer = client_of(counter.clerk).post(reverse("feedback:bulk"), {"do": "assign"}, follow=True)
    assert "Hãy đánh dấu ít nhất một phản ánh." in answer.content.decode()


def test_an_officer_takes_in_by_telephone_and_reads_the_code_out(counter: Counter) -> None:
    client = client_of(counter.clerk)
    photo = SimpleUploadedFile("a.jpg", pictures.encoded(pictures.a_picture(40, 30)), "image/jpeg")
    values = {
        "source": "phone",
        "words": telling.WORDS,
        "place": counter.desk.one.pk,
        "severity": "ordinary",
        "contact": "on",
        "name": NAME,
        "phone": PHONE,
        "photos": photo,
    }
    answer = client.post(reverse("feedback:new"), values, follow=True)
    case = Case.objects.get()
    page = answer.content.decode()
    assert case.code in page
    assert "3456" in page
    assert Reporter.objects.get(case=case).name == NAME
    assert Consent.objects.get(case=case).by_officer == counter.clerk
    seen = client.get(reverse("feedback:photo", args=[case.pk, 1]))
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/webp")
    later = client_of(counter.clerk).get(reverse("feedback:slip", args=[case.pk]), follow=True)
    assert "Số tra cứu chỉ hiện một lần" in later.content.decode()


def test_contacts_without_consent_are_refused_and_nothing_is_lost(counter: Counter) -> None:
    values = {"source": "phone", "words": "Mất nước", "place": counter.desk.one.pk, "name": NAME}
    answer = client_of(counter.clerk).post(reverse("feedback:new"), values)
    assert answer.status_code == 422
    assert "Mất nước" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_photo_is_for_those_who_work_on_the_case(counter: Counter) -> None:
    upload = SimpleUploadedFile("a.jpg", pictures.encoded(pictures.a_picture(40, 30)), "image/jpeg")
    case = counter.case(photos=(upload,))
    address = reverse("feedback:photo", args=[case.pk, 1])
    assert client_of(counter.desk.neighbour).get(address).status_code == 404
    assert client_of(counter.clerk).get(f"{address}?lon").status_code == 200


def test_what_is_held_is_let_out(counter: Counter) -> None:
    case = counter.case()
    Case.objects.filter(pk=case.pk).update(held="quá nhiều lần gửi")
    client = client_of(counter.clerk)
    page = client.get(reverse("feedback:detail", args=[case.pk])).content.decode()
    assert "Đang để riêng" in page
    assert reverse("feedback:step", args=[case.pk, "tiep-nhan"]) not in page
    client.post(reverse("feedback:release", args=[case.pk]))
    case.refresh_from_db()
    assert case.held == ""


def test_the_list_asks_the_database_no_more_for_more_cases(
    counter: Counter, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        counter.case()
    client = client_of(counter.clerk)
    client.get(reverse("feedback:list"))
    with django_assert_max_num_queries(60):
        client.get(reverse("feedback:list"))


def test_a_stranger_beside_is_no_colleague(counter: Counter) -> None:
    desks.person("xa", "Người Xa", counter.desk.there, "desk")
    names = [one.full_name for one in desk.colleagues(counter.clerk, counter.desk.now)]
    assert "Người Xa" not in names
    assert counter.clerk.full_name in names
