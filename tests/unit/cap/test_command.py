"""`nguon cap check`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nguon.cap import keys, sign, write
from nguon.cli import main
from tests.unit.cap import messages

NOW = datetime(2026, 10, 18, tzinfo=UTC)
OASIS = Path(__file__).parent / "oasis"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["cap", "check", *map(str, words)])


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """A signed message and the certificate of its signer."""
    key, certificate = keys.make("UBND xã Tuy Phước Đông", now=NOW, elliptic=True)
    files = tmp_path / "alert.xml", tmp_path / "signer.pem"
    files[0].write_bytes(sign.sign(write.render(messages.alert()), key, certificate, at=NOW))
    files[1].write_bytes(certificate)
    return files


def test_a_good_message_is_told_in_vietnamese(signed: tuple[Path, Path]) -> None:
    done = run(signed[0], "--trust", signed[1], "--at", "2026-10-20")
    assert done.exit_code == 0, done.output
    assert "good CAP 1.2, VN-21970-2026-0042 of tuyphuocdong@example.vn" in done.output
    assert "signature: holds, by CN=UBND xã Tuy Phước Đông" in done.output
    assert "Tiêu đề: Lũ trên sông Hà Thanh lên nhanh" in done.output


def test_a_signature_that_was_asked_for_must_hold(signed: tuple[Path, Path]) -> None:
    assert run(signed[0]).exit_code == 0
    assert "whom we do not trust" in run(signed[0]).output
    late = run(signed[0], "--trust", signed[1], "--at", "2036-10-20")
    assert late.exit_code == 1
    assert "Chứng thư của người ký đã hết hạn." in late.output
    unsigned = run(OASIS / "earthquake_report.xml", "--trust", signed[1])
    assert unsigned.exit_code == 1
    assert "it bears no signature" in unsigned.output


def test_faults_come_with_line_path_and_a_vietnamese_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_bytes(write.render(messages.alert()).replace(b"13.85,109.15 13.85", b"13.85,109.16 13.85"))
    done = run(bad, OASIS / "homeland_security.xml")
    assert done.exit_code == 1
    assert "line 23, /alert/info[1]/area[1]/polygon[1]: the last point of a polygon is like its first" in done.output
    assert "Vùng vẽ chưa khép kín." in done.output
    assert "homeland_security.xml: good CAP 1.2" in done.output


def test_a_strangers_words_do_not_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "alert.xml"
    file.write_bytes(write.render(messages.alert(infos=(messages.info(headline="a\x9b31mb\u202ec"),))))
    assert "Tiêu đề: a31mbc" in run(file).output


def test_what_is_no_file_or_no_certificate_is_said_plainly(tmp_path: Path, signed: tuple[Path, Path]) -> None:
    missing = run(tmp_path / "none.xml")
    assert missing.exit_code == 1
    assert "none.xml cannot be read: No such file" in missing.output
    wrong = run(signed[0], "--trust", signed[0])
    assert wrong.exit_code == 1
    assert "holds no certificate (PEM) to trust" in wrong.output
