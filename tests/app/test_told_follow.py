"""Following one's own case: code and digits, the half hour, what is asked, how content one is."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from nguon.feedback import actions
from nguon.feedback.models import Answer, Case, CaseState, Content
from nguon.kit import clock
from tests.app import reporter
from tests.app.reporter import SITE
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(settings: Settings) -> Hall:
    cache.clear()
    found = make_hall()
    reporter.make_site(found)
    return found


def followed(hall: Hall, **changes: Any) -> tuple[Client, Case]:
    """A browser that has looked a case up."""
    taken = hall.taken(now=clock.now(), **changes)
    client = Client()
    answer = client.post(f"{SITE}/theo-doi", {"code": taken.code.lower().replace("-", " "), "tail": taken.tail})
    assert answer.headers.get("Location") == f"{SITE}/theo-doi/ho-so", answer.text
    return client, taken.case


def test_code_and_digits_open_ones_own_case_however_they_are_typed(hall: Hall) -> None:
    client, case = followed(hall)
    page = client.get(f"{SITE}/theo-doi/ho-so")
    assert case.words in page.text
    assert case.code in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert case.code not in page.request["PATH_INFO"]


def test_a_wrong_code_and_wrong_digits_are_answered_alike_and_cost_time(hall: Hall) -> None:
    taken = hall.taken()
    wrong = f"{(int(taken.tail) + 1) % 10000:04d}"
    client = Client()
    code = client.post(f"{SITE}/theo-doi", {"code": "TP-26-22222", "tail": taken.tail})
    tail = client.post(f"{SITE}/theo-doi", {"code": taken.code, "tail": wrong})
    said = "Mã hoặc bốn số không đúng"
    assert (code.status_code, tail.status_code) == (422, 422)
    assert said in code.text
    assert said in tail.text
    for _ in range(8):
        last = client.post(f"{SITE}/theo-doi", {"code": taken.code, "tail": wrong})
    assert "Nhập sai nhiều lần" in last.text
    right = client.post(f"{SITE}/theo-doi", {"code": taken.code, "tail": taken.tail})
    assert right.status_code == 422, "during the wait nothing is looked at"


def test_without_the_cookie_the_case_is_asked_for_again(hall: Hall) -> None:
    client, case = followed(hall)
    page = Client().get(f"{SITE}/theo-doi/ho-so")
    assert page.status_code == 403
    assert case.words not in page.text
    client.post(f"{SITE}/theo-doi/roi-trang")
    assert client.get(f"{SITE}/theo-doi/ho-so").status_code == 403


def test_what_officers_note_for_themselves_is_not_shown(hall: Hall) -> None:
    client, case = followed(hall)
    now = clock.now()
    actions.assign(case=case, office=hall.office, note="người này hay kêu", actor=hall.clerk, now=now)
    page = client.get(f"{SITE}/theo-doi/ho-so")
    assert "UBND xã Phước Thuận" in page.text
    assert "người này hay kêu" not in page.text
    assert "Nguyễn Thị Tiếp" not in page.text


def test_what_is_asked_can_be_added_and_the_case_goes_on(hall: Hall) -> None:
    client, case = followed(hall)
    now = clock.now()
    case = actions.assign(case=case, office=hall.office, actor=hall.clerk, now=now)
    actions.ask(case=case, words="Ở trước nhà ai?", actor=hall.clerk, now=now)
    page = client.get(f"{SITE}/theo-doi/ho-so")
    assert page.text.index("Ở trước nhà ai?") < page.text.index("Nội dung bổ sung"), "first what is asked"
    assert client.post(f"{SITE}/theo-doi/bo-sung", {"words": ""}).status_code == 422
    client.post(f"{SITE}/theo-doi/bo-sung", {"words": "Trước nhà ông Tư."})
    case.refresh_from_db()
    assert case.state == CaseState.WORKING
    assert "Trước nhà ông Tư." in client.get(f"{SITE}/theo-doi/ho-so").text


def test_the_answer_is_read_and_judged_and_reopening_says_why(hall: Hall) -> None:
    client, case = followed(hall)
    now = clock.now()
    case = actions.assign(case=case, office=hall.office, actor=hall.clerk, now=now)
    hall.answered(case, now=now)
    page = client.get(f"{SITE}/theo-doi/ho-so")
    assert "Đã vá xong đoạn đường." in page.text
    assert client.post(f"{SITE}/theo-doi/danh-gia", {"score": "2", "reopen": "on"}).status_code == 422
    sent = client.post(f"{SITE}/theo-doi/danh-gia", {"score": "2", "reopen": "on", "why": "Vá xong lại hỏng."})
    assert sent.status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.REOPEN
    assert Content.objects.get().score == 2


def test_what_was_chosen_is_said_in_its_words(hall: Hall) -> None:
    client, case = followed(hall)
    case = actions.assign(case=case, office=hall.office, actor=hall.clerk, now=clock.now())
    hall.answered(case, now=clock.now())
    client.post(f"{SITE}/theo-doi/danh-gia", {"score": "4"})
    assert "Lần trước bạn chọn “Hài lòng”." in client.get(f"{SITE}/theo-doi/ho-so").text


def test_photos_are_for_the_reporter_alone_until_they_are_public(hall: Hall) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests import pictures

    photo = SimpleUploadedFile("a.jpg", pictures.encoded(pictures.a_picture(320, 240)), "image/jpeg")
    client, case = followed(hall, photos=(photo,))
    address = f"{SITE}/anh/{case.attachments.get().pk}"
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404
    case.attachments.update(public=True)
    assert Client().get(address).status_code == 404, "the case itself is not public"
    case.public_at = clock.now()
    case.save(update_fields=["public_at"])
    assert Client().get(address).headers["Content-Type"] == "image/webp"


def test_who_told_it_second_reads_the_answer_of_the_first(hall: Hall) -> None:
    name = "Đặng Thị Mùi Tẩm"
    first = hall.assigned(name=name, consents=frozenset({"contact"}))
    client, second = followed(hall)
    actions.mark_duplicate(case=second, of=first, actor=hall.clerk, now=clock.now())
    page = client.get(f"{SITE}/theo-doi/ho-so").text
    assert "Câu trả lời sẽ hiện ở đây." in page
    answered = hall.answered(first)
    Answer.objects.filter(case=answered).update(text=f"Thưa bà {name}, đã vá xong đoạn đường.")
    page = client.get(f"{SITE}/theo-doi/ho-so").text
    assert "đã vá xong đoạn đường." in page
    assert name not in page
