"""The channel of boards: from a wording to a page, as core asks for it."""

from datetime import UTC, datetime

import pytest

from nguon.channels.board import Board
from nguon.channels.board.document import read
from nguon.ports.channel import Wording

pytestmark = pytest.mark.boards

MARKS = {"level": 4, "hazard": "Bão", "issued": datetime(2026, 11, 26, 8, 20, tzinfo=UTC)}


def test_the_same_words_are_the_same_page() -> None:
    said = Wording("Nghỉ học", "Mưa lớn.", "vi", issuer="Xã Phước Sơn")
    page = Board().page(said)
    assert page == Board().page(said)
    assert page is not None
    assert (page.mime, page.duration_ms) == ("application/json", 8_000)
    assert read(page.body).issuer == "Xã Phước Sơn"
    assert Board().judge(said) == ()


@pytest.mark.parametrize(("level", "word"), [(4, "Cấp 4: rủi ro rất lớn"), (None, "Cảnh báo khẩn cấp")])
def test_a_warning_has_its_colour_and_its_hour(level: int | None, word: str) -> None:
    page = Board().page(Wording("Bão số 5", "Ở trong nhà.", "vi", {"alert": {**MARKS, "level": level}}, issuer="Xã"))
    assert page is not None
    alert = read(page.body).alert
    assert alert is not None
    assert (alert.word, alert.hazard, alert.issued) == (word, "Bão", "15:20 ngày 26/11/2026")


@pytest.mark.parametrize(("title", "body"), [(" ", "\n"), ("Sách", "Đề nghị bà con chủ động. " * 10_000)])
def test_what_cannot_be_shown_is_refused_with_words(title: str, body: str) -> None:
    with pytest.raises(ValueError, match=r"^(Chưa có chữ nào|Nội dung dài quá)"):
        Board().page(Wording(title, body, "vi"))
