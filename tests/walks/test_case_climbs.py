"""A case that is late climbs: a whole server, its services and a mail server, until somebody high up is told.

The rules are real data: an hour to take in, an hour to answer. What was told came in ten days ago.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ports import notices
from tests.services import Server
from tests.walks.officer import Officer

MAKE = """
from datetime import timedelta
from nguon.feedback import actions
from nguon.feedback.models import Term
from nguon.kit import clock
from nguon.people.models import Office
from nguon.places.models import Link
from tests.app.desk import person, place
from tests.app.told import make_hall
hall = make_hall()
province = place("Gia Lai", "tỉnh")
Link.objects.create(child=hall.root, parent=province)
top = person("tinh", "Đinh Thị Tỉnh", province, "editor")
top.email = "tinh@tuyphuoc.example"
top.save()
Term.objects.update(valid_to=clock.today() - timedelta(days=30))
for step in ("accept", "answer"):
    basis = "Quy định của xã"
    Term.objects.create(step=step, amount=1, unit="working-hours", basis=basis, place=hall.here)
Term.objects.create(step="news", amount=2, unit="days", basis="Quy định của xã", place=hall.here)
ago = clock.now() - timedelta(days=10)
taken = actions.take_in(told=hall.told(), actor=None, now=ago)
case = actions.assign(case=taken.case, office=hall.office, person=hall.clerk, actor=hall.clerk, now=ago)
print(case.code)
"""
STEPS = """
from nguon.feedback.models import Event
print([event.note for event in Event.objects.filter(verb="feedback.climb")])
"""
ANSWER = """
from nguon.feedback import actions
from nguon.feedback.models import Answer, Case
from nguon.kit import clock
from nguon.people.models import Person
case, clerk, now = Case.objects.get(), Person.objects.get(username="tn"), clock.now()
answer = Answer.objects.create(case=case, number=1, text="Đã vá.", digest="0", created_by=clerk, created_at=now)
actions.answer_given(case=case, answer=answer, actor=clerk, now=now)
print(case.state, case.next_look_at > now)
"""


def until(met: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not met():
        assert time.monotonic() < limit
        time.sleep(0.2)


def heard(letters: list[object]) -> list[str]:
    return [str(letter["To"]).partition("@")[0].rpartition("<")[2] for letter in letters]  # type: ignore[index]


@pytest.mark.slow
def test_a_case_that_is_late_climbs_until_it_is_answered(tmp_path: Path, any_database_url: str) -> None:
    with notices.mail() as (box, port):
        sender = {"NGUON_SMTP_URL": f"smtp+plain://127.0.0.1:{port}", "NGUON_SMTP_FROM": "nguon@tuyphuoc.example"}
        server = Server(tmp_path / "data", database_url=any_database_url, **sender)
        server.data.mkdir()
        server.nguon("manage", "migrate", "--verbosity", "0")
        code = server.shell(MAKE).strip()
        with server:
            until(lambda: "tinh" in heard(list(box.letters)))
            assert re.findall(r"(nhắc|báo[^:]*): ([^.']*)", server.shell(STEPS)) == [
                ("nhắc", "Nguyễn Thị Tiếp"),
                ("báo cơ quan", "Nguyễn Thị Tiếp"),
                ("báo cấp trên", "Lê Chủ Tịch"),
                ("báo cấp trên", "Đinh Thị Tỉnh"),
            ]
            first_seen = list(dict.fromkeys(heard(list(box.letters))))
            assert first_seen == ["tn", "ct", "tinh"]
            assert all(code in letter["Subject"] for letter in box.letters)
            assert "ps" not in heard(list(box.letters))  # the neighbour
            with Officer(server.base_url, "tinh", "mat-khau-thu") as top:
                seen = top.open("/")
                assert code in seen
                assert "Quá hạn" in seen
                assert server.shell(ANSWER).strip() == "answered True"
                assert code not in top.open("/")
            server.kill("cases")  # and nothing is told anew after it
            count = len(box.letters)
            time.sleep(8)
            assert len(box.letters) == count
