"""An address beside a bulletin: kept as it is, refused with what is wrong, and what approval names."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nguon.channels.board.document import link
from nguon.newsroom import linked
from nguon.newsroom.rules import Draft, Problem, problems, text_hash, tidy

GOOD = [
    "https://phuocson.gialai.gov.vn/tin/lich-cat-dien",
    "http://dichvucong.gov.vn",
    "HTTPS://Example.org:8443/a?b=c#d",
    "https://báo.vn/tin",
    "https://a.vn/" + "đ" * 480,
]
BAD = [
    "https://",
    "https://localhost/x",
    "https://192.168.1.5/x",
    "https://256.1.1.1",
    "https://a b.vn",
    "https://a.vn/có khoảng trắng",
    "https://ai@a.vn",
    "https://a.vn:99999",
    "https://a..vn",
    "https://-a.vn",
    "https://[::1]/",
    "https://a.vn\\b",
    "https://a.0x1",
]


def found(url: str, label: str = "") -> list[Problem]:
    return problems(tidy(Draft("Tin", link_url=url, link_label=label), "Lời."), 1000)


@pytest.mark.parametrize("url", GOOD)
def test_an_address_of_the_web_is_kept_and_made_a_code(url: str) -> None:
    assert found(f"  {url}\n") == []
    assert link("Xem thêm", url).url == url


@pytest.mark.parametrize("url", BAD)
def test_what_opens_nowhere_is_refused(url: str) -> None:
    assert found(url) == [Problem.NO_LINK]


@pytest.mark.parametrize(
    ("url", "label", "problem"),
    [
        ("phuocson.gialai.gov.vn", "", Problem.LINK_WITHOUT_HTTP),
        ("javascript:alert(1)", "", Problem.LINK_WITHOUT_HTTP),
        ("ftp://a.vn", "", Problem.LINK_WITHOUT_HTTP),
        ("https://a.vn/" + "x" * 490, "", Problem.LONG_LINK),
        ("", "Xem thêm", Problem.LABEL_WITHOUT_LINK),
        ("https://a.vn", "x" * 81, Problem.LONG_LABEL),
    ],
)
def test_each_fault_is_told_by_its_name(url: str, label: str, problem: Problem) -> None:
    assert found(url, label) == [problem]


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    for url in (typed, f"https://{typed}", f"https://a.vn/{typed}"):
        kept, _label = linked.tidy(url, typed)
        if linked.opens(kept):
            assert urlsplit(kept).hostname
            assert link("", kept).qr


def test_what_is_approved_covers_the_link_and_what_has_none_has_the_hash_of_before() -> None:
    plain = Draft("Tin", "Lời")
    assert text_hash(plain) == text_hash(Draft("Tin", "Lời", link_label=""))
    linked_to = [
        Draft("Tin", "Lời", link_url=url, link_label=label)
        for url in ("https://a.vn", "https://b.vn")
        for label in ("", "Xem")
    ]
    assert len({text_hash(one) for one in (plain, *linked_to)}) == 5
