"""Bedrock: time, ids, Vietnamese text, the loader of plugs."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.kit import clock, ids, plugs, text

moments = st.datetimes(datetime(1971, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))


@given(moments)
def test_milliseconds_there_and_back(moment: datetime) -> None:
    assert abs(clock.from_ms(clock.ms(moment)) - moment) < timedelta(milliseconds=1)


@given(st.integers(0, 253_402_300_799_999))
def test_every_time_on_the_wire_is_a_moment(value: int) -> None:
    assert clock.ms(clock.from_ms(value)) == value


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_the_day_is_that_of_viet_nam() -> None:
    assert clock.LOCAL.key == "Asia/Ho_Chi_Minh"


def test_ids_are_version_7_ordered_by_time_and_never_twice() -> None:
    made = [ids.new() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    stamps = [one.int >> 80 for one in made]
    assert stamps == sorted(stamps)
    assert abs(stamps[0] - clock.ms(clock.now())) < 60_000
    assert ids.short(made[0]) == str(made[0]).replace("-", "")


@given(st.text())
def test_one_form_inside(typed: str) -> None:
    for form in ("NFC", "NFD"):
        again = text.nfc(unicodedata.normalize(form, typed))
        assert unicodedata.is_normalized("NFC", again)
    assert "\r" not in text.nfc(typed)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    once = text.clean(typed)
    assert text.clean(once) == once
    assert not any(unicodedata.category(sign) == "Cc" for sign in once if sign not in "\n\t")


@given(st.text())
def test_folding_twice_is_folding_once_and_does_not_see_marks(typed: str) -> None:
    assert text.fold(text.fold(typed)) == text.fold(typed)
    assert text.fold(unicodedata.normalize("NFD", typed)) == text.fold(unicodedata.normalize("NFC", typed))


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Đường", "duong"), ("Tuy Phước", "tuy phuoc"), ("NGHỊ ĐỊNH", "nghi dinh"), ("ươưăâêô", "uouaaeo")],
)
def test_folding_vietnamese(written: str, folded: str) -> None:
    assert text.fold(written) == folded


class Works:
    def check(self) -> None:
        """It can."""


class Broken:
    def check(self) -> None:
        raise RuntimeError("no such program")


def test_a_broken_plug_is_off_with_its_reason_and_the_rest_go_on() -> None:
    paths = [f"{__name__}.Works", f"{__name__}.Broken", f"{__name__}.Gone", "no.such.module.Plug", "nonsense"]
    works, broken, *gone = plugs.load_all(paths)
    assert isinstance(works.plug, Works)
    assert works.reason == ""
    assert broken.plug is None
    assert broken.reason == "RuntimeError: no such program"
    assert all(one.plug is None and one.reason for one in gone)
