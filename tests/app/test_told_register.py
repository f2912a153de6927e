"""The public register: moderated words only, found without marks, counted by field."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory

from nguon.feedback import actions, answering, queries, readers, told_queries
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Answer, Case, Field
from nguon.kit import clock
from nguon.kit.text import fold
from nguon.review.models import Review
from tests.app import reporter
from tests.app.reporter import SITE
from tests.app.told import Hall, make_hall
from tests.pictures import a_picture, encoded

pytestmark = pytest.mark.django_db
TITLE, WORDS = "Ổ gà ở đường xóm 2", "Đường xóm 2 có nhiều ổ gà."
HIDDEN = "nhà bà Sáu Lượm, số 0905999888"


@pytest.fixture
def hall() -> Hall:
    cache.clear()
    found = make_hall()
    reporter.make_site(found)
    return found


def published(hall: Hall, title: str = TITLE, words: str = WORDS, **changes: Any) -> Case:
    now = clock.now()
    case = hall.taken(now=now, words=f"{words} {HIDDEN}", field_id=hall.field().pk, **changes).case
    case = actions.assign(case=case, office=hall.office, actor=hall.chief, now=now)
    return actions.publish(case=case, title=title, words=words, actor=hall.chief, now=now)


def test_only_moderated_words_stand_there(hall: Hall) -> None:
    case = published(hall)
    hall.case(words="Một việc chưa ai đọc ở xóm 3.")
    page = Client().get(f"{SITE}/cong-khai")
    assert TITLE in page.text
    assert "chưa ai đọc" not in page.text
    assert HIDDEN not in page.text
    one = Client().get(f"{SITE}/cong-khai/{case.pk}")
    assert WORDS in one.text
    assert HIDDEN not in one.text


def test_it_is_the_same_for_everybody_and_may_be_shared(hall: Hall) -> None:
    page = Client().get(f"{SITE}/cong-khai")
    assert page.headers["Cache-Control"].startswith("public")
    assert not page.cookies


def test_it_is_found_without_marks_and_not_by_words_that_were_taken_out(hall: Hall) -> None:
    published(hall)
    assert TITLE in Client().get(f"{SITE}/cong-khai?q=duong+o+ga").text
    assert TITLE not in Client().get(f"{SITE}/cong-khai?q=sau+luom").text


def test_it_is_filtered_by_field_place_and_state(hall: Hall) -> None:
    published(hall)
    for query, there in (
        ("linh-vuc=duong-giao-thong", True),
        ("linh-vuc=rac-moi-truong", False),
        (f"noi={hall.hamlet.pk.hex}", True),
        ("xong=0", True),
        ("xong=1", False),
    ):
        assert (TITLE in Client().get(f"{SITE}/cong-khai?{query}").text) is there, query


def test_a_site_shows_its_own_locality_only(hall: Hall) -> None:
    case = published(hall, place_id=hall.there.pk)
    case.refresh_from_db()
    assert TITLE not in Client().get(f"{SITE}/cong-khai").text
    assert Client().get(f"{SITE}/cong-khai/{case.pk}").status_code == 404
    assert TITLE in Client().get("/phan-anh/cong-khai").text


def test_met_too_counts_once_a_browser(hall: Hall) -> None:
    case = published(hall)
    one, other = Client(), Client()
    for client in (one, one, other):
        client.get(f"{SITE}/cong-khai/{case.pk}")
        client.post(f"{SITE}/cong-khai/{case.pk}/toi-cung-gap")
    case.refresh_from_db()
    assert case.too == 2


def test_met_too_is_no_vote_for_machines(hall: Hall) -> None:
    """A cookie is quickly thrown away, and of IPv6 one has many addresses: one network counts so often an hour."""
    case = published(hall)
    for number in range(readers.MOST_TOO + 3):
        client = Client(REMOTE_ADDR=f"2001:db8:7:7::{number:x}")
        client.cookies = cookies_of_somebody_new()
        client.post(f"{SITE}/cong-khai/{case.pk}/toi-cung-gap")
    case.refresh_from_db()
    assert case.too == readers.MOST_TOO


def cookies_of_somebody_new() -> SimpleCookie:
    """Those of a new browser that has seen the page."""
    answer = HttpResponse()
    readers.give_mark(RequestFactory().get("/"), answer)
    return answer.cookies


def test_an_answer_nobody_else_approved_is_not_shown(hall: Hall) -> None:
    case = published(hall)
    hall.answered(case, now=clock.now())
    assert "Đã vá xong" not in Client().get(f"{SITE}/cong-khai/{case.pk}").text


def test_the_share_of_answers_in_time_is_counted_by_field(hall: Hall) -> None:
    good, late = published(hall), published(hall, title="Cống tắc", words="Cống chợ tắc đã một tuần.")
    for case in (good, late):
        hall.answered(case, now=clock.now())
    Case.objects.filter(pk=late.pk).update(answer_by=clock.now() - timedelta(days=1))
    page = Client().get(f"{SITE}/cong-khai")
    assert "50 %" in page.text


def test_an_answer_is_public_once_it_was_given(hall: Hall) -> None:
    case = published(hall)
    answer = approved(case, hall, "Đã vá xong.")
    assert told_queries.public_answer(case) is None
    Answer.objects.filter(pk=answer.pk).update(sent_at=clock.now())
    assert told_queries.public_answer(case) == answer


def test_an_answer_that_says_who_told_it_is_not_shown_to_everybody(hall: Hall) -> None:
    case = published(hall, name="Nguyễn Thị Mận", phone="0905123456", consents=frozenset({"contact"}))
    answer = approved(case, hall, "Gọi lại bà Mận theo số 0905 123 456 nhé.")
    Answer.objects.filter(pk=answer.pk).update(sent_at=clock.now())
    assert told_queries.public_answer(case) is None


def approved(case: Case, hall: Hall, text: str) -> Answer:
    """An answer that somebody else approved, not given yet."""
    now = clock.now()
    case = Case.objects.get(pk=case.pk)
    answer = Answer.objects.create(
        case=case, number=1, text=text, digest=answering.digest(text), created_by=hall.clerk, created_at=now
    )
    review = Review.objects.create(
        subject=f"feedback.answer:{answer.pk.hex}",
        title="Trả lời",
        place=case.place,
        text_hash=answer.digest,
        media_hash=answer.digest,
        author=hall.clerk,
        submitted_by=hall.clerk,
        state="approved",
        decided_by=hall.chief,
        decided_at=now,
        submitted_at=now,
    )
    answer.review = review
    answer.save(update_fields=["review"])
    return answer


@pytest.mark.parametrize("change", ["field", "held", "refused", "diverted"])
def test_what_may_no_longer_be_public_is_gone_with_its_photos(hall: Hall, change: str) -> None:
    case = published(hall, photos=(SimpleUploadedFile("a.jpg", encoded(a_picture(40, 30)), "image/jpeg"),))
    case.attachments.update(public=True)
    photo = case.attachments.get()
    assert queries.register([hall.hamlet.pk]).exists()
    assert told_queries.public_photo(photo.pk) == photo
    if change == "field":
        Field.objects.filter(pk=hall.field().pk).update(open=False)
    else:
        values = {"held": "trap"} if change == "held" else {"state": change}
        Case.objects.filter(pk=case.pk).update(**values)
    assert not queries.register([hall.hamlet.pk]).exists()
    assert told_queries.public_photo(photo.pk) is None


@pytest.mark.parametrize("state", ["refused", "diverted"])
def test_what_was_not_taken_up_is_not_published(hall: Hall, state: str) -> None:
    case = hall.case()
    Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    with pytest.raises(CaseError, match="không công khai"):
        actions.publish(case=case, title=TITLE, words=WORDS, actor=hall.clerk, now=hall.now)


def test_no_way_to_publish_lets_out_who_told_it(hall: Hall) -> None:
    case = hall.case(name="Nguyễn Thị Mận", phone="0905123456", consents=frozenset({"contact"}))
    with pytest.raises(CaseError, match="số điện thoại"):
        actions.publish(case=case, title=TITLE, words="Gọi 0905 123 456", actor=hall.clerk, now=hall.now)


def test_a_case_without_a_field_may_be_public(hall: Hall) -> None:
    case = hall.case()
    actions.publish(case=case, title=TITLE, words=WORDS, actor=hall.clerk, now=hall.now)
    assert list(queries.register([hall.hamlet.pk])) == [case]


def test_a_search_folds_the_register_once_for_all_who_ask(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    published(hall)
    folded: list[str] = []

    def counted(text: str) -> str:
        folded.append(text)
        return fold(text)

    monkeypatch.setattr(told_queries, "fold", counted)
    for _ in range(3):
        assert TITLE in Client().get(f"{SITE}/cong-khai?q=duong+o+ga").text
    assert sum(TITLE in text for text in folded) == 1


def test_half_of_the_key_of_a_reporter_is_nowhere_public(hall: Hall) -> None:
    """A code and four digits open a case to whoever told it: the code is theirs."""
    case = published(hall)
    address = f"{SITE}/cong-khai/{case.pk}"
    pages = [Client().get(one).text for one in (f"{SITE}/cong-khai", f"{SITE}/cong-khai?q=duong", address)]
    pages += [Client().get(f"/open311/v2/{one}.json").text for one in ("requests", f"requests/{case.pk.hex}")]
    assert all(TITLE in page for page in pages)
    assert not [page for page in pages if case.code in page]
    assert Client().get(f"{SITE}/cong-khai/{case.code}").status_code == 404
    assert TITLE not in Client().get(f"{SITE}/cong-khai?q={case.code}").text
    assert Client().get(f"/open311/v2/requests/{case.code}.json").status_code == 404
    assert Client().get(f"/open311/v2/requests.json?service_request_id={case.code}").json() == []


def test_an_answer_that_names_the_code_does_not_give_it_away(hall: Hall) -> None:
    case = published(hall)
    answer = approved(case, hall, f"Trả lời phản ánh {case.code}: đã vá xong.")
    Answer.objects.filter(pk=answer.pk).update(sent_at=clock.now())
    page = Client().get(f"{SITE}/cong-khai/{case.pk}").text
    assert "đã vá xong." in page
    assert case.code not in page
