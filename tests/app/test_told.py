"""Pages of whoever tells something: two steps without scripts, what is refused, the receipt, and what is kept."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from nguon.feedback import actions, readers
from nguon.feedback.models import Case, Consent, Reporter, Too, Wording
from nguon.kit import clock
from tests import pictures
from tests.app import reporter
from tests.app.reporter import SITE, fields, tell, the_case, what
from tests.app.told import WORDS, Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(settings: Settings) -> Hall:
    cache.clear()
    found = make_hall()
    reporter.make_site(found)
    return found


@pytest.fixture
def phone() -> Client:
    """A browser of somebody who never signed in; forms need their token as in real life."""
    return Client(enforce_csrf_checks=False)


def a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("anh.jpg", pictures.encoded(pictures.a_picture(640, 480)), "image/jpeg")


def test_two_steps_make_a_case_and_a_receipt_with_its_code_and_digits(hall: Hall, phone: Client) -> None:
    sent = tell(phone, hall)
    assert (sent.status_code, sent.headers["Location"]) == (302, f"{SITE}/da-gui")
    page = phone.get(f"{SITE}/da-gui")
    case = the_case()
    assert case.code in page.text
    assert (case.source, case.words, case.place, case.held) == ("web", WORDS, hall.hamlet, "")
    assert "no-store" in page.headers["Cache-Control"]


def test_the_receipt_is_shown_to_the_browser_that_sent_and_to_no_other(hall: Hall, phone: Client) -> None:
    tell(phone, hall)
    assert Client().get(f"{SITE}/da-gui").status_code == 403
    forged = Client()
    forged.cookies["nguon_told"] = phone.cookies["nguon_told"].value[:-2] + "xx"
    assert forged.get(f"{SITE}/da-gui").status_code == 403


def test_nothing_is_lost_where_something_is_missing(hall: Hall, phone: Client) -> None:
    page = phone.post(f"{SITE}/gui", what(hall, place="", where="trước trường học"))
    assert page.status_code == 422
    assert WORDS in page.text
    assert 'value="trước trường học"' in page.text
    assert 'href="#id_place"' in page.text, "the summary leads to the field"
    assert Case.objects.count() == 0


def test_on_the_server_itself_the_locality_is_chosen_first(hall: Hall, phone: Client) -> None:
    page = phone.get("/phan-anh/gui")
    assert f'value="{hall.here.pk.hex}"' in page.text
    assert 'name="words"' not in page.text
    page = phone.get(f"/phan-anh/gui?noi={hall.here.pk.hex}")
    assert f'value="{hall.hamlet.pk.hex}"' in page.text
    second = phone.post("/phan-anh/gui", what(hall, noi=hall.here.pk.hex))
    assert phone.post("/phan-anh/gui", fields(second.text)).headers["Location"] == "/phan-anh/da-gui"


def test_only_the_page_that_asks_where_may_ask_the_device(hall: Hall, phone: Client) -> None:
    assert "geolocation=(self)" in phone.get(f"{SITE}/gui").headers["Permissions-Policy"]
    assert "geolocation=()" in phone.get(f"{SITE}/theo-doi").headers["Permissions-Policy"]


def test_a_name_is_kept_only_with_a_yes_and_nothing_is_ticked_before(hall: Hall, phone: Client) -> None:
    Wording.objects.get_or_create(number=1, defaults={"text": "Giữ để liên hệ.", "since": hall.now})
    second = phone.post(f"{SITE}/gui", what(hall))
    assert "checked" not in second.text
    refused = phone.post(f"{SITE}/gui", {**fields(second.text), "name": "Lê Thị Hoa", "phone": "0905 123 456"})
    assert refused.status_code == 422
    assert "Lê Thị Hoa" in refused.text
    assert Reporter.objects.count() == 0
    agreed = {"name": "Lê Thị Hoa", "phone": "0905 123 456", "contact": "on"}
    assert phone.post(f"{SITE}/gui", {**fields(refused.text), **agreed}).status_code == 302
    assert (Reporter.objects.get().name, Reporter.objects.get().share) == ("Lê Thị Hoa", False)
    assert Consent.objects.get().purpose == "contact"
    assert "3456" in phone.get(f"{SITE}/da-gui").text


def test_photos_are_kept_small_and_too_many_are_refused(hall: Hall, phone: Client) -> None:
    second = fields(phone.post(f"{SITE}/gui", what(hall)).text)
    many = phone.post(f"{SITE}/gui", {**second, "photos": [a_photo() for _ in range(5)]})
    assert (many.status_code, Case.objects.count()) == (422, 0)
    assert phone.post(f"{SITE}/gui", {**second, "photos": [a_photo(), a_photo()]}).status_code == 302
    kept = the_case().attachments.all()
    assert [one.file.mime for one in kept] == ["image/webp", "image/webp"]
    assert not any(one.public for one in kept)


def test_a_file_that_is_no_picture_is_refused_in_words_at_its_field(hall: Hall, phone: Client) -> None:
    second = fields(phone.post(f"{SITE}/gui", what(hall)).text)
    wrong = SimpleUploadedFile("anh.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "image/heic")
    page = phone.post(f"{SITE}/gui", {**second, "photos": [wrong]})
    assert page.status_code == 422
    assert "HEIC" in page.text
    assert Case.objects.count() == 0


def test_a_telephone_is_not_asked_for_a_kind_that_is_refused(hall: Hall, phone: Client) -> None:
    """Without it in `accept` telephones turn HEIC into JPEG by themselves."""
    assert "heic" not in phone.post(f"{SITE}/gui", what(hall)).text


def test_a_complaint_is_told_its_own_path_and_whoever_means_none_goes_on(hall: Hall, phone: Client) -> None:
    words = "Tôi tố cáo ông Nguyễn Văn A nhận tiền của dân."
    page = phone.post(f"{SITE}/gui", what(hall, words=words))
    assert page.status_code == 422
    assert "Luật Tố cáo" in page.text
    assert words in page.text
    second = phone.post(f"{SITE}/gui", what(hall, words=words, no_petition="on"))
    assert second.status_code == 200
    assert phone.post(f"{SITE}/gui", fields(second.text)).status_code == 302


def moderated(hall: Hall, **changes: Any) -> Case:
    case = hall.case(now=clock.now(), field_id=hall.field().pk, **changes)
    return actions.publish(case=case, title="Ổ gà xóm 2", words="Đường có ổ gà.", actor=hall.clerk, now=clock.now())


def offers(page: str) -> list[str]:
    """What the buttons "I met it too" send."""
    return re.findall(r'name="too" value="([^"]*)"', page)


def test_what_is_like_it_is_shown_before_and_met_too_counts_once_a_browser(hall: Hall, phone: Client) -> None:
    case = moderated(hall)
    page = phone.post(f"{SITE}/gui", what(hall))
    assert "Có phải việc này không?" in page.text
    assert "Ổ gà xóm 2" in page.text
    (offered,) = offers(page.text)
    for _ in range(2):
        assert phone.post(f"{SITE}/gui", {**fields(page.text), "too": offered}).status_code == 200
    case.refresh_from_db()
    assert (case.too, Too.objects.count(), Case.objects.count()) == (1, 1, 1)


def test_what_nobody_moderated_is_a_number_and_cannot_be_located(hall: Hall, phone: Client) -> None:
    """Whoever moves the point about must not find where the telephone of another stood."""
    hall.case(now=clock.now(), latitude=13.8210, longitude=109.1530, field_id=hall.field().pk)
    hall.case(now=clock.now())
    said = []
    for latitude in ("13.8210", "13.8214", "13.9"):
        point = {"latitude": latitude, "longitude": "109.1530"}
        page = phone.post(f"{SITE}/gui", what(hall, field=hall.field().key, **point))
        assert offers(page.text) == []
        assert not re.search(r"\d+ m\b", page.text)
        assert not re.search(r"TP-\d\d-", page.text)
        said.append("Có 2 phản ánh tương tự" in page.text)
    assert said == [True, True, True]


def test_a_case_nobody_moderated_cannot_be_chosen(hall: Hall, phone: Client) -> None:
    case, page = hall.case(now=clock.now()), phone.post(f"{SITE}/gui", what(hall))
    for sent in (case.code, case.pk.hex, readers.offered(case), "x"):
        assert phone.post(f"{SITE}/gui", {**fields(page.text), "too": sent}).status_code == 422
    assert not Too.objects.exists()


def test_one_address_looks_for_what_is_alike_so_many_times(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_LOOKS", 2)
    moderated(hall)
    client = Client(REMOTE_ADDR="203.0.113.9")
    seen = ["Có phải việc này không?" in client.post(f"{SITE}/gui", what(hall)).text for _ in range(3)]
    assert seen == [True, True, False]
    assert client.post(f"{SITE}/gui", fields(client.post(f"{SITE}/gui", what(hall)).text)).status_code == 302


def test_words_of_others_that_were_not_moderated_are_never_shown(hall: Hall, phone: Client) -> None:
    hall.case(words=WORDS + " Gọi tôi số 0905999888.", now=clock.now())
    page = phone.post(f"{SITE}/gui", what(hall))
    assert "Có 1 phản ánh tương tự" in page.text
    assert "0905999888" not in page.text


def test_the_same_sent_again_gives_the_same_receipt(hall: Hall, phone: Client) -> None:
    """A network that dies after the server has answered: the browser sends again."""
    second = fields(phone.post(f"{SITE}/gui", what(hall)).text)
    for _ in range(2):
        assert phone.post(f"{SITE}/gui", second).headers["Location"] == f"{SITE}/da-gui"
    assert the_case().code in phone.get(f"{SITE}/da-gui").text


def test_whoever_fills_in_the_field_nobody_sees_is_held(hall: Hall, phone: Client) -> None:
    tell(phone, hall, website="http://spam.example")
    assert the_case().held


def test_a_field_is_suggested_and_may_be_changed(hall: Hall, phone: Client) -> None:
    page = phone.post(f"{SITE}/gui", what(hall))
    assert '<option value="duong-giao-thong" selected>' in page.text
    phone.post(f"{SITE}/gui", {**fields(page.text), "field": "rac-moi-truong"})
    case = the_case()
    assert case.field is not None
    assert case.field.key == "rac-moi-truong"


def test_further_questions_of_a_field_are_asked_and_kept(hall: Hall, phone: Client) -> None:
    road = hall.field()
    road.questions = [{"key": "sau", "label": "Ổ gà sâu bao nhiêu?", "kind": "text", "needed": True}]
    road.save()
    page = phone.post(f"{SITE}/gui", what(hall, field=road.key))
    assert "Ổ gà sâu bao nhiêu?" in page.text
    assert phone.post(f"{SITE}/gui", fields(page.text)).status_code == 422
    phone.post(f"{SITE}/gui", {**fields(page.text), "q-sau": "hai gang tay"})
    assert the_case().answers == {"sau": "hai gang tay"}


@pytest.mark.parametrize("path", ["", "/gui", "/theo-doi", "/tai", "/cong-khai"])
def test_every_page_stands_on_the_server_and_below_a_site(hall: Hall, path: str) -> None:
    for head in ("/phan-anh", SITE):
        page = Client().get(f"{head}{path}" if path else f"{head}/")
        assert page.status_code == 200, head
        assert "<h1" in page.text
