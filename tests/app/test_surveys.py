"""Surveys: written by one, approved by another, answered once by whoever likes, counted."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.channels.site import public_surveys
from nguon.media.files import keep_bytes
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.portal.models import Sheet, Site, Survey
from nguon.portal.surveys import actions, queries, rules
from nguon.portal.surveys.actions import Closed, Plan, SurveyError
from nguon.review import actions as reviews
from tests.app import district
from tests.app.district import NOW

pytestmark = pytest.mark.django_db
WRITTEN = "Bạn có nghe rõ loa không? (*)\n- Nghe rõ\n- Không nghe được\n\nGóp ý thêm"


@pytest.fixture(autouse=True)
def _the_day() -> Any:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def site() -> Site:
    district.stand()
    named = {"slug": "phuoc-thuan", "name": "Trang thông tin điện tử xã Phước Thuận"}
    return Site.objects.create(place=district.place("21982"), opened_at=NOW, created_at=NOW, updated_at=NOW, **named)


def plan(**other: Any) -> Plan:
    given: dict[str, Any] = {
        "kind": "survey",
        "title": "Nghe loa ở thôn",
        "intro": "Hỏi để chỉnh âm lượng.",
        "questions": rules.questions(WRITTEN),
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=7),
        "results": "after",
    }
    return Plan(**(given | other))


def editor() -> Person:
    return district.person("bt.phuocthuan")


def opened(site: Site, **other: Any) -> Survey:
    survey = actions.write(site=site, survey=None, plan=plan(**other), actor=editor(), now=NOW)
    assert survey.review is not None
    seen = {"text_hash": survey.digest, "media_hash": survey.digest}
    reviews.approve(review=survey.review, actor=district.person("duyet.huyen"), now=NOW, **seen)
    survey.refresh_from_db()
    return survey


ADDRESS = "/trang/phuoc-thuan/y-kien/nghe-loa-o-thon"


def test_what_is_not_approved_is_not_there(site: Site) -> None:
    actions.write(site=site, survey=None, plan=plan(), actor=editor(), now=NOW)
    assert Client().get(ADDRESS).status_code == 404
    assert "Hiện không có việc nào" in Client().get("/trang/phuoc-thuan/y-kien/").text


def test_a_person_answers_once_and_no_one_is_named(site: Site) -> None:
    survey = opened(site)
    browser = Client()
    assert "Bạn có nghe rõ loa không?" in browser.get(ADDRESS).text
    sent = browser.post(ADDRESS, {"q0": "Nghe rõ", "q1": "Cảm ơn xã"}, follow=True)
    assert "Đã nhận ý kiến của bạn" in sent.text
    again = browser.post(ADDRESS, {"q0": "Nghe rõ"})
    assert again.status_code == 422
    assert "Máy này đã gửi ý kiến rồi" in again.text
    assert Client().get(ADDRESS).status_code == 200
    sheet = Sheet.objects.get()
    assert sheet.answers == {"0": ["Nghe rõ"], "1": ["Cảm ơn xã"]}
    assert queries.count(survey)[0].bars[0].count == 1


def test_what_must_be_answered_is_named_and_nothing_typed_is_lost(site: Site) -> None:
    opened(site)
    page = Client().post(ADDRESS, {"q1": "Loa hơi to"})
    assert page.status_code == 422
    assert "Câu này cần được trả lời." in page.text
    assert "Loa hơi to</textarea>" in page.text
    assert 'href="#q0"' in page.text


def test_what_no_person_sees_is_filled_by_no_person(site: Site) -> None:
    opened(site)
    Client().post(ADDRESS, {"q0": "Nghe rõ", "website": "http://spam.example"})
    assert not Sheet.objects.exists()


def test_one_network_that_sends_without_end_shuts_nobody_else_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_surveys, "MOST_AN_HOUR", 2)
    monkeypatch.setattr(public_surveys, "MOST_OF_ALL", 4)
    opened(site)
    sent = [Client(REMOTE_ADDR="203.0.113.7").post(ADDRESS, {"q1": "Gửi mãi"}).status_code for _n in range(9)]
    assert sent == 2 * [422] + 7 * [429]
    assert Client(REMOTE_ADDR="198.51.100.3").post(ADDRESS, {"q0": "Nghe rõ"}).status_code == 302


def test_when_it_is_over_the_count_is_there_and_nobody_answers(site: Site) -> None:
    survey = opened(site)
    Client().get(ADDRESS)
    actions.answer(survey=survey, given={"q0": ["Nghe rõ"]}, mark="m", now=NOW)
    assert "1 người đã trả lời" not in Client().get(ADDRESS).text
    with time_machine.travel(NOW + timedelta(days=8)):
        page = Client().get(ADDRESS).text
        assert "1 người đã trả lời" in page
        assert "Gửi ý kiến" not in page
        with pytest.raises(Closed):
            actions.answer(survey=survey, given={"q0": ["Nghe rõ"]}, mark="n", now=NOW + timedelta(days=8))


def test_what_became_of_it_is_said_when_it_is_over(site: Site) -> None:
    survey = opened(site)
    leader = district.person("duyet.huyen")
    with pytest.raises(SurveyError):
        actions.conclude(survey=survey, words="Đã chỉnh loa.", actor=leader, now=NOW)
    later = NOW + timedelta(days=8)
    with pytest.raises(Forbidden):
        actions.conclude(survey=survey, words="Đã chỉnh loa.", actor=editor(), now=later)
    actions.conclude(survey=survey, words="Đã chỉnh loa.", actor=leader, now=later)
    with time_machine.travel(later):
        assert "Đã chỉnh loa." in Client().get(ADDRESS).text


def test_what_is_approved_changes_no_more(site: Site) -> None:
    survey = opened(site)
    with pytest.raises(SurveyError):
        actions.write(site=site, survey=survey, plan=plan(title="Khác"), actor=editor(), now=NOW)


def test_a_neighbour_writes_nothing_there_and_sees_nothing(site: Site) -> None:
    survey = opened(site)
    neighbour = district.person("bt.phuocson")
    with pytest.raises(Forbidden):
        actions.write(site=site, survey=None, plan=plan(), actor=neighbour, now=NOW)
    browser = Client()
    browser.force_login(neighbour)
    assert browser.get(reverse("portal:surveys:detail", args=[survey.pk])).status_code == 404


def test_the_officer_sees_the_count_and_hides_a_rude_word(site: Site) -> None:
    survey = opened(site)
    sheet = actions.answer(survey=survey, given={"q0": ["Nghe rõ"], "q1": ["lời khó nghe"]}, mark="m", now=NOW)
    browser = Client()
    browser.force_login(editor())
    page = browser.get(reverse("portal:surveys:detail", args=[survey.pk])).text
    assert "1 (100%)" in page
    assert "lời khó nghe" in page
    browser.post(reverse("portal:surveys:hide", args=[sheet.pk]))
    assert not queries.words(survey, 1).exists()
    book = browser.get(reverse("portal:surveys:table", args=[survey.pk]))
    assert book.content.startswith(b"PK")


def test_a_page_that_is_no_list_of_questions_is_told_and_kept(site: Site) -> None:
    browser = Client()
    browser.force_login(editor())
    sent = {
        "site": site.pk,
        "kind": "draft",
        "title": "Quy ước thôn",
        "questions": "- không có câu hỏi",
        "opens_at": "2026-11-24T08:00",
        "closes_at": "2026-11-23T08:00",
        "results": "after",
    }
    page = browser.post(reverse("portal:surveys:new"), sent)
    assert page.status_code == 422
    assert "chưa có câu hỏi" in page.text
    assert "cần tệp dự thảo" in page.text
    assert "phải sau ngày bắt đầu" in page.text
    assert "Quy ước thôn" in page.text


def test_who_has_one_site_need_not_choose_it(site: Site) -> None:
    browser = Client()
    browser.force_login(editor())
    page = browser.get(reverse("portal:surveys:new")).text
    assert f'<option value="{site.pk}" selected>' in page
    assert 'value="2026-11-23T09:00"' in page


def test_before_anything_was_asked_the_office_says_what_one_could_ask(site: Site) -> None:
    browser = Client()
    browser.force_login(editor())
    page = browser.get(reverse("portal:surveys:list"))
    assert "Chưa hỏi ý kiến lần nào" in page.text


def test_whoever_approves_reads_the_draft_and_changes_nothing(site: Site) -> None:
    file = keep_bytes(b"%PDF-1.4 du thao", "application/pdf", NOW, {})
    survey = actions.write(
        site=site, survey=None, plan=plan(file=file, filename="du-thao.pdf"), actor=editor(), now=NOW
    )
    browser = Client()
    browser.force_login(district.person("duyet.huyen"))
    draft = browser.get(reverse("portal:surveys:file", args=[survey.pk]))
    assert draft.getvalue() == b"%PDF-1.4 du thao"
    page = browser.get(reverse("portal:surveys:detail", args=[survey.pk]))
    assert page.status_code == 200
    assert reverse("portal:surveys:withdraw", args=[survey.pk]) not in page.text
    assert browser.post(reverse("portal:surveys:withdraw", args=[survey.pk])).status_code == 404


def test_whoever_ever_wrote_in_it_does_not_approve_it(site: Site) -> None:
    first, second = editor(), district.person("bt.huyen")
    survey = actions.write(site=site, survey=None, plan=plan(), actor=first, now=NOW)
    survey = actions.write(site=site, survey=survey, plan=plan(title="Sửa lại"), actor=second, now=NOW)
    assert {first.pk, second.pk} <= queries.writers(survey.pk)


def test_a_sheet_stays_on_the_site_it_was_written_for(site: Site) -> None:
    other = Site.objects.create(
        place=district.place("21970"), slug="phuoc-son", name="Trang khác", created_at=NOW, updated_at=NOW
    )
    survey = actions.write(site=site, survey=None, plan=plan(), actor=editor(), now=NOW)
    with pytest.raises(SurveyError, match="soạn phiếu mới"):
        actions.write(site=other, survey=survey, plan=plan(), actor=district.person("bt.huyen"), now=NOW)


def test_an_answer_that_no_database_keeps_is_cleaned(site: Site) -> None:
    survey = opened(site)
    sheet = actions.answer(survey=survey, given={"q0": ["Nghe rõ"], "q1": ["a\x00b\u202e"]}, mark="m", now=NOW)
    assert sheet.answers["1"] == ["ab"]


def test_until_when_it_is_open_is_said_to_the_minute(site: Site) -> None:
    opened(site)
    assert "đến 08:00, 30/11/2026" in Client().get("/trang/phuoc-thuan/y-kien/").text


@pytest.mark.parametrize(("data", "said"), [(b"MZ khong phai", "Không nhận ra tệp này"), (b"", "trống")])
def test_a_draft_that_is_no_document_is_told(site: Site, data: bytes, said: str) -> None:
    browser = Client()
    browser.force_login(editor())
    upload = SimpleUploadedFile("du-thao.pdf", data)
    page = browser.post(reverse("portal:surveys:new"), {"site": site.pk, "kind": "draft", "file": upload})
    assert page.status_code == 422
    assert said in page.text


def test_a_secret_draft_does_not_come_in(site: Site) -> None:
    with pytest.raises(SurveyError, match="mật"):
        actions.write(site=site, survey=None, plan=plan(title="(Mật) Dự thảo"), actor=editor(), now=NOW)
