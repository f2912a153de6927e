"""What keeps a page from being read is found, told with what to do, and nothing is found where nothing is wrong."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.channels.board import findings
from nguon.channels.board.channel import GLASSES
from nguon.channels.board.colours import alert
from nguon.channels.board.document import Document, document, read
from nguon.channels.board.readability import (
    MOST_PASSING,
    Finding,
    Kind,
    Screen,
    is_banner,
    judge,
    judged,
    letters_a_line,
    passing,
)
from tests.unit.channels.test_board_document import MOMENT

pytestmark = pytest.mark.boards

WIDE, TALL, BANNER = ((glass.width, glass.height) for glass in GLASSES)
SCREENS = (WIDE, TALL, BANNER, (1280, 720), (64, 32), (1, 1), (0, 0))


def page(
    title: str = "Nghỉ học ngày mai", body: str = "Học sinh nghỉ vì mưa lớn.", issuer: str = "Xã Phước Sơn"
) -> Document:
    return read(document(title, body, issuer))


def kinds(found: list[Finding]) -> set[Kind]:
    return {one.kind for one in found}


@pytest.mark.parametrize("screen", [WIDE, TALL, BANNER])
def test_a_good_page_has_nothing_against_it(screen: Screen) -> None:
    assert judge(page(), screen) == []
    assert judge(page(body="Liên hệ 0256 3123 456 hoặc 1900 1909, từ 7 giờ 30 ngày 25/11/2026. UBND xã."), screen) == []


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        (page(title="", body=""), Kind.EMPTY),
        (page(issuer=""), Kind.NO_ISSUER),
        (page(body="Đề nghị bà con chủ động. " * 60), Kind.TOO_MUCH),
        (page(title="Về việc tạm ngừng cung cấp điện để sửa chữa lưới điện trung áp"), Kind.LONG_TITLE),
        (page(body="Xem https://phuocson.gov.vn/thong-bao/lich-cat-dien-thang-11-nam-2026"), Kind.LONG_WORD),
        (page(body="ĐỀ NGHỊ BÀ CON CHỦ ĐỘNG SẮP XẾP SẢN XUẤT"), Kind.CAPITALS),
    ],
)
def test_each_fault_is_found_by_itself(shown: Document, kind: Kind) -> None:
    assert kinds(judge(shown, WIDE)) == {kind}


@pytest.mark.parametrize("body", ["UBND XÃ PHƯỚC THUẬN", "THÔNG BÁO", "Đội PCCC và CNCH, Công an xã, gọi 114 ngay"])
def test_a_head_and_an_abbreviation_are_not_shouted(body: str) -> None:
    assert judge(page(body=body), WIDE) == []


def test_the_same_word_may_fit_on_the_one_and_not_on_the_other() -> None:
    shown = page(body=f"Mã {'x' * 30}")
    assert kinds(judge(shown, WIDE)) == set()
    assert kinds(judge(shown, TALL)) == {Kind.LONG_WORD}
    assert judge(shown, BANNER) == []  # there it runs by


def test_colours_that_are_too_near_are_found() -> None:
    good = alert(4, "Bão", MOMENT)
    shown = read(document("Bão", "Ở trong nhà.", "Xã", alert=good))
    assert judge(shown, WIDE) == []
    pale = b'"ink":"#dd6a70"'
    bad = read(document("Bão", "Ở trong nhà.", "Xã", alert=good).replace(b'"ink":"#ffffff"', pale))
    assert kinds(judge(bad, WIDE)) == {Kind.CONTRAST}


def test_a_banner_shows_few_letters_and_takes_its_time() -> None:
    assert not any(map(is_banner, (WIDE, TALL, (1280, 720), (1920, 480))))
    assert all(map(is_banner, (BANNER, (64, 32), (1920, 360))))
    assert 8 <= letters_a_line(BANNER) <= 14
    long = page(body="Đề nghị bà con chủ động sắp xếp. " * 20)
    [found] = judge(long, BANNER)
    assert found.kind == Kind.PASSES_SLOWLY
    assert found.facts["seconds"] == passing(long, BANNER) > MOST_PASSING
    assert passing(page(), BANNER) < passing(long, BANNER)


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(SCREENS))
def test_any_words_on_any_screen_are_judged_and_told(title: str, body: str, screen: Screen) -> None:
    for finding in judge(page(title, body), screen):
        assert findings.say(finding)


def test_every_kind_has_words_and_every_word_its_figure() -> None:
    assert set(findings.WORDS) == set(Kind)
    whole = page("CẮT ĐIỆN TOÀN BỘ CÁC THÔN TRONG XÃ ĐỂ SỬA CHỮA LƯỚI ĐIỆN TRUNG ÁP", "x" * 90 + " một hai" * 400, "")
    found = judged(whole, [WIDE, TALL, BANNER])
    assert kinds(found) == set(Kind) - {Kind.EMPTY, Kind.CONTRAST}
    assert all(re.search(r"\d|[Hh]ãy|[Nn]ên", findings.say(one)) for one in found)
    assert "%" not in " ".join(map(findings.say, found))
