"""A bulletin goes from the keyboard to the loudspeaker, and the answer comes back.

Real broker, real voice, real ffmpeg, real device agents. Nothing here looks into the database: an officer could
see all of it.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Server
from tests.walks.officer import Officer, text

pytestmark = pytest.mark.slow
NOTICE = """UBND XÃ PHƯỚC THUẬN
THÔNG BÁO
Về việc tạm ngừng cung cấp điện

Từ 7h30 đến 11h00 ngày 25/11/2026, tạm ngừng cung cấp điện tại thôn Quảng Vân và thôn Lộc Hạ./."""
HAMLETS = ("Quảng Vân", "Lộc Hạ")


@pytest.fixture(scope="module")
def password(demo_server: Server) -> str:
    line = next(line for line in demo_server.nguon("demo", "accounts").splitlines() if "bt.phuocthuan" in line)
    return line.split()[1]


@pytest.fixture
def editor(demo_server: Server, password: str) -> Iterator[Officer]:
    with Officer(demo_server.base_url, "bt.phuocthuan", password) as one:
        yield one


@pytest.fixture
def leader(demo_server: Server, password: str) -> Iterator[Officer]:
    with Officer(demo_server.base_url, "duyet.phuocthuan", password) as one:
        yield one


def write_and_hear(editor: Officer, title: str) -> tuple[str, str]:
    """(address of the bulletin, hash of its sound)."""
    editor.open("/ban-tin/moi")
    editor.send("/ban-tin/moi", title=title, body=NOTICE, do="hear")
    address = str(editor.page.url.path).removesuffix("/sua")
    assert re.fullmatch(r"/ban-tin/[0-9a-f-]{36}", address)
    sound = editor.until(address, r'src="/am-thanh/([0-9a-f]{64})"')
    editor.until(address, r"(gui-duyet)")  # a page made in the very moment the sound came may not offer it yet
    said = text(editor.page.text)
    assert "bảy giờ ba mươi" in said
    assert "hai mươi lăm tháng mười một năm hai nghìn không trăm hai mươi sáu" in said
    return address, sound


def approve(editor: Officer, leader: Officer, address: str, sound: str, title: str) -> None:
    editor.send(f"{address}/gui-duyet")
    leader.open("/duyet/")
    review = re.search(rf'href="(/duyet/[0-9a-f-]{{36}})"[^>]*>[^<]*{re.escape(title)}', leader.page.text)
    assert review
    leader.open(review.group(1))
    assert sound in leader.page.text, "the leader hears the very sound that was submitted"
    leader.send(f"{review.group(1)}/duyet")
    assert "Đã duyệt" in text(leader.page.text)


def broadcast(editor: Officer, address: str) -> str:
    """Send to the two hamlets; the address of the broadcast."""
    page = editor.open(f"{address}/phat")
    places = [tick_of(page, hamlet) for hamlet in HAMLETS]
    editor.send(f"{address}/phat", place=places, when="now")
    found = str(editor.page.url.path)
    assert re.fullmatch(r"/luot-phat/[0-9a-f-]{36}", found)
    return found


def tick_of(page: str, name: str) -> str:
    """The value of the tick box whose label holds a name."""
    boxes = re.findall(r'name="place"[^>]*value="([^"]+)"[^>]*>(.*?)</label>', page, re.DOTALL)
    found: str = next(value for value, label in boxes if name in label)
    return found


def played(editor: Officer, broadcast: str) -> list[str]:
    """The addresses of the sounds that came back."""
    return re.findall(r'"(/am-thanh/[0-9a-f]{64})"', editor.open(f"{broadcast}/tien-do"))


def loudness(sound: bytes, tmp_path: Path) -> tuple[float, float]:
    """(mean dBFS, seconds) of a sound, by ffmpeg."""
    path = tmp_path / "played.mp3"
    path.write_bytes(sound)
    run = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "volumedetect", "-f", "null", "-"]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stderr
    mean = re.search(r"mean_volume: (-?[\d.]+) dB", told)
    hours = re.search(r"Duration: (\d+):(\d+):([\d.]+)", told)
    assert mean
    assert hours
    return float(mean.group(1)), int(hours.group(1)) * 3600 + int(hours.group(2)) * 60 + float(hours.group(3))


def test_a_bulletin_goes_from_the_keyboard_to_the_loudspeaker(editor: Officer, leader: Officer, tmp_path: Path) -> None:
    title = "Lịch cắt điện ngày 25/11"
    address, sound = write_and_hear(editor, title)
    approve(editor, leader, address, sound, title)
    going = broadcast(editor, address)
    editor.until(f"{going}/tien-do", "Đang phát")
    monitor = text(editor.open("/giam-sat/"))
    assert title in monitor
    editor.until(f"{going}/tien-do", r"Đã phát xong.*Đã phát xong")
    editor.until(f"{going}/tien-do", r"/am-thanh/[0-9a-f]{64}.*/am-thanh/[0-9a-f]{64}")
    approved = editor.http.get(f"/am-thanh/{sound}").content
    _, length = loudness(approved, tmp_path)
    for address_played in played(editor, going):
        mean, seconds = loudness(editor.http.get(address_played).content, tmp_path)
        assert mean > -30, "a loudspeaker that played silence"
        assert abs(seconds - length) < 0.5


def test_a_cluster_that_was_off_still_gets_it_when_it_comes_back(
    demo_server: Server, editor: Officer, leader: Officer
) -> None:
    title = "Tiêm phòng cho trẻ em"
    off = next(name for name in re.findall(r"Cụm loa[^<\n]*", editor.open("/thiet-bi/")) if HAMLETS[0] in name).strip()
    demo_server.nguon("demo", "unplug", off)
    editor.until("/giam-sat/", r"Mất kết nối.{0,400}" + re.escape(HAMLETS[0]))
    address, sound = write_and_hear(editor, title)
    approve(editor, leader, address, sound, title)
    going = broadcast(editor, address)
    page = editor.until(f"{going}/tien-do", r"(.*Đã phát xong.*)")
    assert "Chưa nhận" in text(page)
    assert "Đang mất kết nối" in text(page)
    demo_server.nguon("demo", "plug", off)
    editor.until(f"{going}/tien-do", r"Đã phát xong.*Đã phát xong")


def test_editing_after_approval_needs_a_new_approval(editor: Officer, leader: Officer) -> None:
    title = "Họp thôn tối thứ bảy"
    address, sound = write_and_hear(editor, title)
    approve(editor, leader, address, sound, title)
    editor.open(f"{address}/sua")
    editor.send(f"{address}/sua", title=title, body=NOTICE.replace("11h00", "15h00"), do="save")
    page = editor.http.get(f"{address}/phat")
    assert 'name="expires_at"' not in page.text, "what was approved is not what stands there now"
