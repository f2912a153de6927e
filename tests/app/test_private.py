"""Personal data of reporters: who may see it, what is noted, how it is given out, and that erased is erased."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from PIL import Image

from nguon.feedback import (
    actions,
    answering,
    moderating,
    private,
    private_clock,
    private_errors,
    private_queries,
    queries,
)
from nguon.feedback.actions import Taken
from nguon.feedback.models import Case, Gone, PrivacyRequest, Reporter, Retention
from nguon.journal.models import Entry
from nguon.kit.clock import LOCAL
from nguon.media.models import File
from nguon.people.scope import Forbidden
from nguon.review import actions as reviews
from tests.app import told as halls
from tests.app.desk import person
from tests.app.told import Hall

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL, HOME = "Đặng Thị Mùi Tẩm", "0987654321", "mui.tam@example.vn", "Ngõ 77 xóm Gò Găng"
SECRETS = (NAME, PHONE, MAIL, HOME, "4321")
WORDS = f"Tôi là {NAME}, ở {HOME}, gọi {PHONE}. Đèn đường trước chợ hỏng đã một tuần."


@pytest.fixture
def hall() -> Hall:
    return halls.make_hall()


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "JPEG")
    return SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg")


def told(hall: Hall, **changes: Any) -> Taken:
    said: dict[str, Any] = {"words": WORDS, "name": NAME, "phone": PHONE, "email": MAIL, "address": HOME}
    agreed = {"consents": frozenset({"contact", "publish"}), "share": True, "photos": (photo(),)}
    return hall.taken(**said | agreed | changes)


def everything() -> str:
    """All rows of all tables as text."""
    models: Iterator[type[Model]] = (one for one in apps.get_models() if one._meta.managed)
    rows = [row for model in models for row in model._default_manager.all()]
    return json.dumps(json.loads(serializers.serialize("json", rows)), ensure_ascii=False)


def erased(hall: Hall, taken: Taken, words: str = "Đèn đường trước chợ hỏng đã một tuần.") -> Case:
    asked = private.ask_erasure(case=taken.case, photos=True, words=f"Xin xóa cho {NAME}", now=hall.now)
    private.erase(request=asked, words=words, actor=hall.clerk, now=hall.now)
    taken.case.refresh_from_db()
    return taken.case


def test_a_look_at_contacts_is_noted_without_the_data(hall: Hall) -> None:
    case = told(hall).case
    found = private.look(case=case, why="look-ask", actor=hall.clerk, now=hall.now)
    assert found is not None
    assert found.phone == PHONE
    entry = Entry.objects.get(verb="feedback.look")
    assert entry.after["reason"] == "look-ask"
    assert not any(one in json.dumps(entry.after, ensure_ascii=False) for one in SECRETS)
    assert [one.who for one in private_queries.looks_at(case)] == [str(hall.clerk)]


def test_whoever_has_no_right_there_sees_no_contacts(hall: Hall) -> None:
    case = told(hall).case
    approver = person("duyet", "Trần Duyệt", hall.here, "approver")  # may answer cases, not see who told them
    for stranger in (hall.neighbour, approver):
        with pytest.raises(Forbidden):
            private.look(case=case, why="look-ask", actor=stranger, now=hall.now)
    assert not Entry.objects.filter(verb="feedback.look").exists()


def test_a_consent_that_is_taken_back_takes_its_data_along(hall: Hall) -> None:
    case = told(hall).case
    private.take_back(case=case, purpose="publish", now=hall.now)
    private.take_back(case=case, purpose="contact", now=hall.now)
    mine = Reporter.objects.get(case=case)
    assert (mine.share, mine.name, mine.phone, mine.email, mine.address) == (False, "", "", "", "")
    assert not case.consents.filter(withdrawn_at=None).exists()
    assert case.privacy_requests.filter(wish="withdraw", done_at__isnull=False).count() == 2


def test_who_no_longer_agrees_is_out_of_the_register(hall: Hall) -> None:
    case = told(hall).case
    actions.publish(case=case, title="Đèn hỏng", words="Đèn trước chợ hỏng.", actor=hall.clerk, now=hall.now)
    private.take_back(case=case, purpose="contact", now=hall.now)
    assert list(queries.register([hall.hamlet.pk])) == [case]
    private.take_back(case=case, purpose="publish", now=hall.now)
    assert not queries.register([hall.hamlet.pk]).exists()
    assert "rút lại" in case.events.get(verb="feedback.unpublish").note


def test_without_consent_nothing_is_put_right(hall: Hall) -> None:
    case = told(hall).case
    private.take_back(case=case, purpose="contact", now=hall.now)
    with pytest.raises(private_errors.NotAgreed):
        private.correct(case=case, name=NAME, phone="", email="", address="", now=hall.now)
    assert Reporter.objects.get(case=case).name == ""


def test_photos_are_shown_only_while_their_reporter_agrees(hall: Hall) -> None:
    said: dict[str, Any] = {"title": "Đèn hỏng", "words": "Đèn hỏng.", "actor": hall.clerk, "now": hall.now}
    for actor in (None, hall.clerk):
        case = told(hall, actor=actor, source="paper").case
        pictured = [case.attachments.get().pk]
        moderating.publish(case=case, photos=pictured, **said)
        private.take_back(case=case, purpose="publish", now=hall.now)
        with pytest.raises(actions.CaseError, match="chưa đồng ý"):
            moderating.publish(case=case, photos=pictured, **said)
        moderating.publish(case=case, photos=[], **said)
        assert not case.attachments.filter(public=True).exists()


def test_a_copy_holds_all_that_is_held(hall: Hall) -> None:
    case = told(hall).case
    private.look(case=case, why="look-visit", actor=hall.clerk, now=hall.now)
    held = private_queries.held(case)
    said = json.dumps(held, default=str, ensure_ascii=False)
    assert all(one in said for one in (NAME, PHONE, MAIL, HOME))
    assert held["words"] == WORDS
    assert len(held["consents"]) == 2
    assert "91/2025" not in held["consents"][0]["wording"]
    assert held["consents"][0]["wording"].startswith("Tôi đồng ý")
    assert len(held["looks"]) == 1
    assert len(list(private_queries.photos(case))) == 1


def test_requests_have_the_clocks_of_the_law(hall: Hall) -> None:
    """Monday; Tuesday is a holiday: two working days end on Thursday. Twenty days end on Sunday: Monday."""
    asked = private.ask_erasure(case=told(hall).case, photos=True, words="", now=hall.now)
    days = [moment.astimezone(LOCAL).date().isoformat() for moment in (asked.reply_by, asked.done_by)]
    assert days == ["2026-11-26", "2026-12-14"]
    private.extend(request=asked, why="Cần đối chiếu hồ sơ giấy.", actor=hall.clerk, now=hall.now)
    asked.refresh_from_db()
    assert asked.done_by.astimezone(LOCAL).date().isoformat() == "2026-12-29"
    with pytest.raises(private_errors.ExtendedAlready):
        private.extend(request=asked, why="Nữa.", actor=hall.clerk, now=hall.now)


def test_a_reason_longer_than_its_column_is_refused(hall: Hall) -> None:
    asked = private.ask_erasure(case=told(hall).case, photos=True, words="", now=hall.now)
    clerk = Client()
    clerk.force_login(hall.clerk)
    address = reverse("feedback:privacy-extend", args=[asked.pk])
    page = clerk.post(address, {"words": "á" * 401}, follow=True).text
    assert "dài quá 400 chữ cái" in page
    assert 'maxlength="400"' in page
    asked.refresh_from_db()
    assert asked.extended_at is None
    clerk.post(address, {"words": "á" * 400})
    asked.refresh_from_db()
    assert asked.extended_why == "á" * 400


def test_the_same_is_asked_once(hall: Hall) -> None:
    case = told(hall).case
    private.ask_erasure(case=case, photos=True, words="", now=hall.now)
    with pytest.raises(private_errors.AskedAlready):
        private.ask_erasure(case=case, photos=True, words="", now=hall.now)


def test_erased_is_erased_and_the_figures_stay(hall: Hall) -> None:
    taken = told(hall)
    case = actions.assign(case=taken.case, office=hall.office, actor=hall.clerk, now=hall.now)
    actions.ask(case=case, words=f"Chào bà {NAME}, đèn ở cột nào?", actor=hall.clerk, now=hall.now)
    actions.supplement(case=case, words=f"Cột số 5, gọi tôi {PHONE}", photos=(photo(),), now=hall.now)
    hall.answered(case)
    actions.say_content(case=case, score=5, words=f"Cảm ơn, {NAME}", reopen=False, now=hall.now)
    private.look(case=case, why="look-ask", actor=hall.clerk, now=hall.now)
    assert all(one in everything() for one in SECRETS[:4]), "the test would see it"
    case = erased(hall, taken)
    left = everything()
    assert not [one for one in SECRETS[:4] if one in left]
    assert PHONE not in re.sub(r"[\s.]", "", left)
    assert Case.objects.filter(pk=case.pk, state="answered").count() == 1
    assert case.words == "Đèn đường trước chợ hỏng đã một tuần."
    assert queries.looked_up(taken.code, taken.tail) is None
    assert not Case.objects.filter(folded__contains="mui tam").exists()
    assert not case.attachments.exists()


def test_why_an_answer_was_returned_is_erased_too_and_in_no_journal(hall: Hall) -> None:
    taken = told(hall)
    case = actions.assign(case=taken.case, office=hall.office, actor=hall.clerk, now=hall.now)
    answer = answering.write_answer(case=case, text="Đã thay bóng đèn.", actor=hall.clerk, now=hall.now)
    approver = person("duyet", "Trần Duyệt", hall.here, "approver")
    for reason in (f"Bà {NAME} đã gọi lại.", f"Gọi {PHONE} trước."):
        review = answering.submit(answer=answer, actor=hall.clerk, now=hall.now)
        reviews.return_(review=review, reason=reason, actor=approver, now=hall.now)
        answer.refresh_from_db()
    withdrawn = answering.submit(answer=answer, actor=hall.clerk, now=hall.now)
    reviews.withdraw(review=withdrawn, reason=f"Chờ bà {NAME}.", actor=approver, now=hall.now)
    noted = json.dumps(list(Entry.objects.values_list("after", flat=True)), ensure_ascii=False)
    assert '"state": "returned"' in noted
    assert not [one for one in SECRETS[:4] if one in noted]
    erased(hall, taken)
    assert not [one for one in SECRETS[:4] if one in everything()]


def test_the_bytes_of_erased_photos_are_gone(hall: Hall, django_capture_on_commit_callbacks: Any) -> None:
    taken = told(hall)
    path = taken.case.attachments.get().file.path
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        erased(hall, taken)
    assert not File.objects.filter(path=path).exists()
    assert not default_storage.exists(path)


def test_a_photo_that_another_case_has_too_stays(hall: Hall, django_capture_on_commit_callbacks: Any) -> None:
    first, second = told(hall), told(hall)
    path = second.case.attachments.get().file.path
    assert first.case.attachments.get().file.path == path
    with django_capture_on_commit_callbacks(execute=True):
        erased(hall, first)
    assert default_storage.exists(path)
    assert second.case.attachments.count() == 1


def test_words_that_still_tell_who_it_is_are_refused(hall: Hall) -> None:
    taken = told(hall)
    with pytest.raises(private_errors.StillPersonal) as refused:
        erased(hall, taken, words="Bà dang thi mui tam báo đèn hỏng.")
    assert "dang thi mui tam" in str(refused.value)
    assert Reporter.objects.get(case=taken.case).name == NAME


def test_only_whoever_may_see_contacts_erases(hall: Hall) -> None:
    asked = private.ask_erasure(case=told(hall).case, photos=True, words="", now=hall.now)
    with pytest.raises(Forbidden):
        private.erase(request=asked, words="", actor=hall.neighbour, now=hall.now)


def test_an_erasure_is_done_once(hall: Hall) -> None:
    taken = told(hall)
    erased(hall, taken)
    with pytest.raises(private_errors.AlreadyDone):
        private.erase(request=PrivacyRequest.objects.get(wish="erase"), words="", actor=hall.clerk, now=hall.now)


@pytest.mark.parametrize(("ends", "nameless", "deleted"), [("close", 366, 1830), ("refuse", 93, 370)])
def test_the_clock_forgets_who_then_what(hall: Hall, ends: str, nameless: int, deleted: int) -> None:
    taken = told(hall)
    case = taken.case
    if ends == "close":
        case = hall.answered(actions.assign(case=case, office=hall.office, actor=hall.clerk, now=hall.now))
        actions.close(case=case, actor=hall.clerk, now=hall.now)
    else:
        actions.refuse(case=case, words="Ngoài thẩm quyền.", actor=hall.clerk, now=hall.now)
    assert private_clock.by_clock(hall.now + timedelta(days=nameless - 10)) == private_clock.Swept()
    assert private_clock.by_clock(hall.now + timedelta(days=nameless)) == private_clock.Swept(nameless=1)
    assert private_clock.by_clock(hall.now + timedelta(days=nameless)) == private_clock.Swept()
    assert not [one for one in SECRETS[:4] if one in everything()]
    assert Reporter.objects.get(case=case).gone_at is not None
    assert private_clock.by_clock(hall.now + timedelta(days=deleted)) == private_clock.Swept(deleted=1)
    assert not Case.objects.exists()
    gone = Gone.objects.get()
    assert (gone.code, gone.state, gone.why) == (taken.code, case.state if ends == "close" else "refused", "clock")


def test_what_its_reporter_left_is_forgotten_too(hall: Hall) -> None:
    case = actions.assign(case=told(hall).case, office=hall.office, actor=hall.clerk, now=hall.now)
    actions.ask(case=case, words="Ở cột nào?", actor=hall.clerk, now=hall.now)
    assert private_clock.by_clock(hall.now + timedelta(days=366)) == private_clock.Swept(nameless=1)


def test_the_clock_takes_a_few_at_a_time(hall: Hall) -> None:
    for _one in range(3):
        actions.refuse(case=told(hall).case, words="Ngoài thẩm quyền.", actor=hall.clerk, now=hall.now)
    later = hall.now + timedelta(days=100)
    assert [private_clock.by_clock(later, 2).nameless for _turn in range(3)] == [2, 1, 0]


def test_a_case_at_work_is_kept_however_old(hall: Hall) -> None:
    told(hall)
    assert private_clock.by_clock(hall.now + timedelta(days=4000)) == private_clock.Swept()


def test_without_a_rule_nothing_is_taken_away(hall: Hall) -> None:
    actions.refuse(case=told(hall).case, words="Ngoài thẩm quyền.", actor=hall.clerk, now=hall.now)
    Retention.objects.all().delete()
    assert private_clock.by_clock(hall.now + timedelta(days=4000)) == private_clock.Swept()


class TestPages:
    """The pages for officers and for whoever told it."""

    @pytest.fixture
    def clerk(self, hall: Hall) -> Client:
        client = Client()
        client.force_login(hall.clerk)
        return client

    def test_contacts_are_shown_after_a_reason(self, hall: Hall, clerk: Client) -> None:
        address = reverse("feedback:contacts", args=[told(hall).case.pk])
        assert PHONE not in clerk.get(address).text
        assert PHONE not in clerk.post(address, {"why": ""}).text
        assert not Entry.objects.filter(verb="feedback.look").exists()
        assert PHONE in clerk.post(address, {"why": "look-ask"}).text

    def test_who_looked_is_for_whoever_reads_the_journal(self, hall: Hall, clerk: Client) -> None:
        private.look(case=told(hall).case, why="look-ask", actor=hall.clerk, now=hall.now)
        assert clerk.get(reverse("feedback:looks")).status_code == 403
        admin = Client()
        admin.force_login(person("qt", "Quản Trị", hall.here, "admin"))
        page = admin.get(reverse("feedback:looks")).text
        assert str(hall.clerk) in page
        assert PHONE not in page

    def test_a_reporter_sees_exports_and_asks_to_be_erased(self, hall: Hall, clerk: Client) -> None:
        taken, browser = told(hall), Client()
        page = browser.post(reverse("told:data"), {"code": taken.code, "tail": taken.tail})
        assert NAME in page.text
        assert page.headers["Cache-Control"] == "no-store"
        proof = page.text.split('name="proof" value="')[1].split('"')[0]
        copy = browser.post(reverse("told:data-export"), {"proof": proof, "form": "json"}).json()
        assert copy["reporter"]["phone"] == PHONE
        assert copy["photos"][0]["data"]
        assert WORDS in browser.post(reverse("told:data-export"), {"proof": proof, "form": "page"}).text
        back = browser.post(reverse("told:data"), {"proof": proof})
        assert NAME in back.text, "from the copy one comes back without typing the code again"
        sure = browser.post(reverse("told:data-erase"), {"proof": proof})
        assert "Được giữ lại" in sure.text
        assert not PrivacyRequest.objects.filter(wish="erase").exists()
        browser.post(reverse("told:data-erase"), {"proof": proof, "sure": "yes", "photos": "yes"})
        asked = PrivacyRequest.objects.get(wish="erase")
        assert taken.code in clerk.get(reverse("feedback:privacy")).text
        detail = clerk.get(reverse("feedback:privacy-request", args=[asked.pk])).text
        assert "Tôi là [đã xóa]" in detail
        kept = {"words": "Đèn đường hỏng."}
        assert clerk.post(reverse("feedback:privacy-erase", args=[asked.pk]), kept).status_code == 302
        assert browser.post(reverse("told:data-export"), {"proof": proof, "form": "json"}).status_code == 422
        again = browser.post(reverse("told:data"), {"code": taken.code, "tail": taken.tail})
        assert again.status_code == 422

    def test_a_wrong_tail_tells_nothing_and_many_must_wait(self, hall: Hall) -> None:
        taken, browser = told(hall), Client()
        answers = [browser.post(reverse("told:data"), {"code": taken.code, "tail": "0000"}) for _try in range(10)]
        assert {one.status_code for one in answers} == {422, 429}
        assert not any(NAME in one.text for one in answers)
        assert browser.post(reverse("told:data"), {"code": taken.code, "tail": taken.tail}).status_code == 429

    def test_a_proof_that_is_made_up_opens_nothing(self, hall: Hall) -> None:
        told(hall)
        for name in ("told:data", "told:data-export", "told:data-change", "told:data-erase"):
            assert Client().post(reverse(name), {"proof": "gia-mao", "form": "json"}).status_code == 422

    def test_a_reporter_corrects_and_takes_back(self, hall: Hall) -> None:
        taken, browser = told(hall), Client()
        page = browser.post(reverse("told:data"), {"code": taken.code, "tail": taken.tail}).text
        proof = page.split('name="proof" value="')[1].split('"')[0]
        values = {"proof": proof, "do": "correct", "name": "Đặng Mùi", "phone": "0911111111"}
        assert "Đã sửa" in browser.post(reverse("told:data-change"), values).text
        assert Reporter.objects.get().name == "Đặng Mùi"
        bad = browser.post(reverse("told:data-change"), values | {"email": "không phải thư"})
        assert bad.status_code == 422
        browser.post(reverse("told:data-change"), {"proof": proof, "do": "contact"})
        assert Reporter.objects.get().phone == ""
        refused = browser.post(reverse("told:data-change"), values)
        assert (refused.status_code, "không còn đồng ý" in refused.text) == (409, True)
        assert "Thông tin liên hệ</h2>" not in refused.text

    def test_retention_is_changed_by_whoever_administers_all(self, hall: Hall, clerk: Client) -> None:
        values = {"lot": "ended", "nameless_months": 6, "deleted_months": 24, "basis": "QĐ 1"}
        values |= {"valid_from": "2099-01-01"}
        assert clerk.post(reverse("feedback:kept"), values).status_code == 403
        admin = Client()
        admin.force_login(person("qt", "Quản Trị", hall.root, "admin"))
        wrong = admin.post(reverse("feedback:kept"), values | {"deleted_months": 3})
        assert wrong.status_code == 422
        assert admin.post(reverse("feedback:kept"), values).status_code == 302
        assert Retention.objects.filter(lot="ended").count() == 2
        assert Retention.objects.get(lot="ended", valid_from=None).valid_to is not None
