"""Answers: written, approved by somebody else, given, said aloud without anybody's data; and what is made public."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.feedback import answering, moderating, personal, steps
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Answer, CaseState, Reporter, Template
from nguon.feedback.personal import Whose
from nguon.newsroom.models import Category
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.review import actions as reviews
from nguon.review.models import Review, State
from tests import pictures
from tests.app import telling
from tests.app.telling import NAME, PHONE, Counter

pytestmark = pytest.mark.django_db
TEXT = "Đã thay bóng đèn tối 25/11."


@pytest.fixture
def counter() -> Counter:
    return telling.make()


def client_of(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def test_an_answer_is_given_only_once_somebody_else_approved_it(counter: Counter) -> None:
    case, client = counter.at_work(), client_of(counter.clerk)
    client.post(reverse("feedback:answer", args=[case.pk]), {"text": TEXT, "submit": "1"})
    answer = Answer.objects.get()
    refused = client.post(reverse("feedback:answer-give", args=[case.pk]), follow=True)
    assert "chưa được duyệt" in refused.content.decode()
    leader, review = client_of(counter.desk.approver), Review.objects.get()
    page = leader.get(reverse("review:detail", args=[review.pk])).content.decode()
    assert TEXT in page
    assert NAME not in page
    leader.post(reverse("review:approve", args=[review.pk]), {"text_hash": answer.digest, "media_hash": answer.digest})
    client.post(reverse("feedback:answer-give", args=[case.pk]))
    case.refresh_from_db()
    answer.refresh_from_db()
    assert (case.state, answer.sent_at is not None) == (CaseState.ANSWERED, True)
    assert case.events.filter(words=TEXT).exists()


def test_nobody_approves_what_they_wrote(counter: Counter) -> None:
    case = counter.at_work()
    answer = answering.write_answer(case=case, text=TEXT, actor=counter.desk.both, now=counter.desk.now)
    review = answering.submit(answer=answer, actor=counter.clerk, now=counter.desk.now)
    seen = {"text_hash": review.text_hash, "media_hash": review.media_hash}
    with pytest.raises(reviews.NotTheirs):
        reviews.approve(review=review, actor=counter.desk.both, now=counter.desk.now, **seen)


def test_other_words_must_be_approved_again(counter: Counter) -> None:
    case = counter.at_work()
    old = counter.approved(case)
    new = answering.write_answer(case=case, text=f"{TEXT} Sửa.", actor=counter.clerk, now=counter.desk.now)
    assert old.review is not None
    old.review.refresh_from_db()
    assert old.review.state == State.WITHDRAWN
    for answer in (old, new):
        with pytest.raises(CaseError):
            answering.give(answer=answer, actor=counter.clerk, now=counter.desk.now)


def test_the_same_words_are_no_new_wording(counter: Counter) -> None:
    case = counter.at_work()
    one = answering.write_answer(case=case, text=TEXT, actor=counter.clerk, now=counter.desk.now)
    two = answering.write_answer(case=case, text=f" {TEXT}\n", actor=counter.clerk, now=counter.desk.now)
    assert one == two


def test_neighbours_write_no_answer(counter: Counter) -> None:
    with pytest.raises(Forbidden):
        answering.write_answer(case=counter.at_work(), text=TEXT, actor=counter.desk.neighbour, now=counter.desk.now)


def test_an_approved_answer_becomes_a_bulletin(counter: Counter) -> None:
    case = counter.at_work()
    answer = counter.approved(case)
    client = client_of(counter.desk.editor)
    values = {"title": "Trả lời bà con về đèn đường", "body": "Đèn đường thôn Quảng Vân đã sáng lại."}
    client.post(reverse("feedback:answer-announce", args=[case.pk]), values)
    answer.refresh_from_db()
    assert answer.bulletin is not None
    assert (answer.bulletin.category, answer.bulletin.place) == (Category.REPLY, counter.desk.here)
    with pytest.raises(CaseError):
        answering.announce(answer=answer, **values, actor=counter.desk.editor, now=counter.desk.now)


def test_an_answer_that_says_who_told_it_is_not_sent_for_approval(counter: Counter) -> None:
    """Once approved everybody may read it."""
    case = counter.at_work()
    answer = answering.write_answer(case=case, text=f"Đã gọi {PHONE}.", actor=counter.clerk, now=counter.desk.now)
    with pytest.raises(CaseError, match="số điện thoại"):
        answering.submit(answer=answer, actor=counter.clerk, now=counter.desk.now)
    assert not Review.objects.exists()


@pytest.mark.parametrize("words", [f"Cảm ơn bà {NAME}.", "Cảm ơn bà tran thi buoi.", "Gọi 0905.123.456 để biết."])
def test_a_bulletin_does_not_name_who_told_it(counter: Counter, words: str) -> None:
    case = counter.at_work()
    counter.approved(case)
    client = client_of(counter.desk.editor)
    answer = client.post(reverse("feedback:answer-announce", args=[case.pk]), {"title": "Trả lời", "body": words})
    assert answer.status_code == 422
    assert "người phản ánh. Hãy bỏ đi" in answer.content.decode()
    assert Answer.objects.get().bulletin is None


def test_a_name_shared_in_the_register_is_not_said_aloud(counter: Counter) -> None:
    case = counter.at_work(share=True)
    answer = counter.approved(case)
    said: dict[str, Any] = {"title": "Trả lời", "actor": counter.desk.editor, "now": counter.desk.now}
    with pytest.raises(CaseError, match="họ tên"):
        answering.announce(answer=answer, body=f"Cảm ơn bà {NAME}.", **said)
    steps.check_public(case, f"Bà {NAME} báo.")
    case.consents.filter(purpose="publish").update(withdrawn_at=counter.desk.now)
    with pytest.raises(CaseError, match="họ tên"):
        steps.check_public(case, f"Bà {NAME} báo.")


def test_who_may_not_write_bulletins_makes_none(counter: Counter) -> None:
    case = counter.at_work()
    answer = counter.approved(case)
    with pytest.raises(Forbidden):
        answering.announce(answer=answer, title="a", body="b", actor=counter.clerk, now=counter.desk.now)


def test_templates_fill_in_the_case_and_name_nobody(counter: Counter) -> None:
    case = counter.at_work()
    template = Template(title="t", text="Kính gửi {ten}, về {ma}: {noi_dung}. {don_vi}", state="answered")
    said = answering.filled(template, case)
    assert case.code in said
    assert "ông/bà" in said
    assert NAME not in said
    assert str(counter.office) in said
    Reporter.objects.filter(case=case).update(share=True)
    assert NAME in answering.filled(template, case)


def test_a_case_is_published_in_edited_words_with_chosen_photos(counter: Counter) -> None:
    upload = SimpleUploadedFile("a.jpg", pictures.encoded(pictures.a_picture(40, 30)), "image/jpeg")
    other = SimpleUploadedFile("b.jpg", pictures.encoded(pictures.a_picture(50, 30)), "image/jpeg")
    case, client = counter.case(photos=(upload, other)), client_of(counter.clerk)
    first, second = case.attachments.order_by("number")
    page = client.get(reverse("feedback:public", args=[case.pk])).content.decode()
    assert "Nguyên văn" in page
    values: dict[str, Any] = {"title": "Đèn đường hỏng", "words": "Đèn đường hỏng ba đêm.", "photos": [str(first.pk)]}
    client.post(reverse("feedback:public", args=[case.pk]), values)
    case.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (case.public_words, case.words) == ("Đèn đường hỏng ba đêm.", telling.WORDS)
    assert (first.public, second.public) == (True, False)
    client.post(reverse("feedback:unpublish", args=[case.pk]))
    case.refresh_from_db()
    assert case.public_at is None


def test_nothing_public_names_who_told_it(counter: Counter) -> None:
    case = counter.case()
    with pytest.raises(CaseError, match="số điện thoại"):
        moderating.publish(
            case=case, title="Đèn", words=f"Gọi {PHONE}", photos=(), actor=counter.clerk, now=counter.desk.now
        )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Cảm ơn bà Bưởi đã báo", ["name"]),
        ("Vườn Bưởi đã sạch", []),
        ("Liên hệ 0256 3633 000", []),
        ("Thư của buoi@vidu.vn", ["email"]),
        ("tại 12 đường Trần Phú", ["address"]),
    ],
)
def test_what_counts_as_personal(words: str, found: list[str]) -> None:
    whose = Whose(name="Bưởi", phone=PHONE, email="buoi@vidu.vn", address="12 Đường Trần Phú")
    assert personal.leaked(words, whose) == found
    assert personal.leaked("bà Bưởi", Whose(name="Bưởi", share=True)) == []
