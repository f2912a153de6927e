"""What answers mean: statuses, words, Retry-After; and where no key may go."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
import time_machine

from nguon.plugs.voices.call import Call
from nguon.plugs.voices.reply import Again, Reply, guess
from nguon.ports.voice import Failure, VoiceFailed


def reply(status: int, body: bytes = b"", after: str = "") -> Reply:
    return Reply("x", status, httpx.Headers({"Retry-After": after}), body, lambda text: text.replace("geheim", "…"))


@pytest.mark.parametrize(
    ("status", "failure", "again"),
    [
        (400, Failure.TEXT, False),
        (401, Failure.KEY, False),
        (402, Failure.CREDIT, False),
        (403, Failure.KEY, False),
        (404, Failure.AWAY, False),
        (408, Failure.AWAY, True),
        (413, Failure.TEXT, False),
        (415, Failure.AWAY, False),
        (422, Failure.TEXT, False),
        (429, Failure.BUSY, True),
        (500, Failure.AWAY, True),
        (503, Failure.AWAY, True),
    ],
)
def test_a_status_has_its_kind(status: int, failure: Failure, again: bool) -> None:
    with pytest.raises(VoiceFailed) as failed:
        reply(status).check()
    assert failed.value.failure is failure
    assert isinstance(failed.value, Again) is again


def test_the_words_of_an_error_are_found_wherever_they_lie() -> None:
    for body, words in (
        (b'{"message": "no  way"}', "no way"),
        (b'{"error": {"message": "geheim\\nis wrong", "code": 5}}', "… is wrong"),
        (b'{"detail": [{"loc": ["a"], "msg": "b", "message": "c"}]}', "c"),
        (b'{"code": 400, "vi_message": "", "en_message": "Bad"}', "Bad"),
        (b'{"error": "invalid_grant"}', "invalid_grant"),
        (b'{"a": 1}', "JSON without a message"),
        (b"[]", "an empty list"),
        (b"<!DOCTYPE html>", "a page of HTML"),
        (b'<?xml version="1.0"?><Error/>', "XML"),
        (b"#EXTM3U\n", "a playlist"),
        (b"", "nothing at all"),
        (b"\x00\x01", "2 bytes of no known sound"),
    ):
        assert reply(400, body).words() == words
    assert len(reply(400, b'{"message": "' + b"x" * 5000 + b'"}').words()) == 200


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b'{"a"', b"\xff\xfe", b"1e999999"])
def test_what_is_no_object_may_be_one_later(body: bytes) -> None:
    with pytest.raises(Again):
        reply(200, body).json()


@pytest.mark.parametrize(
    ("written", "after"),
    [("7", 7.0), ("0", 0.0), ("", 0.0), ("soon", 0.0), ("-3", 0.0), ("Wed, 99 Foo 2026", 0.0)],
)
def test_retry_after_in_seconds(written: str, after: float) -> None:
    assert reply(429, after=written).again(Failure.BUSY).after == after


def test_retry_after_as_a_date() -> None:
    with time_machine.travel(datetime(2026, 11, 25, 8, tzinfo=UTC), tick=False):
        late = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
        early = format_datetime(datetime.now(UTC) - timedelta(seconds=90), usegmt=True)
        assert reply(429, after=late).again(Failure.BUSY).after == 90
        assert reply(429, after=early).again(Failure.BUSY).after == 0


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ("Invalid API key", Failure.KEY),
        ("Token đã hết hạn", Failure.KEY),
        ("Bạn đã hết hạn mức sử dụng", Failure.CREDIT),
        ("quota exceeded", Failure.CREDIT),
        ("Số dư không đủ", Failure.CREDIT),
        ("voice is not supported", Failure.TEXT),
        ("Văn bản quá dài", Failure.TEXT),
        ("internal error", Failure.AWAY),
    ],
)
def test_words_tell_the_kind(words: str, failure: Failure) -> None:
    assert guess(words) is failure


@pytest.mark.parametrize(
    ("link", "near"),
    [
        ("http://files.example.vn/a.wav", "https://api.example.vn"),  # off https
        ("https://127.0.0.1/a.wav", "https://api.example.vn"),  # into our own network
        ("https://10.0.0.5/a.wav", "https://api.example.vn"),
        ("https://[::1]/a.wav", "https://api.example.vn"),
        ("https://127.1/a.wav", "https://api.example.vn"),
        ("https://nas.local/a.wav", "https://api.example.vn"),
        ("https://intranet/a.wav", "https://api.example.vn"),
        ("file:///etc/passwd", "https://api.example.vn"),
        ("ftp://127.0.0.1/a.wav", "http://127.0.0.1:8000"),
        ("//files.example.vn/a.wav", "https://api.example.vn"),
        ("https://[bad/a.wav", "https://api.example.vn"),
        ("", "https://api.example.vn"),
    ],
)
def test_links_off_the_web_or_into_our_network_are_not_followed(link: str, near: str) -> None:
    with Call("x", 2) as call, pytest.raises(VoiceFailed, match="not followed"):
        call.fetch(link, near=near)


def test_an_address_that_is_none_fails_without_a_word_of_the_key() -> None:
    with Call("x", 2, ("geheim",)) as call:
        for url in ("", "nonsense", "htp://geheim.vn", "https://[bad", "http://127.0.0.1:99999/"):
            with pytest.raises(VoiceFailed) as failed:
                call.ask("GET", url, headers={"key": "geheim"})
            assert "geheim" not in str(failed.value)
