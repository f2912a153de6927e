"""Pictures in the document of a board: bounded, described, and no other byte where there are none."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from nguon.channels.board import Board
from nguon.channels.board.document import (
    MOST_WITH_PICTURES,
    PICTURE_MS,
    Picture,
    TooLarge,
    document,
    pictures,
    read,
    reading_ms,
)
from nguon.ports import channel
from nguon.ports.channel import Wording

ONE = Picture("image/webp", 800, 600, "Đường Trường Chinh", b"webp")
SEEN = channel.Picture(b"webp", "image/webp", "Đường Trường Chinh", 800, 600)


def test_a_page_without_pictures_has_the_bytes_it_always_had() -> None:
    assert b"pictures" not in document("Tin", "Một câu.", "Xã")
    assert pictures(read(document("Tin", "Một câu.", "Xã"))) == ()


def test_pictures_are_in_the_page_and_are_read_again() -> None:
    made = document("Tin", "Một câu.", "Xã", pictures=[ONE, ONE])
    assert json.loads(made)["pictures"][0]["data"] == "d2VicA=="
    assert pictures(read(made)) == (ONE, ONE)
    assert document("Tin", "Một câu.", "Xã", pictures=[ONE, ONE]) == made


def test_each_picture_adds_a_stated_time() -> None:
    assert reading_ms("Tin", ["chữ " * 100], 2) == reading_ms("Tin", ["chữ " * 100]) + 2 * PICTURE_MS
    page = Board().page(Wording("Tin " * 30, "", "vi", pictures=(SEEN, SEEN)))
    assert page is not None
    assert page.duration_ms == 12_000 + 2 * PICTURE_MS


def test_a_board_shows_a_picture_without_a_word_but_not_nothing() -> None:
    assert Board().page(Wording("", "", "vi", pictures=(SEEN,))) is not None
    assert Board().judge(Wording("", "", "vi", issuer="Xã", pictures=(SEEN,))) == ()
    with pytest.raises(ValueError, match="Chưa có chữ"):
        Board().page(Wording("", "", "vi"))


def test_pictures_have_room_of_their_own_and_no_more() -> None:
    big = msgspec.structs.replace(ONE, data=b"x" * 300_000)
    assert len(document("Tin", "Một câu.", "Xã", pictures=[big] * 4)) < MOST_WITH_PICTURES
    with pytest.raises(TooLarge):
        document("Tin", "Một câu.", "Xã", pictures=[msgspec.structs.replace(ONE, data=b"x" * 800_000)] * 2)
    with pytest.raises(TooLarge):
        document("Sách", "Đề nghị bà con. " * 20_000, "Xã", pictures=[ONE])
    with pytest.raises(ValueError, match="at most 4"):
        document("Tin", "", "Xã", pictures=[ONE] * 5)


@pytest.mark.parametrize(
    "other",
    [{"mime": "image/svg+xml"}, {"width": 0}, {"height": 5000}, {"alt": ""}, {"data": b""}],
)
def test_what_is_no_picture_is_none_for_boards(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Board().page(Wording("Tin", "", "vi", pictures=(replace(SEEN, **other),)))


@pytest.mark.parametrize("given", ["[]", "null", "[1]", '[{"mime":"image/webp"}]'])
def test_what_somebody_else_wrote_is_refused(given: str) -> None:
    made = document("Tin", "Một câu.", "Xã").decode()
    with pytest.raises(ValueError):
        read(made.replace('"alert":null', f'"alert":null,"pictures":{given}').encode())
