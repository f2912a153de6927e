"""Codes of cases: any wrong sign and any two neighbours changed round are noticed; what people type is read kindly."""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from nguon.feedback import codes
from tests.app.desk import place

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BODIES = st.builds(
    lambda prefix, year, chance: f"{prefix}{year:02d}{chance}",
    st.text(codes.ALPHABET[8:], min_size=2, max_size=2),
    st.integers(0, 99),
    st.text(codes.ALPHABET, min_size=4, max_size=4),
)


def code_of(body: str) -> str:
    return f"{body[:2]}-{body[2:4]}-{body[4:]}{codes.check_sign(body)}"


@given(BODIES)
def test_a_code_is_read_as_it_was_written(body: str) -> None:
    code = code_of(body)
    assert codes.parsed(code) == code
    assert codes.parsed(f"  {code.lower().replace('-', ' ')} ") == code
    assert codes.parsed(code.replace("-", "")) == code


@given(BODIES, st.integers(0, 8), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTUVWXYZ"))
def test_one_wrong_sign_is_always_noticed(body: str, at: int, sign: str) -> None:
    plain = code_of(body).replace("-", "")
    wrong = plain[:at] + sign + plain[at + 1 :]
    assert (codes.parsed(wrong) is None) == (wrong != plain)


@given(BODIES, st.integers(0, 7))
def test_two_neighbours_changed_round_are_always_noticed(body: str, at: int) -> None:
    plain = code_of(body).replace("-", "")
    swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
    assert (codes.parsed(swapped) is None) == (swapped != plain)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_is_none(typed: str) -> None:
    found = codes.parsed(typed)
    assert found is None or codes.parsed(found) == found


@given(BODIES)
def test_the_letters_o_and_i_in_the_year_are_figures(body: str) -> None:
    code = code_of(body)
    written = code[:3] + code[3:5].translate(str.maketrans("01", "OI")) + code[5:]
    assert codes.parsed(written) == code


@pytest.mark.django_db
def test_codes_begin_as_the_territory_does(settings: Settings) -> None:
    assert codes.new_code(NOW).startswith("PA-26-")
    place("Tuy Phước", "huyện")
    assert codes.new_code(NOW).startswith("TP-26-")
    settings.NGUON_CASE_PREFIX = "Đăk Hà"
    assert codes.new_code(NOW).startswith("DH-26-")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "prefix"), [("Gia Lai", "GA"), ("Iông", "NG"), ("Ô", "PA"), ("Lào Cai", "AC"), ("Huế", "HU")]
)
def test_letters_that_look_like_figures_are_left_out(name: str, prefix: str) -> None:
    place(name, "tỉnh")
    code = codes.new_code(NOW)
    assert code.startswith(prefix)
    assert codes.parsed(code) == code


@pytest.mark.django_db
def test_made_codes_differ() -> None:
    assert len({codes.new_code(NOW) for _ in range(200)}) > 190


def test_the_alphabet_is_prime_and_has_no_sign_twice() -> None:
    size = len(codes.ALPHABET)
    assert len(set(codes.ALPHABET)) == size == 31
    assert all(size % number for number in range(2, size))
    assert not set(codes.ALPHABET) & set("01OIL")


@pytest.mark.parametrize(
    ("phone", "tail"), [("0905 123 456", "3456"), ("+84.905.123-456", "3456"), ("12", ""), ("", "")]
)
def test_the_tail_is_the_end_of_the_number(phone: str, tail: str) -> None:
    assert codes.tail_of(phone) == tail


def test_the_tail_is_kept_so_that_it_opens_its_own_code_only(settings: Settings) -> None:
    kept = codes.sealed("TP-26-AAAAA", "3456")
    assert codes.opens("TP-26-AAAAA", "3456", kept)
    assert not codes.opens("TP-26-BBBBB", "3456", kept)
    assert not any(
        codes.opens("TP-26-AAAAA", f"{n:04d}", kept) for n in itertools.chain(range(3456), range(3457, 9999))
    )
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert codes.opens("TP-26-AAAAA", "3456", kept)
