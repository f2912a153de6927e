"""The document of a board: from words to bytes, always the same, and how long they must be seen."""

import colorsys
import json
import math
import unicodedata
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from nguon.cap import hazards
from nguon.channels.board import colours
from nguon.channels.board.document import (
    MOST_BYTES,
    MOST_WITH_PICTURES,
    SHORTEST_MS,
    Alert,
    Document,
    Map,
    Name,
    Shape,
    TooLarge,
    document,
    link,
    read,
    reading_ms,
    syllables,
)
from nguon.kit.text import paragraphs

pytestmark = pytest.mark.boards
NOTICE = """UBND XÃ PHƯỚC THUẬN
THÔNG BÁO
Về việc tạm ngừng cung cấp điện

Theo kế hoạch của Điện lực Tuy Phước, từ 7 giờ 00 đến 11 giờ 30 ngày 25/11/2026, các thôn sẽ tạm ngừng
cung cấp điện. Đề nghị bà con chủ động.
- Rút phích cắm.
a) Tắt bếp điện.

Mọi thắc mắc xin liên hệ số 1900 1909."""
MOMENT = datetime(2026, 11, 26, 8, 20, tzinfo=UTC)
WORDS = st.text(max_size=300)


def test_a_notice_is_as_the_boards_know_it() -> None:
    made = json.loads(document("  Lịch cắt   điện ", "Tắt bếp.\r\n\r\nCảm ơn!", "UBND xã Phước Sơn"))
    assert list(made) == ["v", "look", "lang", "title", "text", "issuer", "link", "alert"]
    assert made == {
        "v": 1,
        "look": "notice",
        "lang": "vi",
        "title": "Lịch cắt điện",
        "text": ["Tắt bếp.", "Cảm ơn!"],
        "issuer": "UBND xã Phước Sơn",
        "link": None,
        "alert": None,
    }


def test_lines_are_paragraphs_but_not_where_only_the_paper_was_over() -> None:
    found = paragraphs(NOTICE)
    assert found[:3] == ("UBND XÃ PHƯỚC THUẬN", "THÔNG BÁO", "Về việc tạm ngừng cung cấp điện")
    assert found[3].endswith("các thôn sẽ tạm ngừng cung cấp điện. Đề nghị bà con chủ động.")
    assert found[4:6] == ("- Rút phích cắm.", "a) Tắt bếp điện.")
    assert len(found) == 7


@pytest.mark.parametrize("body", ["", " \n\t\r\n ", "\x00\x00", "\u200b\ufeff"])
def test_what_has_no_words_has_no_paragraphs(body: str) -> None:
    assert paragraphs(body) == ()


@given(WORDS, WORDS, WORDS)
def test_any_words_are_written_and_read_back(title: str, body: str, issuer: str) -> None:
    data = document(title, body, issuer)
    found = read(data)
    assert data == document(title, body, issuer)
    assert msgspec.json.encode(found) == data
    for words in (found.title, found.issuer, *found.text):
        assert words == " ".join(words.split()) == unicodedata.normalize("NFC", words)
    assert all(found.text)
    assert read(document(found.title, "\n\n".join(found.text), found.issuer)) == found


@given(st.text(alphabet="aàăâeêiouưyđnght .\n", max_size=200))
def test_composed_or_not_is_the_same_page(words: str) -> None:
    apart = unicodedata.normalize("NFD", words)
    assert document(apart, apart, apart) == document(words, words, words)


def test_five_thousand_words_are_a_page_and_a_book_is_none() -> None:
    bulletin = "Đề nghị bà con chủ động. " * 1000
    assert len(document("Dài", bulletin, "Xã")) < MOST_BYTES
    with pytest.raises(TooLarge):
        document("Sách", bulletin * 10, "Xã")
    with pytest.raises(TooLarge):
        read(b" " * (MOST_WITH_PICTURES + 1))


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"look": "film"},
        {"text": [1]},
        {"alert": {"level": 6, "colour": "#ffffff", "ink": "#000000", "word": "", "hazard": "", "issued": ""}},
        {"alert": {"level": 1, "colour": "red", "ink": "#000000", "word": "", "hazard": "", "issued": ""}},
        {"link": {"label": "", "url": "", "qr": ["012"]}},
    ],
)
def test_what_is_no_document_is_refused(change: dict[str, object]) -> None:
    made = json.loads(document("Tên", "Lời", "Xã"))
    assert isinstance(read(json.dumps(made).encode()), Document)
    with pytest.raises(ValueError):
        read(json.dumps(made | change).encode())


def test_a_link_has_the_squares_of_its_address() -> None:
    made = link("Xem thêm trên trang của xã", "https://phuocson.gov.vn/tin/25-11")
    size = len(made.qr)
    assert {len(row) for row in made.qr} == {size}
    assert size == segno.make(made.url, error="m", micro=False).symbol_size(border=0)[0]
    assert [row[:7] for row in made.qr[:7]] == [
        "1111111",
        "1000001",
        "1011101",
        "1011101",
        "1011101",
        "1000001",
        "1111111",
    ]
    found = read(document("Tên", "Lời", "Xã", link=made)).link
    assert found == made


@pytest.mark.parametrize(
    "url", ["", "phuocson.gov.vn", "javascript:alert(1)", "https://", "http://a b", "https://x/" + "y" * 500]
)
def test_a_link_leads_to_the_web_and_is_short(url: str) -> None:
    with pytest.raises(ValueError):
        link("Xem", url)


@given(st.integers(0, 400), st.integers(1, 400))
def test_more_words_take_longer(some: int, more: int) -> None:
    one, other = (reading_ms("Thông báo", ["bà con"] * count) for count in (some, some + more))
    assert one <= other
    assert {one % 1000, other % 1000} == {0}
    assert one >= SHORTEST_MS


@given(st.text(max_size=300), st.text(max_size=300))
def test_what_is_added_never_takes_time_away(before: str, after: str) -> None:
    assert reading_ms("", [before]) <= reading_ms("", [before, after])


def test_how_long_a_page_is_seen() -> None:
    assert reading_ms("", []) == SHORTEST_MS
    assert reading_ms("Thông báo", ["Nghỉ học ngày mai."]) == SHORTEST_MS
    assert reading_ms("Thông báo", ["bà con"] * 49) == 40_000  # 100 syllables
    assert syllables("Gọi 0256 3123 456.") == 12
    assert syllables("nghiêng") == 1
    assert syllables("x" * 700) == 100
    assert syllables("– … !") == 0


@pytest.mark.parametrize("level", sorted(colours.OF_LEVEL))
def test_a_warning_can_be_read_in_its_colour(level: int) -> None:
    made = colours.alert(level, "Bão", MOMENT)
    assert colours.contrast(made.colour, made.ink) >= colours.LEAST_CONTRAST


def test_the_measure_of_contrast_is_right() -> None:
    assert colours.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("#123456", "#123456") == 1


HUES = {"xanh dương nhạt": (180, 220), "vàng nhạt": (45, 65), "da cam": (25, 42), "đỏ": (350, 370), "tím": (270, 300)}


def test_each_level_has_the_colour_that_the_decision_names() -> None:
    for one in hazards.levels():
        red, green, blue = (int(colours.OF_LEVEL[one.level][at : at + 2], 16) / 255 for at in (1, 3, 5))
        hue, low = colorsys.rgb_to_hls(red, green, blue)[0] * 360, HUES[one.colour][0]
        assert low <= (hue + 360 if hue + 360 <= HUES[one.colour][1] else hue) <= HUES[one.colour][1], one.colour


def test_a_warning_says_its_level_its_hazard_and_its_hour() -> None:
    shown = Map(640, 480, (Shape("area", ((1, 2), (3.5, 4), (5, 6))), Shape("sea", ((0, 0), (640, 480)))))
    made = colours.alert(4, "Bão", MOMENT, shown)
    assert (made.word, made.hazard, made.issued) == ("Cấp 4: rủi ro rất lớn", "Bão", "15:20 ngày 26/11/2026")
    found = read(document("Bão số 5", "Ở trong nhà.", "UBND xã Phước Sơn", alert=made))
    assert (found.look, found.alert) == ("alert", made)
    assert colours.alert(0, "Vỡ đập", MOMENT).word == "Cảnh báo khẩn cấp"
    with pytest.raises(KeyError):
        colours.alert(6, "Bão", MOMENT)


@pytest.mark.parametrize("points", [((1, 2),), ((0, 0), (math.nan, 1)), ((0, 0), (math.inf, 1)), ((0, 0), (5000, 1))])
def test_a_map_that_is_none_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    made: Alert = colours.alert(3, "Lũ", MOMENT, Map(640, 480, (Shape("area", points),)))
    with pytest.raises(ValueError):
        document("Lũ", "", "Xã", alert=made)


@pytest.mark.parametrize("more", [{"lines": (((1, 2),),)}, {"names": (Name("Diêu Trì", math.nan, 1),)}])
def test_a_line_or_a_name_that_is_nowhere_is_refused(more: dict[str, Any]) -> None:
    area = Shape("area", ((1, 2), (3, 4), (5, 6)))
    with pytest.raises(ValueError):
        document("Lũ", "", "Xã", alert=colours.alert(3, "Lũ", MOMENT, Map(640, 480, (area,), **more)))
