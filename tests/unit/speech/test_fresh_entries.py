"""Teaching the reader takes a line in a data file and no code: each lexicon, with an entry nobody had before."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nguon

SOURCE = Path(nguon.__file__).parent


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reader alone, to be taught in its own process."""
    folder = tmp_path_factory.mktemp("copy")
    target = folder / "nguon"
    target.mkdir()
    shutil.copy(SOURCE / "__init__.py", target)
    for part in ("kit", "speech"):
        shutil.copytree(SOURCE / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


LINES = [
    ("abbreviations", "words:", "  ZQTX: tổ quản trang", "họp ZQTX xã", "họp tổ quản trang xã"),
    ("abbreviations", "titles:", "  ZQ: cụ", "mời ZQ. Lê An", "mời cụ Lê An"),
    (
        "abbreviations",
        "context:",
        "  ZQK:\n    - {after: '^[ ]*%name%', say: kênh}\n    - {say: kho}",
        "ở ZQK Bình An, giữ ZQK",
        "ở kênh Bình An, giữ kho",
    ),
    ("abbreviations", "heads:", "  ZQ: quản trang", "gặp ZQUBND xã", "gặp quản trang ủy ban nhân dân xã"),
    ("documents", "types:", "  ZQT: tờ khai", "số 5/ZQT-UBND", "số năm, tờ khai ủy ban nhân dân"),
    ("documents", "agencies:", "  ZQA: cục thú y", "số 5/QĐ-ZQA", "số năm, quyết định cục thú y"),
    ("documents", "fields:", "  ZQF: thú y", "số 5/QĐ-SZQF", "số năm, quyết định sở thú y"),
    ("loanwords", "words:", "  zqword: diu quốt", "mở Zqword ra", "mở diu quốt ra"),
    ("loanwords", "case:", "  ZqE: dê e", "mở ZqE ra", "mở dê e ra"),
    ("places", "labels:", "  zqlang: làng xa", "xem zqlang.vn", "xem làng xa chấm vê en"),
    ("units", "symbols:", "  zq: giạ", "thu 5 zq lúa", "thu năm giạ lúa"),
    ("documents", "levels:", "  ZL: viện", "số 5/QĐ-ZLYT", "số năm, quyết định viện y tế"),
    ("units", "degree_words:", "  độ Zq: độ giạ", "nóng 5 độ Zq", "nóng năm độ giạ"),
]


@pytest.mark.parametrize(("name", "section", "line", "written", "said"), LINES)
def test_a_fresh_line_is_enough(copy: Path, name: str, section: str, line: str, written: str, said: str) -> None:
    file = copy / "nguon" / "speech" / "data" / f"{name}.yaml"
    before = file.read_text(encoding="utf-8")
    assert f"\n{section}" in f"\n{before}"
    try:
        file.write_text(f"\n{before}".replace(f"\n{section}", f"\n{section}\n{line}", 1), encoding="utf-8")
        assert _read(copy, written) == said
    finally:
        file.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    ("section", "word", "written", "said"),
    [
        ("house", "thửa vườn", "thửa vườn 12/5", "thửa vườn mười hai xuyệt năm"),
        ("phone", "số bàn", "số bàn 3633", "số bàn ba sáu ba ba"),
        ("identifier", "sổ bìa", "sổ bìa 123456", "sổ bìa một hai ba bốn năm sáu"),
        ("roman", "lễ hội", "lễ hội V", "lễ hội năm"),
        ("emergency_numbers", '"198"', "gọi 198", "gọi một chín tám"),
    ],
)
def test_a_fresh_cue_is_enough(copy: Path, section: str, word: str, written: str, said: str) -> None:
    file = copy / "nguon" / "speech" / "data" / "cues.yaml"
    before = file.read_text(encoding="utf-8")
    assert _read(copy, written) != said
    try:
        file.write_text(before.replace(f"\n{section}: [", f"\n{section}: [{word}, ", 1), encoding="utf-8")
        assert _read(copy, written) == said
    finally:
        file.write_text(before, encoding="utf-8")


def _read(copy: Path, written: str) -> str:
    program = "import sys; from nguon.speech import read; print(read(sys.argv[1]).text, end='')"
    done = subprocess.run(
        [sys.executable, "-c", program, written],
        cwd=copy,
        env={"PYTHONPATH": str(copy)},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()
