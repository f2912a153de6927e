"""Rules of sites: paths and names, what is missing, how old, what is secret."""

from datetime import UTC, datetime, timedelta

import pytest

from nguon.portal import rules
from nguon.portal.rules import Fill, dialled
from nguon.portal.secrecy import is_secret

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "days", "fill"),
    [(None, 0, Fill.EMPTY), (None, 30, Fill.EMPTY), (400, 0, Fill.FULL), (29, 30, Fill.FULL), (30, 30, Fill.OVERDUE)],
)
def test_how_a_section_stands(age: int | None, days: int, fill: Fill) -> None:
    newest = None if age is None else NOW - timedelta(days=age)
    assert rules.filled(newest, days, NOW) == fill


def test_a_path_is_made_of_a_name() -> None:
    assert rules.slug_of("Xã Phước Thuận") == "xa-phuoc-thuan"
    assert rules.slug_of("Đường “Đào Tấn” – đoạn 2") == "duong-dao-tan-doan-2"
    assert rules.slug_of("???") == ""
    assert rules.is_slug(rules.slug_of("a" * 59 + " b", 60))


@pytest.mark.parametrize("slug", ["", "Phuoc-Thuan", "phước", "a--b", "-a", "a/b", "a b", "a" * 61])
def test_what_is_no_path(slug: str) -> None:
    assert not rules.is_slug(slug)


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("phuocthuan.tuyphuoc.gov.vn", True),
        ("xn--phc-8ma.vn", True),
        ("localhost", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("https://a.vn", False),
        ("a.vn:8000", False),
        ("a..vn", False),
        ("-a.vn", False),
        ("", False),
    ],
)
def test_what_is_a_name_of_a_site(host: str, fits: bool) -> None:
    assert rules.is_host(host) is fits


def test_what_is_missing_is_said_in_order() -> None:
    assert rules.lacking({"owner": "UBND xã", "responsible": " ", "address": "x", "phone": "1"}) == [
        "người chịu trách nhiệm",
        "giờ làm việc",
    ]


@pytest.mark.parametrize(
    ("title", "sign", "filename"),
    [
        ("Kế hoạch TỐI MẬT về phòng thủ", "", ""),
        ("Kế hoạch tuyệt  mật", "", ""),
        ("MẬT: Phương án tác chiến", "", ""),
        ("Mật - Phương án", "", ""),
        ("Báo cáo (Mật)", "", ""),
        ("Báo cáo MẬT quý III", "", ""),
        ("Văn bản có độ mật", "", ""),
        ("Phương án", "12/KH-MẬT", ""),
        ("Phương án", "05-Mật/UBND", ""),
        ("Phương án", "", "Phương án_TỐI_MẬT.pdf"),
        ("Phương án", "", "phuong-an_tuyet mat.docx"),
        ("Kế hoạch tô\u0301i mâ\u0323t", "", ""),
    ],
)
def test_what_says_that_it_is_secret(title: str, sign: str, filename: str) -> None:
    assert is_secret(title, sign, filename)


@pytest.mark.parametrize(
    "title",
    [
        "Kỹ thuật nuôi ong lấy mật",
        "Bảo mật thông tin cá nhân",
        "Mật độ dân số",
        "MẬT ONG RỪNG",
        "Mặt trận Tổ quốc",
    ],
)
def test_what_only_sounds_like_it(title: str) -> None:
    assert not is_secret(title, "15/KH-UBND", "ke-hoach.pdf")


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("0256 000 007 (số minh họa)", "0256000007"),
        ("+84 256.383-3101", "+842563833101"),
        ("Văn phòng: 0256 3833101; công an: 113", "02563833101"),
        ("chưa có", ""),
    ],
)
def test_a_telephone_dials_the_number_only(written: str, digits: str) -> None:
    assert dialled(written) == digits
