"""Open311 GeoReport v2 as a program meets it, by a client that knows the contract only."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from nguon.feedback import actions
from nguon.feedback.models import Authority, Case, Client, Field, Reporter
from nguon.feedback.open311 import actions as programs
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people.scope import Forbidden
from nguon.places.models import Code
from tests.app import told as halls
from tests.app.desk import person
from tests.app.told import Hall
from tests.open311 import GeoReport, Open311Error

pytestmark = pytest.mark.django_db
WORDS = "Cột điện trước nhà văn hóa nghiêng sắp đổ."
GOOD: dict[str, Any] = {"service_code": "dien-chieu-sang", "address_string": "Nhà văn hóa thôn Quảng Vân"}
GOOD |= {"lat": "13.85", "long": "109.15", "description": WORDS}
WHO = {"first_name": "Tẩm", "last_name": "Đặng Thị Mùi", "phone": "0987654321", "email": "mui@example.vn"}


@pytest.fixture
def hall() -> Hall:
    made = halls.make_hall()
    for place, code in ((made.root, "550"), (made.here, "21982"), (made.there, "21985")):
        Code.objects.create(place=place, system="gso", code=code)
    return made


def send(method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
    form = "application/x-www-form-urlencoded"
    browser, address = Browser(enforce_csrf_checks=True), f"/open311/v2/{path}"
    answer = browser.post(address, body, content_type=form) if method == "POST" else browser.get(address)
    return answer.status_code, answer.headers["Content-Type"], answer.content


def program(hall: Hall, **changes: Any) -> tuple[Client, str]:
    admin = person("qt", "Quản Trị", hall.root, "admin")
    values: dict[str, Any] = {
        "place_id": hall.here.pk,
        "name": "Ứng dụng xóm",
        "consent": False,
        "hourly": 60,
    } | changes
    return programs.make_client(**values, actor=admin, now=hall.now)


@pytest.fixture(params=["json", "xml"])
def port(request: pytest.FixtureRequest, hall: Hall) -> GeoReport:
    return GeoReport(send, request.param, program(hall)[1])


def test_services_are_listed(port: GeoReport) -> None:
    found = {one["service_code"]: one for one in port.services()}
    assert found["dien-chieu-sang"]["service_name"] == "Điện, đèn đường"
    assert found["dien-chieu-sang"]["metadata"] in (False, "false")
    assert {one["type"] for one in found.values()} == {"realtime"}


def test_what_a_service_asks_more_is_defined(port: GeoReport) -> None:
    questions = [
        {"key": "cot", "label": "Số cột", "kind": "text", "needed": True},
        {"key": "loai", "label": "Loại đèn", "kind": "choice", "choices": ["LED", "Cao áp"], "needed": False},
    ]
    Field.objects.filter(key="dien-chieu-sang").update(questions=questions)
    assert {one["service_code"]: one for one in port.services()}["dien-chieu-sang"]["metadata"] in (True, "true")
    first, second = port.definition("dien-chieu-sang")["attributes"]
    assert (first["code"], first["datatype"], first["description"]) == ("cot", "text", "Số cột")
    assert (second["datatype"], second["values"][0]) == ("singlevaluelist", {"key": "LED", "name": "LED"})
    with pytest.raises(Open311Error) as refused:
        port.post(**GOOD)
    assert refused.value.status == 400
    assert "attribute[cot]" in refused.value.errors[0][1]
    port.post(**GOOD, attributes={"cot": "12"})
    assert Case.objects.get().answers == {"cot": "12"}


def test_a_request_is_posted_and_followed(hall: Hall, port: GeoReport) -> None:
    made = port.post(**GOOD)
    case = Case.objects.get(pk=made["service_request_id"])
    assert (case.words, case.source, case.place) == (WORDS, "other", hall.here)
    assert (case.latitude, case.field_id) == (13.85, Field.objects.get(key="dien-chieu-sang").pk)
    assert case.code in made["service_notice"]
    assert "token" not in made
    followed = port.request(case.pk.hex)
    assert (followed["status"], followed["status_notes"]) == ("open", "Mới gửi")
    assert "description" not in followed, "nobody has moderated it"
    assert port.token(case.pk.hex)["service_request_id"] == case.pk.hex
    assert port.requests() == []
    case = actions.assign(case=case, office=hall.office, actor=hall.clerk, now=clock.now())
    hall.answered(case)
    case.refresh_from_db()
    actions.publish(case=case, title="Cột điện nghiêng", words="Cột đã dựng lại.", actor=hall.clerk, now=clock.now())
    (shown,) = port.requests(status="closed")
    assert shown["service_request_id"] == case.pk.hex
    assert shown["description"] == "Cột điện nghiêng\nCột đã dựng lại."
    assert shown["agency_responsible"] == hall.office.name
    assert shown["requested_datetime"].endswith("Z")
    assert port.requests(status="open") == []


def test_without_consent_nothing_personal_is_kept(hall: Hall, port: GeoReport) -> None:
    made = port.post(**GOOD, **WHO)
    assert "không được lưu" in made["service_notice"]
    assert not Reporter.objects.exists()


def test_with_consent_the_contact_is_kept_apart(hall: Hall) -> None:
    port = GeoReport(send, key=program(hall, consent=True)[1])
    made = port.post(**GOOD, **WHO)
    mine = Reporter.objects.get(case=made["service_request_id"])
    assert (mine.name, mine.phone) == ("Đặng Thị Mùi Tẩm", "0987654321")
    assert mine.case.consents.get().purpose == "contact"
    assert "0987654321" not in str(port.request(mine.case.pk.hex))


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "sai"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "khong-co"}, 404, "khong-co"),
        ({"lat": "", "long": "", "address_string": ""}, 400, "nơi xảy ra"),
        ({"lat": "13.8", "long": ""}, 400, "lat"),
        ({"lat": "nan", "long": "1"}, 400, "lat"),
        ({"lat": "95", "long": "1"}, 400, "lat"),
        ({"description": ""}, 400, "phản ánh"),
        ({"description": "a" * 4001}, 400, "4000"),
        ({"jurisdiction_id": "99999"}, 404, "99999"),
        ({"jurisdiction_id": "21985"}, 403, "jurisdiction_id"),
    ],
)
def test_what_is_wrong_is_refused_as_the_contract_says(
    port: GeoReport, changes: dict[str, str], status: int, said: str
) -> None:
    with pytest.raises(Open311Error) as refused:
        port.post(**GOOD | changes)
    assert refused.value.status == status
    assert refused.value.errors[0][0] == str(status)
    assert said in refused.value.errors[0][1]
    assert not Case.objects.exists()


def test_what_is_not_there_is_not_found(hall: Hall, port: GeoReport) -> None:
    unpublished = hall.case().pk.hex  # told on a site, read by nobody yet
    for number in (unpublished, "TP-26-22222"):
        with pytest.raises(Open311Error) as refused:
            port.request(number)
        assert refused.value.status == 404
    with pytest.raises(Open311Error) as refused:
        port.token("x")
    assert refused.value.status == 404
    with pytest.raises(Open311Error) as refused:
        port.definition("khong-co")
    assert refused.value.status == 404


def test_too_many_posts_in_an_hour_wait(hall: Hall) -> None:
    port = GeoReport(send, key=program(hall, hourly=2)[1])
    port.post(**GOOD)
    port.post(**GOOD | {"description": "Một việc khác hẳn."})
    with pytest.raises(Open311Error) as refused:
        port.post(**GOOD | {"description": "Việc thứ ba."})
    assert (refused.value.status, refused.value.errors[0][0]) == (400, "429")


def test_the_same_words_again_from_a_key_are_not_held(hall: Hall) -> None:
    port = GeoReport(send, key=program(hall)[1])
    for _ in range(5):
        port.post(**GOOD)
    assert set(Case.objects.values_list("held", flat=True)) == {""}


def test_a_key_that_was_taken_back_opens_nothing(hall: Hall) -> None:
    client, key = program(hall)
    with pytest.raises(Forbidden):
        programs.end_client(client=client, actor=hall.clerk, now=hall.now)
    admin = person("qt2", "Quản Trị Hai", hall.here, "admin")
    programs.end_client(client=client, actor=admin, now=hall.now)
    with pytest.raises(Open311Error):
        GeoReport(send, key=key).post(**GOOD)
    assert key not in str(list(Client.objects.values())) + str(list(Entry.objects.values()))


def test_the_register_is_asked_by_date_service_number_and_place(hall: Hall, port: GeoReport) -> None:
    now = clock.now()
    cases = []
    for days, field, place in ((1, "khac", hall.hamlet), (40, "khac", hall.there), (80, "giao-duc", hall.here)):
        case = hall.taken(now=now - timedelta(days=days), place_id=place.pk, field_id=hall.field(field).pk).case
        actions.publish(case=case, title="Việc", words="Lời", actor=hall.chief, now=now)
        cases.append(case.pk.hex)

    def codes(**asked: str) -> list[str]:
        return [one["service_request_id"] for one in port.requests(**asked)]

    day = {days: (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") for days in (2, 50, 100)}
    assert codes() == cases
    assert codes(service_code="giao-duc") == cases[2:]
    assert codes(start_date=day[50], end_date=day[2]) == cases[1:2]
    assert codes(service_request_id=f"{cases[2]},{cases[0]}", status="closed") == [cases[0], cases[2]]
    assert codes(jurisdiction_id="21982") == [cases[0], cases[2]]
    assert codes(page_size="1", page="2") == cases[1:2]
    for wrong in ({"start_date": day[100], "end_date": day[2]}, {"start_date": "hôm qua"}, {"status": "xong"}):
        with pytest.raises(Open311Error) as refused:
            codes(**wrong)
        assert refused.value.status == 400


@pytest.mark.parametrize(
    "query",
    [
        "start_date=9999-12-31T00:00:00Z",
        "end_date=0001-01-01T00:00:00Z",
        "start_date=0001-01-01T00:00:00%2B14:00&end_date=0001-01-02T00:00:00Z",
    ],
)
def test_dates_at_the_ends_of_the_calendar_are_refused(hall: Hall, query: str) -> None:
    answer = Browser().get(f"/open311/v2/requests.json?{query}")
    assert answer.status_code == 400
    assert "_date" in answer.json()[0]["description"]


def test_where_a_public_case_lies_is_not_given_to_programs(hall: Hall, port: GeoReport) -> None:
    case = hall.taken(now=clock.now(), latitude=13.8211, longitude=109.1531).case
    actions.publish(case=case, title="Việc", words="Lời", actor=hall.clerk, now=clock.now())
    (shown,) = port.requests()
    assert not shown["lat"]
    assert not shown["long"]
    assert "13.82" not in str(shown)


def test_other_ways_of_asking_are_refused_in_the_same_form(hall: Hall) -> None:
    answer = Browser().delete("/open311/v2/requests.json")
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)


def test_the_interface_says_where_it_is(hall: Hall) -> None:
    found = Browser().get("/open311/v2/discovery.json").json()
    assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
    assert b"<endpoint>" in Browser().get("/open311/v2/discovery.xml").content
    assert reverse("open311:services", args=["xml"]) == "/open311/v2/services.xml"


class TestPages:
    """What administrators and officers do with other systems."""

    @staticmethod
    def signed_in(who: Any) -> Browser:
        browser = Browser()
        browser.force_login(who)
        return browser

    def test_a_key_is_shown_once_and_posts(self, hall: Hall) -> None:
        admin = self.signed_in(person("qt", "Quản Trị", hall.here, "admin"))
        values = {"name": "Tổng đài 1022", "place": str(hall.here.pk), "hourly": "5"}
        page = admin.post(reverse("feedback:client-new"), values)
        key = page.text.split('<code class="number">')[1].split("<")[0]
        GeoReport(send, key=key).post(**GOOD)
        listed = admin.get(reverse("feedback:systems")).text
        assert "Tổng đài 1022" in listed
        assert key not in listed
        admin.post(reverse("feedback:client-end", args=[Client.objects.get().pk]))
        assert "Tổng đài 1022" not in admin.get(reverse("feedback:systems")).text

    def test_only_administrators_see_other_systems(self, hall: Hall) -> None:
        desk = self.signed_in(hall.clerk)
        for name in ("systems", "client-new", "authority-new"):
            assert desk.get(reverse(f"feedback:{name}")).status_code == 403

    def test_an_authority_is_added_and_a_case_passed_on(self, hall: Hall) -> None:
        admin = self.signed_in(person("qt", "Quản Trị", hall.here, "admin"))
        values = {"name": "Sở Xây dựng", "place": str(hall.here.pk), "service": "cau-duong", "key": "bí mật"}
        wrong = admin.post(reverse("feedback:authority-new"), values | {"address": "so.example"})
        assert wrong.status_code == 422
        admin.post(reverse("feedback:authority-new"), values | {"address": "https://so.example/v2"})
        desk, case = self.signed_in(hall.clerk), hall.case(words="Gọi 0912345678, cầu sụt.")
        address = reverse("feedback:forward", args=[case.pk])
        assert "Gọi [đã xóa], cầu sụt." in desk.get(address).text
        given = {"authority": str(Authority.objects.get().pk), "words": "Gọi 0912345678"}
        assert "0912345678" in desk.post(address, given).text
        assert desk.post(address, given | {"words": "Cầu sụt."}).status_code == 302
        assert "Chờ gửi" in desk.get(address).text
