"""`nguon read`: one line out for one line in, whatever comes in; plain words for what cannot be read."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nguon.cli.read import command


def test_one_line_for_each_line() -> None:
    done = CliRunner().invoke(command, input="UBND xã\n\nhọp 7h30. Xin mời\n!!!\n")
    assert done.output == "ủy ban nhân dân xã\n\nhọp bảy giờ ba mươi. Xin mời\n\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_and_none_inside_a_line(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(f"một\u2028hai{ending}ba\x0bbốn\x0c{ending}năm".encode())
    assert CliRunner().invoke(command, [str(file)]).output == "một hai\nba bốn\nnăm\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_as_windows_saves_them(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text("UBND xã\nhọp 7h\n", encoding=encoding)
    assert CliRunner().invoke(command, [str(file)]).output == "ủy ban nhân dân xã\nhọp bảy giờ\n"


def test_it_explains_and_marks_what_is_doubtful() -> None:
    done = CliRunner().invoke(command, ["--explain"], input="họp 7h30, TCXYZ\n")
    assert done.output.splitlines() == [
        "họp bảy giờ ba mươi, tê xê ích i dét",
        "        4  '7h30' → 'bảy giờ ba mươi'  (time, 95%)",
        "  ?    10  'TCXYZ' → 'tê xê ích i dét'  (spelled, 50%)",
    ]


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("formal", "một nghìn không trăm linh năm hộ, hai mươi tư xã"),
        ("central", "một ngàn không trăm lẻ năm hộ, hai mươi tư xã"),
        ("south", "một ngàn không trăm lẻ năm hộ, hai mươi bốn xã"),
    ],
)
def test_the_styles(profile: str, said: str) -> None:
    done = CliRunner().invoke(command, ["--profile", profile], input="1.005 hộ, 24 xã\n")
    assert done.output == said + "\n"


def test_a_place_s_own_readings_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_text("# chỗ này\nGò Bồi = gò bồi cũ\n\nTT.VH\ttrung tâm văn hóa\n")
    done = CliRunner().invoke(command, ["--readings", str(file)], input="Gò Bồi, TT.VH\n")
    assert done.output == "gò bồi cũ, trung tâm văn hóa\n"


def test_a_line_that_is_no_reading_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.txt"
    file.write_text("a = b\nGò Bồi\n")
    done = CliRunner().invoke(command, ["--readings", str(file)], input="x\n")
    assert done.exit_code == 1
    assert "own.txt, line 2: write it as `written = spoken`." in done.output


def test_what_is_no_text_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04\x00\x00xx")
    (tmp_path / "b.txt").write_bytes("Nhà".encode("cp1258", errors="replace") + b"\xff\xe0")
    for name, words in (
        ("a.docx", "is no text file. Word and PDF files"),
        ("b.txt", "is no text in UTF-8"),
        ("c.txt", "There is no file"),
        ("", "is a folder"),
    ):
        done = CliRunner().invoke(command, [str(tmp_path / name)])
        assert done.exit_code == 1
        assert words in done.output
        assert "Traceback" not in done.output


def test_nothing_in_nothing_out() -> None:
    assert CliRunner().invoke(command, input="").output == ""
