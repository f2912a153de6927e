"""Open311 of a real server, walked by clients that others wrote: civicbot (JSON) and georeport (both forms)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from civicbot import Endpoint, HttpError, HttpTransport, Open311Client, ValidationError
from civicbot.http import RateLimiter
from georeport import GeoReport

from tests.conftest import MakeServer
from tests.services import Server

pytestmark = pytest.mark.slow
CODE = "21982"
LAMP = "dien-chieu-sang"
WORDS = "Cột điện trước nhà văn hóa nghiêng sắp đổ."
MAKE = """
from nguon.feedback.models import Field
from nguon.feedback.open311 import actions as programs
from nguon.kit import clock
from nguon.places.models import Code
from tests.app import told
from tests.app.desk import person
hall = told.make_hall()
Code.objects.create(place=hall.here, system="gso", code="21982")
Field.objects.filter(key="dien-chieu-sang").update(questions=[
    {"key": "cot", "label": "Số cột", "kind": "text", "needed": True},
    {"key": "loai", "label": "Loại đèn", "kind": "choice", "choices": ["LED", "Cao áp"], "needed": False},
])
admin = person("qt", "Quản Trị", hall.root, "admin")
values = {"place_id": hall.here.pk, "name": "Ứng dụng xóm", "consent": False, "hourly": 60}
print(programs.make_client(**values, actor=admin, now=clock.now())[1])
"""
ANSWER = """
from nguon.feedback import actions
from nguon.feedback.models import Answer, Case
from nguon.kit import clock
from nguon.people.models import Person
case, clerk, now = Case.objects.get(pk="NUMBER"), Person.objects.get(username="tn"), clock.now()
case = actions.assign(case=case, office=clerk.office, actor=clerk, now=now)
answer = Answer.objects.create(case=case, number=1, text="Đã dựng lại.", digest="0", created_by=clerk, created_at=now)
actions.answer_given(case=case, answer=answer, actor=clerk, now=now)
case.refresh_from_db()
actions.publish(case=case, title="Cột điện nghiêng", words="Cột đã dựng lại.", actor=clerk, now=now)
"""
FROM_FIRST_TO_LAST = {"requested_datetime", "updated_datetime", "service_request_id", "status", "service_code"}


@pytest.fixture
def served(make_server: MakeServer) -> tuple[Server, str]:
    """A server that runs, and a key for its commune."""
    made = make_server()
    key = made.shell(MAKE).split()[-1]
    return made.start(), key


def civic(server: Server, key: str = "") -> Open311Client:
    there = Endpoint("xa", "Xã Phước Thuận", f"{server.base_url}/open311/v2", write=True)
    return Open311Client(there, HttpTransport(rate_limiter=RateLimiter(min_interval=0)), jurisdiction_id=CODE)


def test_others_list_define_post_follow_and_find(served: tuple[Server, str]) -> None:
    server, key = served
    client = civic(server)
    lamp = next(one for one in client.list_services() if one["service_code"] == LAMP)
    assert (lamp["service_name"], lamp["metadata"], lamp["type"]) == ("Điện, đèn đường", True, "realtime")
    first, second = client.get_service_definition(LAMP)["attributes"]
    assert (first["required"], second["datatype"]) == (True, "singlevaluelist")
    told: dict[str, Any] = {"lat": 13.85, "lng": 109.15, "description": WORDS, "validate_remote": True}
    with pytest.raises(ValidationError, match="cot"):  # it reads from our definition what is needed
        client.create_request(LAMP, **told)
    with pytest.raises(ValidationError, match="Nến"):
        client.create_request(LAMP, **told, attributes={"cot": "12", "loai": "Nến"})
    told |= {"attributes": {"cot": "12", "loai": ["LED"]}, "dry_run": False, "confirm": "SEND"}
    with pytest.raises(HttpError) as refused:
        client.create_request(LAMP, **told, api_key="sai")
    assert refused.value.status == 403
    (made,) = client.create_request(LAMP, **told, api_key=key).response
    (by_token,) = client.get_token(made.get("token") or made["service_request_id"])
    number = by_token["service_request_id"]
    followed = client.get_request(number)
    assert followed is not None
    assert (followed["status"], followed["status_notes"]) == ("open", "Mới gửi")
    assert client.list_requests() == []
    server.shell(ANSWER.replace("NUMBER", number))
    (shown,) = client.list_requests(status="closed")
    assert (shown["service_request_id"], shown["description"]) == (number, "Cột điện nghiêng\nCột đã dựng lại.")
    _found_by_filter(client, number)
    _read_in_both_forms(server, shown)


def _found_by_filter(client: Open311Client, number: str) -> None:
    now = datetime.now(UTC)
    before, after = ((now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") for days in (-1, 1))

    def numbers(**asked: Any) -> list[str]:
        return [one["service_request_id"] for one in client.list_requests(**asked)]

    assert numbers(service_code=LAMP, start_date=before, end_date=after, page_size=1) == [number]
    assert numbers(service_request_ids=[number]) == [number]
    assert numbers(status="open") == []
    assert numbers(service_code="giao-duc") == []
    assert numbers(end_date=before) == []


def _read_in_both_forms(server: Server, shown: dict[str, Any]) -> None:
    """The other client finds the same, whichever form it asks in."""
    number, there = shown["service_request_id"], f"{server.base_url}/open311/v2/"
    for form in ("json", "xml"):
        client = GeoReport(there, jurisdiction=CODE, output_format=form)
        assert {one["service_code"] for one in client.get_service_list()} >= {LAMP, "khac"}
        definition = client.get_service_definition(LAMP)["attributes"]
        attributes = definition["attribute"] if form == "xml" else definition
        assert [one["code"] for one in attributes] == ["cot", "loai"]
        alone = client.get_service_request(number)
        assert {name: alone[name] for name in FROM_FIRST_TO_LAST} == {name: shown[name] for name in FROM_FIRST_TO_LAST}
        listed = client.get_service_requests(status="open,closed", service_code=f"{LAMP},khac")
        assert (listed if form == "xml" else listed[0]) == alone, "of one element that client makes no list"
        with pytest.raises(requests.HTTPError, match="404"):
            client.get_service_definition("khong-co")
