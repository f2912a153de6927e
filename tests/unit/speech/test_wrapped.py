"""Text copied from a PDF comes with its lines broken: a break inside a sentence is not heard."""

import pytest

from nguon.speech import read


@pytest.mark.parametrize(
    ("source", "spoken"),
    [
        (
            "tạm ngừng cung cấp điện để sửa chữa đường dây\n22kV tại thôn Quảng Vân và\nLộc Hạ.",
            "đường dây hai mươi hai",
        ),
        ("tạm ngừng cung cấp điện tại thôn Quảng Vân và\nLộc Hạ.", "Quảng Vân và Lộc Hạ"),
        ("Mời bà con đến nhà văn hóa thôn\nLộc Hạ", "thôn Lộc Hạ"),
    ],
)
def test_a_break_inside_a_sentence_is_not_heard(source: str, spoken: str) -> None:
    assert spoken in read(source).text


@pytest.mark.parametrize(
    "source",
    [
        "UBND XÃ PHƯỚC THUẬN\nTHÔNG BÁO",
        "Danh sách các hộ dân sau đây thuộc diện được hỗ trợ\n1. Nguyễn Văn A\n2. Trần Thị B",
        "Kính mời toàn thể bà con nhân dân tham dự đông đủ\n- Ông Nguyễn Văn A",
    ],
)
def test_a_break_between_two_things_stays(source: str) -> None:
    assert len(read(source).text.split("\n")) == len(source.split("\n"))
