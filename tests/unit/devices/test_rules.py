"""Codes and passwords of devices."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.devices import rules

five_bytes = st.binary(min_size=5, max_size=5)


@given(five_bytes)
def test_a_code_holds_forty_bits_in_signs_nobody_misreads(random: bytes) -> None:
    code = rules.code_from(random)
    assert len(code) == 9
    assert code[4] == "-"
    assert not set("ILOU") & set(code)
    number = 0
    for sign in rules.plain_code(code):
        number = number * 32 + rules.ALPHABET.index(sign)
    assert number.to_bytes(5, "big") == random


@given(five_bytes)
def test_a_code_may_be_typed_carelessly(random: bytes) -> None:
    code = rules.code_from(random)
    careless = " " + code.lower().replace("-", " – ").replace("0", "o").replace("1", "l") + "\n"
    assert rules.code_digest(careless, "key") == rules.code_digest(code, "key")


def test_the_digest_of_a_code_depends_on_the_key_of_the_server() -> None:
    assert rules.code_digest("ABCD-EFGH", "one") != rules.code_digest("ABCD-EFGH", "two")


@pytest.mark.parametrize("size", [0, 4, 6])
def test_a_code_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(ValueError):
        rules.code_from(bytes(size))


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_only_the_right_password_matches(password: str, other: str) -> None:
    password, other = (word.encode("utf-8", "ignore").decode() for word in (password, other))
    stored = rules.broker_hash(password, salt=b"s" * rules.SALT_BYTES)
    assert rules.password_matches(password, stored)
    assert rules.password_matches(other, stored) == (other == password)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_a_stored_hash_that_is_none_matches_nothing(stored: str) -> None:
    assert not rules.password_matches("password", stored)
    assert not rules.password_matches("password", f"$7${stored}")


def test_two_hashes_of_one_password_differ_but_the_fixed_salt_is_fixed() -> None:
    one, two = (rules.broker_hash("word", salt=bytes([n]) * rules.SALT_BYTES) for n in (1, 2))
    assert one != two
    salt = rules.fixed_salt("word")
    assert rules.broker_hash("word", salt=salt) == rules.broker_hash("word", salt=rules.fixed_salt("word"))


@given(st.binary(max_size=64))
def test_a_public_key_is_thirty_two_bytes(key: bytes) -> None:
    assert rules.is_public_key(base64.b64encode(key).decode()) == (len(key) == 32)


def test_what_is_not_base64_is_no_key() -> None:
    assert not rules.is_public_key("khóa của tôi")
