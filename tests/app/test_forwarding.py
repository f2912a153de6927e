"""A case passed on to an authority by Open311: sent without who told it, followed, and its errors told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django.fixtures import Settings

from nguon.feedback import forwarding
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Authority, Case, Event, Forwarded
from nguon.feedback.private_errors import StillPersonal
from nguon.journal.models import Entry
from nguon.people.scope import Forbidden
from tests.app import told as halls
from tests.app.desk import person
from tests.app.told import Hall
from tests.listening import listening

pytestmark = pytest.mark.django_db
KEY = "khoa-rieng-cua-so"
NAME, PHONE = "Đặng Thị Mùi Tẩm", "0987654321"
WORDS = "Cầu Ông Đô trên tỉnh lộ bị sụt lún."


@dataclass
class Endpoint:
    """An authority's endpoint that holds to the contract: XML, one jurisdiction, a key to post."""

    address: str = ""
    posted: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: str = "open"
    notes: str = ""
    batch: bool = False  # gives a token first
    ready: bool = True
    down: int = 0  # answers so many times with 500
    busy: tuple[int, int] | None = None  # answers once with this status and this code within
    number: str = "77"

    def answer(self, method: str, path: str, body: dict[str, str]) -> tuple[int, str]:
        if self.down:
            self.down -= 1
            return 500, "lỗi"
        if self.busy:
            (status, code), self.busy = self.busy, None
            return status, _error(code, "Too many requests")
        if method == "POST":
            return self._post(body)
        what = urlsplit(path)
        self.asked.append(what.path)
        if parse_qs(what.query).get("jurisdiction_id") != ["so.example"]:
            return 400, _error(400, "jurisdiction_id was not provided")
        if what.path.startswith("/v2/tokens/"):
            number = "<service_request_id>77</service_request_id>" if self.ready else ""
            return 200, _requests(f"{number}<token>t1</token>")
        said = f"<service_request_id>77</service_request_id><status>{self.status}</status>"
        return 200, _requests(f"{said}<status_notes>{self.notes}</status_notes>")

    def _post(self, body: dict[str, str]) -> tuple[int, str]:
        if body.get("api_key") != KEY:
            return 403, _error(403, "Invalid api_key received")
        if body.get("service_code") != "cau-duong":
            return 404, _error(404, "service_code not found")
        self.posted.append(body)
        number = "<token>t1</token>" if self.batch else f"<service_request_id>{self.number}</service_request_id>"
        return 201, _requests(number)


def _requests(inside: str) -> str:
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f"{head}<service_requests><request>{inside}</request></service_requests>"


def _error(code: int, words: str) -> str:
    inside = f"<error><code>{code}</code><description>{words}</description></error>"
    return f'<?xml version="1.0" encoding="utf-8"?><errors>{inside}</errors>'


@pytest.fixture
def endpoint(settings: Settings) -> Iterator[Endpoint]:
    settings.NGUON_LINK_NETWORKS = "127.0.0.1/32"
    made = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say("GET", {})

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say("POST", {name: values[0] for name, values in parse_qs(data).items()})

        def _say(self, method: str, body: dict[str, str]) -> None:
            status, text = made.answer(method, self.path, body)
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    with listening(Handler) as port:
        made.address = f"http://127.0.0.1:{port}/v2"
        yield made


@pytest.fixture
def hall() -> Hall:
    return halls.make_hall()


def authority(hall: Hall, endpoint: Endpoint, who: str = "qt", **changes: str) -> Authority:
    admin = person(who, "Quản Trị", hall.root, "admin")
    values = {"name": "Sở Xây dựng", "address": endpoint.address, "jurisdiction": "so.example"}
    values |= {"service": "cau-duong", "key": KEY} | changes
    return forwarding.make_authority(place_id=hall.root.pk, **values, actor=admin, now=hall.now)


def told(hall: Hall) -> Case:
    words = f"{WORDS} Tôi là {NAME}, {PHONE}."
    return hall.case(words=words, name=NAME, phone=PHONE, consents=frozenset({"contact"}))


def passed(hall: Hall, endpoint: Endpoint, **changes: str) -> Case:
    case = told(hall)
    whom = authority(hall, endpoint, **changes)
    forwarding.forward(case=case, authority=whom, words=WORDS, actor=hall.clerk, now=hall.now)
    return case


def news(case: Case) -> list[str]:
    return list(Event.objects.filter(case=case, verb="feedback.forward-news").values_list("words", flat=True))


def test_a_case_is_sent_without_who_told_it_and_followed_to_its_end(hall: Hall, endpoint: Endpoint) -> None:
    case = passed(hall, endpoint)
    case.refresh_from_db()
    assert case.state == "passed-on"
    assert forwarding.turn(hall.now) == 1
    (sent,) = endpoint.posted
    assert sent["description"] == WORDS
    assert not [one for one in (NAME, PHONE) if one in str(sent)]
    assert {"email", "phone", "first_name", "last_name"}.isdisjoint(sent)
    assert news(case) == ["Sở Xây dựng đã nhận và đang xử lý."]
    assert forwarding.turn(hall.now) == 0, "not again at once"
    assert forwarding.turn(hall.now + timedelta(hours=1)) == 1
    assert len(endpoint.posted) == 1
    assert len(news(case)) == 1, "nothing new, nothing said"
    endpoint.status, endpoint.notes = "closed", "Đã gia cố mố cầu."
    forwarding.turn(hall.now + timedelta(hours=2))
    assert news(case)[-1] == "Sở Xây dựng đã xử lý xong. Đã gia cố mố cầu."
    assert forwarding.turn(hall.now + timedelta(days=9)) == 0
    kept = Forwarded.objects.get()
    assert (kept.number, kept.status, kept.next_at) == ("77", "closed", None)


def test_a_token_becomes_a_number_when_there_is_one(hall: Hall, endpoint: Endpoint) -> None:
    endpoint.batch, endpoint.ready = True, False
    passed(hall, endpoint)
    for hours in range(3):
        forwarding.turn(hall.now + timedelta(hours=hours))
    assert (Forwarded.objects.get().number, Forwarded.objects.get().token) == ("", "t1")
    endpoint.ready = True
    forwarding.turn(hall.now + timedelta(hours=4))
    assert Forwarded.objects.get().number == "77"
    assert len(endpoint.posted) == 1


def test_an_endpoint_that_is_down_is_asked_again_ever_more_slowly(hall: Hall, endpoint: Endpoint) -> None:
    endpoint.down = 2
    passed(hall, endpoint)
    forwarding.turn(hall.now)
    first = Forwarded.objects.get()
    assert (first.failures, first.next_at) == (1, hall.now + timedelta(minutes=2))
    assert first.fault == "máy chủ báo lỗi"
    forwarding.turn(hall.now + timedelta(minutes=2))
    assert Forwarded.objects.get().next_at == hall.now + timedelta(minutes=6)
    forwarding.turn(hall.now + timedelta(minutes=6))
    last = Forwarded.objects.get()
    assert (last.number, last.failures, last.fault) == ("77", 0, "")


@pytest.mark.parametrize(
    ("changes", "said"), [({"key": "sai"}, "Invalid api_key"), ({"service": "khac"}, "service_code not found")]
)
def test_a_refusal_brings_the_case_back_with_its_reason(
    hall: Hall, endpoint: Endpoint, changes: dict[str, str], said: str
) -> None:
    case = passed(hall, endpoint, **changes)
    forwarding.turn(hall.now)
    kept = Forwarded.objects.get()
    assert said in kept.fault
    assert kept.next_at is None
    assert news(case) == []
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("accepted", None)
    assert case.next_look_at is not None, "its clock goes on"
    back = Event.objects.get(case=case, verb="feedback.forward-back")
    assert said in back.note
    assert back.words == "Sở Xây dựng chưa nhận được phản ánh này. Chúng tôi xử lý tiếp và sẽ báo bạn."
    with pytest.raises(Forbidden):
        forwarding.again(case=case, actor=hall.neighbour, now=hall.now)
    forwarding.again(case=case, actor=hall.clerk, now=hall.now)
    assert forwarding.turn(hall.now) == 0, "it is at work here"


def test_what_came_back_may_be_passed_on_anew(hall: Hall, endpoint: Endpoint) -> None:
    case = passed(hall, endpoint, key="sai")
    forwarding.turn(hall.now)
    case.refresh_from_db()
    whom = authority(hall, endpoint, who="qt2")
    forwarding.forward(case=case, authority=whom, words=WORDS, actor=hall.clerk, now=hall.now)
    forwarding.turn(hall.now)
    case.refresh_from_db()
    assert (case.state, Forwarded.objects.get().number) == ("passed-on", "77")


@pytest.mark.parametrize("busy", [(429, 429), (400, 429)])
def test_too_many_at_once_is_no_refusal(hall: Hall, endpoint: Endpoint, busy: tuple[int, int]) -> None:
    endpoint.busy = busy
    case = passed(hall, endpoint)
    forwarding.turn(hall.now)
    assert Forwarded.objects.get().next_at == hall.now + forwarding.FIRST_WAIT
    forwarding.turn(hall.now + forwarding.FIRST_WAIT)
    assert Forwarded.objects.get().number == "77"
    case.refresh_from_db()
    assert case.state == "passed-on"


def test_what_never_got_there_comes_back_in_the_end(hall: Hall, endpoint: Endpoint) -> None:
    endpoint.down = 9
    case = passed(hall, endpoint)
    Forwarded.objects.update(failures=forwarding.GIVE_UP - 1)
    forwarding.turn(hall.now)
    case.refresh_from_db()
    assert case.state == "accepted"


def test_a_number_longer_than_its_column_is_cut(hall: Hall, endpoint: Endpoint) -> None:
    endpoint.number = "7" * 500
    passed(hall, endpoint)
    forwarding.turn(hall.now)
    assert Forwarded.objects.get().number == "7" * 200


def test_one_that_goes_wrong_takes_nobody_elses_turn(
    hall: Hall, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    whom, cases = authority(hall, endpoint), [told(hall), told(hall)]
    for case in cases:
        forwarding.forward(case=case, authority=whom, words=WORDS, actor=hall.clerk, now=hall.now)
    first, fields = cases[0].pk, forwarding._fields

    def broken(one: Forwarded) -> dict[str, str]:
        if one.pk == first:
            raise RuntimeError("broken")
        return fields(one)

    monkeypatch.setattr(forwarding, "_fields", broken)
    forwarding.turn(hall.now)
    assert len(endpoint.posted) == 1
    bad = Forwarded.objects.get(pk=first)
    assert (bad.failures, bad.next_at) == (1, hall.now + forwarding.FIRST_WAIT)


def test_words_that_tell_who_it_is_are_not_sent(hall: Hall, endpoint: Endpoint) -> None:
    case, whom = told(hall), authority(hall, endpoint)
    with pytest.raises(StillPersonal):
        forwarding.forward(case=case, authority=whom, words=case.words, actor=hall.clerk, now=hall.now)
    assert not Forwarded.objects.exists()
    assert PHONE not in forwarding.suggested(case)


def test_the_key_is_sealed_and_in_no_journal(hall: Hall, endpoint: Endpoint) -> None:
    passed(hall, endpoint)
    forwarding.turn(hall.now)
    assert KEY.encode() not in bytes(Authority.objects.get().secrets)
    assert KEY not in str(list(Entry.objects.values()))


def test_an_address_in_our_own_network_is_not_asked(hall: Hall, endpoint: Endpoint, settings: Settings) -> None:
    settings.NGUON_LINK_NETWORKS = ""
    passed(hall, endpoint)
    forwarding.turn(hall.now)
    assert endpoint.posted == []
    assert "mạng nội bộ" in Forwarded.objects.get().fault


def test_an_authority_that_was_ended_takes_nothing_more(hall: Hall, endpoint: Endpoint) -> None:
    case, whom = told(hall), authority(hall, endpoint)
    admin = person("qt3", "Quản Trị Ba", hall.root, "admin")
    with pytest.raises(Forbidden):
        forwarding.end_authority(authority=whom, actor=hall.clerk, now=hall.now)
    forwarding.end_authority(authority=whom, actor=admin, now=hall.now)
    assert bytes(Authority.objects.get().secrets) == b""
    with pytest.raises(CaseError):
        forwarding.forward(case=case, authority=whom, words=WORDS, actor=hall.clerk, now=hall.now)


def test_what_an_ended_authority_was_not_sent_yet_comes_back(hall: Hall, endpoint: Endpoint) -> None:
    case = passed(hall, endpoint)
    admin = person("qt3", "Quản Trị Ba", hall.root, "admin")
    forwarding.end_authority(authority=Authority.objects.get(), actor=admin, now=hall.now)
    case.refresh_from_db()
    assert case.state == "accepted"
    assert "thôi nhận phản ánh" in Event.objects.get(case=case, verb="feedback.forward-back").note
    assert forwarding.turn(hall.now) == 0
    assert endpoint.posted == []


def test_a_wrong_address_is_refused(hall: Hall, endpoint: Endpoint) -> None:
    with pytest.raises(CaseError):
        authority(hall, endpoint, address="ftp://so.example/")
