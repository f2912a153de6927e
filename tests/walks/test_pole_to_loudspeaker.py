"""From the QR code on a pole to an answer on the loudspeaker.

Real broker, real voice, real device agents. Nothing here looks into the database: the resident, the officers and
whoever hangs up the sticker could see all of it.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.services import Server
from tests.walks.officer import Officer, text
from tests.walks.test_keyboard_to_loudspeaker import NOTICE, approve, tick_of

pytestmark = pytest.mark.slow
TITLE = "Lịch cắt điện ngày 25/11"
HAMLET = "Quảng Vân"
COMPLAINT = "Loa phát quá to, con nhỏ đang ngủ giật mình. Đề nghị vặn nhỏ lại."
ANSWER = "Ủy ban nhân dân xã đã giảm âm lượng cụm loa thôn Quảng Vân. Cảm ơn bà con đã góp ý."


class Resident(Officer):
    """Somebody with a telephone and no account."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, follow_redirects=True, timeout=60)


@pytest.fixture
def people(demo_server: Server) -> Iterator[dict[str, Officer]]:
    """Who writes, who approves, who looks after the loudspeakers; and a resident."""
    line = next(line for line in demo_server.nguon("demo", "accounts").splitlines() if "bt.phuocthuan" in line)
    password, url = line.split()[1], demo_server.base_url
    with ExitStack() as stack:
        found = {
            name: stack.enter_context(Officer(url, f"{name}.phuocthuan", password)) for name in ("bt", "duyet", "kt")
        }
        yield {**found, "resident": stack.enter_context(Resident(url))}


def heard(editor: Officer, leader: Officer, address: str, title: str, body: str) -> str:
    """Make a bulletin heard in the hamlet; the address of its broadcast, which was played to its end."""
    editor.open(f"{address}/sua")
    editor.send(f"{address}/sua", title=title, body=body, do="hear")
    sound = editor.until(address, r'src="/am-thanh/([0-9a-f]{64})"')
    editor.until(address, r"(gui-duyet)")
    approve(editor, leader, address, sound, title)
    page = editor.open(f"{address}/phat")
    editor.send(f"{address}/phat", place=[tick_of(page, HAMLET)], when="now")
    going = str(editor.page.url.path)
    editor.until(f"{going}/tien-do", "Đã phát xong")
    return going


def written(editor: Officer) -> str:
    """The address of a new bulletin."""
    editor.open("/ban-tin/moi")
    editor.send("/ban-tin/moi", title=TITLE, body=NOTICE, do="save")
    return str(editor.page.url.path).removesuffix("/sua")


def sticker(technician: Officer) -> str:
    """The path that the QR code of the hamlet's cluster leads to."""
    page = technician.open("/thiet-bi/?q=quang+van")
    device = next(
        url for url, name in re.findall(r'href="/thiet-bi/([0-9a-f-]{36})"[^>]*>([^<]*)', page) if HAMLET in name
    )
    technician.open(f"/thiet-bi/{device}")
    assert "Tem QR phản ánh" in technician.page.text
    address = f"/xu-ly-phan-anh/tem-qr?may={device.replace('-', '')}"
    technician.open(address)
    technician.page = technician.http.post(
        address, headers={"X-CSRFToken": technician.http.cookies["csrftoken"], "Referer": str(technician.page.url)}
    )
    found = re.search(r"(/phan-anh/tai/[A-Z2-9]{6})", technician.page.text)
    assert found, text(technician.page.text)[:800]
    return found.group(1)


def told(resident: Officer, path: str) -> tuple[str, str]:
    """(code, digits) of what is told about the bulletin that was just heard there."""
    page = resident.until(path, f"(.*{re.escape(TITLE)}.*)")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', page))
    broadcast = re.search(r'name="tin" value="(\w{32})"', page)
    assert broadcast
    query = httpx.QueryParams({**fields, "tin": broadcast.group(1), "viec": "to"})
    base = str(resident.page.url.path).partition("/tai/")[0]  # below the site of the commune, if it has one
    first = resident.open(f"{base}/gui?{query}")
    assert TITLE in first
    assert "Loa phát quá to." in first
    resident.send(f"{base}/gui", words=COMPLAINT)
    resident.send(f"{base}/gui")
    code, digits = re.findall(r"<dd[^>]*>([^<]+)</dd>", resident.page.text)[:2]
    return code, digits


def answered(editor: Officer, leader: Officer, code: str) -> str:
    """The officer takes the case in and answers, the leader approves; the address of the case."""
    page = editor.open(f"/xu-ly-phan-anh/?q={code}")
    found = re.search(r'href="(/xu-ly-phan-anh/[0-9a-f-]{36})"', page)
    assert found, text(page)[:800]
    case = found.group(1)
    assert COMPLAINT in editor.open(case)
    assert TITLE in editor.page.text, "the desk sees which bulletin it is about"
    for step in ("giao", "bat-dau"):
        editor.open(case)
        editor.send(f"/buoc/{step}#viec")
    editor.open(f"{case}/tra-loi")
    editor.send(f"{case}/tra-loi", text=ANSWER, submit="1")
    leader.open("/duyet/")
    review = re.search(rf'href="(/duyet/[0-9a-f-]{{36}})"[^>]*>[^<]*{re.escape(code)}', leader.page.text)
    assert review, text(leader.page.text)[:800]
    assert ANSWER in leader.open(review.group(1))
    leader.send(f"{review.group(1)}/duyet")
    editor.open(f"{case}/tra-loi")
    editor.send(f"{case}/tra-loi/gui")
    return case


def test_from_the_code_on_a_pole_to_an_answer_on_the_loudspeaker(people: dict[str, Officer]) -> None:
    editor, leader, resident = people["bt"], people["duyet"], people["resident"]
    address = written(editor)
    heard(editor, leader, address, TITLE, NOTICE)
    code, digits = told(resident, sticker(people["kt"]))
    case = answered(editor, leader, code)

    resident.open("/phan-anh/theo-doi")
    seen = resident.send("/phan-anh/theo-doi", code=code, tail=digits)
    assert ANSWER in seen
    assert "Đã trả lời" in text(seen)

    title = "Trả lời về âm lượng loa thôn Quảng Vân"
    editor.open(f"{case}/tra-loi/ban-tin")
    editor.send(f"{case}/tra-loi/ban-tin", title=title, body=ANSWER)
    bulletin = str(editor.page.url.path).removesuffix("/sua")
    assert re.fullmatch(r"/ban-tin/[0-9a-f-]{36}", bulletin)
    heard(editor, leader, bulletin, title, ANSWER)
    assert title in editor.open("/giam-sat/")
