"""Erase me: told with a name, a telephone and a photo; answered; asked for; done. Then nothing of it is anywhere.

On the server as its users have it. What is looked through afterwards are the bytes themselves: the database with all
its pages, the files, the log.
"""

import re
import sqlite3
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests import pictures
from tests.conftest import MakeServer
from tests.services import Server
from tests.walks.officer import Officer, _Forms

NAME, PHONE = "Bùi Thị Quạ Khoang", "0938271605"
WORDS = f"Tôi là {NAME}, số {PHONE}. Nắp cống trước cổng chợ bị vỡ, ban đêm rất nguy hiểm."
LEFT = "Nắp cống trước cổng chợ bị vỡ, ban đêm rất nguy hiểm."
SECRETS = (NAME, PHONE, "bui thi qua khoang", "Quạ Khoang")

MAKE = """
from nguon.kit import clock
from tests.app import told
hall = told.make_hall()
print(hall.here.pk.hex, hall.hamlet.pk.hex)
"""
ANSWER = f"""
from nguon.feedback import actions
from nguon.feedback.models import Answer, Case
from nguon.kit import clock
from nguon.people.models import Office, Person
case, clerk, now = Case.objects.get(), Person.objects.get(username="tn"), clock.now()
office = Office.objects.get(name="UBND xã Phước Thuận")
actions.assign(case=case, office=office, note="Gọi bà {NAME}", actor=clerk, now=now)
text = "Kính gửi bà {NAME}: nắp cống đã thay."
answer = Answer.objects.create(case=case, number=1, text=text, digest="0", created_by=clerk, created_at=now)
actions.answer_given(case=case, answer=answer, actor=clerk, now=now)
"""
COUNT = """
from nguon.feedback.models import Case
print(list(Case.objects.values_list("state", "words")))
"""


class Phone:
    """A browser of somebody without an account."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(base_url=base_url, follow_redirects=True, timeout=60)
        self.page = self.http.get("/phan-anh/")

    def open(self, address: str) -> str:
        self.page = self.http.get(address)
        return unescape(self.page.text)

    def send(self, action: str, files: dict[str, tuple[str, bytes, str]] | None = None, **fields: str) -> str:
        """Send the form of this page whose address ends so, as it stands but for these fields."""
        forms = _Forms()
        forms.feed(self.page.text)
        (where, held), *_ = [one for one in forms.found.items() if one[0].endswith(action)]
        self.page = self.http.post(where, data={**held, **fields}, files=files, headers={"Referer": str(self.page.url)})
        return unescape(self.page.text)


def tell(phone: Phone, place: str, hamlet: str) -> tuple[str, str]:
    """Send it; the code and the four digits of the receipt."""
    phone.open(f"/phan-anh/gui?noi={place}")
    phone.send("/gui", words=WORDS, place=hamlet, field="", no_petition="on")
    photo = pictures.encoded(pictures.a_picture(640, 480))
    sent = {"name": NAME, "phone": PHONE, "contact": "on", "publish": "on", "share": "on"}
    page = phone.send("/gui", files={"photos": ("anh.jpg", photo, "image/jpeg")}, **sent)
    code = re.search(r"[A-Z]{2}-\d{2}-[0-9A-Z]{5}", page)
    assert code, page[:3000]
    return code[0], PHONE[-4:]


def rows(server: Server) -> str:
    """All tables of the database as text."""
    with sqlite3.connect(server.data / "nguon.sqlite3") as database:
        return "\n".join(database.iterdump())


def photos(server: Server) -> list[Path]:
    return [path for path in (server.data / "files").rglob("*") if path.is_file() and path.suffix == ".webp"]


@pytest.mark.slow
def test_erase_me(make_server: MakeServer) -> None:
    server = make_server()
    place, hamlet = server.shell(MAKE).split()[-2:]
    server.start()
    phone = Phone(server.base_url)
    code, tail = tell(phone, place, hamlet)
    server.shell(ANSWER)
    before = rows(server)
    assert all(secret in before for secret in SECRETS[:2]), "the walk can see it"
    assert photos(server)

    phone.open(f"/phan-anh/du-lieu-cua-toi/?ma={code}")
    page = phone.send("/du-lieu-cua-toi/", code=code, tail=tail)
    assert NAME in page
    proof = re.search(r'name="proof" value="([^"]+)"', phone.page.text)
    assert proof
    token = {"csrfmiddlewaretoken": phone.http.cookies["csrftoken"], "proof": proof[1]}
    copy = phone.http.post("/phan-anh/du-lieu-cua-toi/ban-sao", data={**token, "form": "json"}).json()
    assert (copy["reporter"]["name"], copy["reporter"]["phone"], copy["words"]) == (NAME, PHONE, WORDS)
    assert copy["photos"]
    assert "Được giữ lại" in phone.send("/du-lieu-cua-toi/xoa")
    assert "Đã nhận yêu cầu xóa" in phone.send("/du-lieu-cua-toi/xoa", photos="yes", words=f"Xin xóa cho {NAME}")

    officer = Officer(server.base_url, "tn", "mat-khau-thu")
    page = officer.open("/xu-ly-phan-anh/du-lieu/")
    request = re.search(r"/xu-ly-phan-anh/du-lieu/[0-9a-f-]{36}/", page)
    assert request
    officer.open(request[0])
    officer.send("/xoa", words=LEFT)

    assert "chưa đúng" in phone.open("/phan-anh/du-lieu-cua-toi/") + phone.send("/", code=code, tail=tail)
    stands = server.shell(COUNT)
    assert "answered" in stands
    assert LEFT in stands
    left = rows(server)
    assert not [secret for secret in SECRETS if secret in left]
    assert code in left, "the figures still count it"
    assert photos(server) == []
    phone.http.close()
    officer.http.close()
    log = server.log()
    server.stop()
    assert not [secret for secret in SECRETS if secret in log]
    for path in server.data.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [secret for secret in SECRETS if secret.encode() in data], path
