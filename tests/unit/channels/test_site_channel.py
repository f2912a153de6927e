"""The channel of sites: an article of a wording, always the same, and what is said of how it reads."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.channels.site import Site, document
from nguon.ports.channel import Film, Picture, Wording

BODY = """Theo kế hoạch của Điện lực Tuy Phước, từ 7 giờ ngày 25/11/2026
tạm ngừng cung cấp điện.

Mọi thắc mắc xin gọi 1900 1909."""
WORDING = Wording("Lịch  cắt điện", BODY, "vi", issuer="UBND xã Phước Thuận")
PICTURE = Picture(b"RIFF0000WEBP", "image/webp", "Trạm điện", 800, 600)


def page(wording: Wording) -> document.Article:
    made = Site().page(wording)
    assert made is not None
    assert made.mime == document.MIME
    return document.read(made.body)


def test_an_article_has_the_words_in_paragraphs_and_whose_they_are() -> None:
    shown = page(WORDING)
    assert (shown.title, shown.issuer, shown.lang) == ("Lịch cắt điện", "UBND xã Phước Thuận", "vi")
    assert len(shown.text) == 2, "a line that goes on in the middle of a sentence is one with the next"


def test_pictures_and_the_link_are_in_it() -> None:
    shown = page(replace(WORDING, pictures=(PICTURE,), link_url="https://evn.com.vn/lich", link_label="Xem lịch"))
    assert shown.link == document.Link("Xem lịch", "https://evn.com.vn/lich")
    assert (shown.pictures[0].alt, shown.pictures[0].data) == ("Trạm điện", PICTURE.data)


def test_no_other_kind_of_file_is_a_picture() -> None:
    with pytest.raises(ValueError, match="svg"):
        page(replace(WORDING, pictures=(replace(PICTURE, mime="image/svg+xml"),)))


def test_a_film_leaves_the_words() -> None:
    assert page(replace(WORDING, film=Film("0" * 64, "video/mp4", 9_000))) == page(WORDING)


def test_a_warning_is_no_article() -> None:
    marks = {"level": 3, "hazard": "Lũ", "issued": datetime(2026, 11, 26, tzinfo=UTC), "map": None}
    assert Site().page(replace(WORDING, options={"alert": marks})) is None


@given(st.text(), st.text(), st.text())
def test_the_same_words_are_the_same_bytes_and_come_back(title: str, body: str, issuer: str) -> None:
    wording = Wording(title, body, "vi", issuer=issuer)
    one, two = document.document(wording), document.document(wording)
    assert one == two
    assert json.loads(one)["v"] == 1
    assert document.read(one).title == document.read(two).title


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "Thông báo về việc " * 9}, "trên điện thoại sẽ chiếm gần hết màn hình"),
        ({"body": "Đề nghị bà con chủ động. " * 40}, "Nên ngắt thành các đoạn ngắn"),
        ({"body": "THÔNG BÁO VỀ VIỆC CẮT ĐIỆN TOÀN XÃ"}, "viết toàn chữ hoa"),
        ({"body": "Xem https://phuocthuan.example/thong-bao/2026/11/lich-cat-dien"}, "ô Đường dẫn xem thêm"),
        ({"issuer": ""}, "Chưa ghi đơn vị ban hành"),
        ({"body": ""}, "Bài chỉ có tên"),
    ],
)
def test_what_is_hard_to_read_on_a_telephone_is_told(changed: dict[str, str], words: str) -> None:
    assert Site().judge(WORDING) == ()
    assert any(words in said for said in Site().judge(replace(WORDING, **changed)))  # type: ignore[arg-type]


def test_it_drives_nothing() -> None:
    channel = Site()
    assert not channel.driven
    assert not channel.audible
    with pytest.raises(ValueError, match="giọng đọc riêng"):
        channel.speech(WORDING)
