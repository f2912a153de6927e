"""Pages of readings: the editor's panel and dialog, the list of a place, hearing a few words."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from nguon.kit import clock
from nguon.media.models import Reading
from nguon.media.readings import phrase
from nguon.newsroom import actions as newsroom
from nguon.newsroom.models import Bulletin
from tests.app.desk import Desk, make_desk
from tests.app.test_readings import BODY, heard, keep, read_at, saved, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def test_the_editor_shows_what_will_be_said_beside_what_is_written(desk: Desk) -> None:
    keep(desk)
    client = signed(desk.editor)
    asked = {"body": f"<p>{BODY}</p><p>Đơn vị XQZT tổ chức.</p>", "place": desk.here.pk, "rate": 210, "language": "vi"}
    page = client.post(reverse("newsroom:aloud"), asked).content.decode()
    assert "bảy giờ ba mươi" in page
    assert 'data-written="NVH" data-said="nhà văn hóa mới"' in page
    assert "change-own" in page
    assert "chưa chắc" in page
    assert 'data-doubts="1"' in page
    assert "&lt;p&gt;" not in page
    assert not Bulletin.objects.exists()


def test_the_panel_tells_that_what_was_heard_is_an_older_reading(desk: Desk) -> None:
    version = saved(desk, None, hear=True)
    heard(version, desk)
    keep(desk)
    client = signed(desk.editor)
    where = f"{reverse('newsroom:aloud')}?cua={version.bulletin_id}"
    asked = {"body": BODY, "place": desk.here.pk}
    assert "vẫn là cách đọc trước" in client.post(where, asked).content.decode()
    newsroom.submit(bulletin=version.bulletin, seen=1, actor=desk.editor, now=desk.now)
    assert "Đọc lại theo cách mới" in client.post(where, asked).content.decode()
    assert "Đọc lại theo cách mới" not in client.post(where, asked | {"body": "Chữ khác."}).content.decode()
    assert "Đọc lại" not in signed(desk.neighbour).post(where, asked).content.decode()


@pytest.mark.parametrize("body", ["", " \n ", "***", "<b></b>"])
def test_an_empty_text_has_words_too(desk: Desk, body: str) -> None:
    page = signed(desk.editor).post(reverse("newsroom:aloud"), {"body": body}).content.decode()
    assert "Gõ hoặc dán nội dung" in page


def test_a_text_too_long_for_one_listening_is_told_where_to_split(desk: Desk) -> None:
    body = "\n".join(f"Đoạn {n}. " + "Đề nghị bà con chủ động sắp xếp công việc. " * 10 for n in range(1, 20))
    page = signed(desk.editor).post(reverse("newsroom:aloud"), {"body": body, "rate": 210}).content.decode()
    assert "Dài quá một lần nghe" in page
    assert "chia làm" in page
    assert page.count("data-caret=") >= 1


def test_what_is_said_again_at_the_end_is_shown(desk: Desk) -> None:
    client, asked = signed(desk.editor), {"body": "Mời họp lúc 7h30 tại nhà văn hóa.", "rate": 210}
    assert "Nhắc lại ở cuối" not in client.post(reverse("newsroom:aloud"), asked).content.decode()
    page = client.post(reverse("newsroom:aloud"), asked | {"repeat": "on"}).content.decode()
    assert "Nhắc lại ở cuối" in page
    assert "Xin nhắc lại: Mời họp lúc bảy giờ ba mươi tại nhà văn hóa." in page
    bare = client.post(reverse("newsroom:aloud"), {"body": "Giữ gìn vệ sinh.", "repeat": "on"}).content.decode()
    assert "Không tìm thấy thời gian" in bare


def test_more_figures_than_anybody_keeps_are_told(desk: Desk) -> None:
    asked = {"body": "Từ 7h ngày 1/2 nộp 3.000 đồng. " * 12, "rate": 210}
    page = signed(desk.editor).post(reverse("newsroom:aloud"), asked).content.decode()
    assert "Nhiều con số, ngày giờ quá" in page


def test_other_languages_are_not_read(desk: Desk) -> None:
    page = signed(desk.editor).post(reverse("newsroom:aloud"), {"body": BODY, "language": "bdq"}).content.decode()
    assert "Máy chỉ đọc được tiếng Việt" in page
    assert "pairs" not in page


def test_the_place_of_others_lends_no_readings(desk: Desk) -> None:
    keep(desk)
    asked = {"body": BODY, "place": desk.here.pk}
    page = signed(desk.neighbour).post(reverse("newsroom:aloud"), asked).content.decode()
    assert "nhà văn hóa mới" not in page


def test_the_dialog_keeps_and_takes_back(desk: Desk) -> None:
    client = signed(desk.editor)
    asked = {"place": desk.here.pk, "written": "NVH", "spoken": "nhà văn hóa mới"}
    answer = client.post(reverse("readings:keep"), asked, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "reading-kept" in answer.headers["HX-Trigger"]
    reading = Reading.objects.get()
    back = reverse("readings:take-back", args=[reading.pk])
    assert back in answer.headers["HX-Trigger"]
    wrong = client.post(reverse("readings:keep"), asked | {"written": "5"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert "ít nhất một chữ cái" in wrong.content.decode()
    assert "reading-kept" in client.post(back).headers["HX-Trigger"]
    assert read_at(desk, desk.here) == ()
    assert "toast" in client.post(back).headers["HX-Trigger"]


def test_the_page_lists_finds_adds_and_ends(desk: Desk) -> None:
    client, where = signed(desk.editor), reverse("readings:list")
    assert "Chưa có cách đọc riêng nào" in client.get(where).content.decode()
    asked = {"place": desk.here.pk, "written": "NVH", "spoken": "nhà văn hóa mới"}
    page = client.post(reverse("readings:keep"), asked, follow=True).content.decode()
    assert "Từ nay ở xã Phước Thuận, “NVH” đọc là “nhà văn hóa mới”." in page
    assert "Nguyễn Thị Hoa" in page
    assert "nhà văn hóa mới" in client.get(where, {"q": "van hoa"}).content.decode()
    assert "Không có cách đọc nào khớp" in client.get(where, {"q": "bệnh viện"}).content.decode()
    refused = client.post(reverse("readings:keep"), asked | {"written": "15/8"})
    assert refused.status_code == 422
    assert "ít nhất một chữ cái" in refused.content.decode()
    assert 'value="15/8"' in refused.content.decode()
    reading = Reading.objects.get()
    assert 'value="NVH"' in client.get(where, {"sua": str(reading.pk)}).content.decode()
    page = client.post(reverse("readings:end", args=[reading.pk]), follow=True).content.decode()
    assert "Đã bỏ cách đọc riêng của “NVH”." in page
    assert "NVH" in client.get(where, {"bo": "1"}).content.decode()


def test_who_only_looks_sees_no_form_and_neighbours_see_nothing(desk: Desk) -> None:
    keep(desk)
    page = signed(desk.watcher).get(reverse("readings:list")).content.decode()
    assert "nhà văn hóa mới" in page
    assert "Ghi cách đọc" not in page
    page = signed(desk.neighbour).get(reverse("readings:list"), {"place": desk.here.pk.hex}).content.decode()
    assert "nhà văn hóa mới" not in page
    assert "Địa bàn" not in signed(desk.stranger).get(reverse("readings:list")).content.decode()


def test_a_sentence_can_be_tried(desk: Desk) -> None:
    keep(desk)
    client = signed(desk.editor)
    page = client.post(reverse("readings:try"), {"place": desk.here.pk, "text": BODY}).content.decode()
    assert "nhà văn hóa mới" in page
    assert "chưa có chữ nào" in client.post(reverse("readings:try"), {"text": "***"}).content.decode()


def probe(sound: bytes, tmp_path: Path) -> float:
    path = tmp_path / "heard.mp3"
    path.write_bytes(sound)
    asked = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
def test_a_few_words_are_heard_at_once(desk: Desk, tmp_path: Path) -> None:
    client, where = signed(desk.editor), reverse("readings:hear")
    asked = {"text": "nhà văn hóa thôn Quảng Vân", "place": desk.here.pk}
    answer = client.post(where, asked | {"voice": "espeak/vi-vn-x-south", "rate": 210})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/mpeg")
    assert 1.0 < probe(answer.content, tmp_path) < 4.0
    slow = client.post(where, asked | {"rate": 120})
    assert probe(slow.content, tmp_path) > probe(answer.content, tmp_path) * 1.2


@pytest.mark.parametrize(("text", "said"), [("!!!", "Chưa có chữ nào"), ("bà con " * 100, "Dài quá một câu")])
def test_what_cannot_be_heard_says_why(desk: Desk, text: str, said: str) -> None:
    answer = signed(desk.editor).post(reverse("readings:hear"), {"text": text, "place": desk.here.pk})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_only_who_writes_there_hears_phrases(desk: Desk) -> None:
    for who in (desk.watcher, desk.neighbour):
        answer = signed(who).post(reverse("readings:hear"), {"text": "bà con", "place": desk.here.pk})
        assert answer.status_code == 403


def test_a_phrase_is_about_as_loud_as_the_bulletin(tmp_path: Path) -> None:
    path = tmp_path / "heard.mp3"
    path.write_bytes(
        phrase.hear(
            text="Kính thưa bà con, tối nay họp tại nhà văn hóa thôn.", voice="espeak/vi", rate=210, now=clock.now()
        )
    )
    asked = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    log = subprocess.run(asked, capture_output=True, text=True, check=True).stderr
    loudness = float(log.rsplit("I:", 1)[1].split()[0])
    assert -20 < loudness < -13
