"""What a program sees of who somebody is in a text."""

import pytest

from nguon.feedback.redaction import GONE, found, redacted


@pytest.mark.parametrize(
    ("words", "known", "left"),
    [
        ("Tôi là Nguyễn Thị Bưởi, gọi 0912 345 678.", ("Nguyễn Thị Bưởi",), f"Tôi là {GONE}, gọi {GONE}."),
        ("toi la nguyen thi  buoi", ("Nguyễn Thị Bưởi",), f"toi la {GONE}"),
        ("Số 0912.345.678 và +84912345678", ("0912345678",), f"Số {GONE} và {GONE}"),
        ("thư về buoi.nt@example.vn nhé", (), f"thư về {GONE} nhé"),
        ("căn cước 052199001234 của tôi", (), f"căn cước {GONE} của tôi"),
        ("cách nhà 150 m, ngày 20/11/2026, lúc 17:30", (), "cách nhà 150 m, ngày 20/11/2026, lúc 17:30"),
        ("Bưởi rụng đầy đường", ("Nguyễn Thị Bưởi",), "Bưởi rụng đầy đường"),
        ("số nhà 12 thôn Quảng Vân", ("12 thôn Quảng Vân",), f"số nhà {GONE}"),
        ("a", ("a",), "a"),
        ("", ("Nguyễn Thị Bưởi",), ""),
    ],
)
def test_what_tells_who_somebody_is_goes(words: str, known: tuple[str, ...], left: str) -> None:
    assert redacted(words, known) == left
    assert found(left, known) == []
