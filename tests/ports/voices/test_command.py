"""`nguon voice`: an operator tries an account before a commune depends on it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ports.voices import hearing
from tests.ports.voices.cases import CASES
from tests.ports.voices.fakes.server import KEY


def nguon(*arguments: str, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    foreign = ("NGUON_VOICE", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return subprocess.run(
        [str(Path(sys.executable).with_name("nguon")), "voice", *arguments],
        env={**environment, **variables},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_voices_are_listed_and_what_an_account_needs() -> None:
    everything = nguon("list").stdout
    for name in ("espeak/vi-vn-x-central", "fpt/myan", "vieneu/Ngọc Trân", "supertonic/F1"):
        assert name in everything
    one = nguon("list", "vbee").stdout
    assert "NGUON_VOICE_WEBHOOK" in one
    assert "espeak" not in one


def test_a_text_is_read_and_said_by_an_account(tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    with CASES["fpt"].open() as (_, fake):
        account = ("--voice", "fpt/giahuy", "--set", f"url={fake.url}")
        done = nguon("say", "-", *account, "--out", str(out), given="Họp lúc 7h30 tại thôn.\n", NGUON_VOICE_KEY=KEY)
        assert done.returncode == 0, done.stderr
        assert fake.speeches()[0].body.decode() == "Họp lúc bảy giờ ba mươi tại thôn."
        assert fake.speeches()[0].headers["voice"] == "giahuy"
        assert "syllables a minute" in done.stdout
        assert hearing.seconds(out) > 1
        done = nguon("say", "xin chào bà con", *account, NGUON_VOICE_KEY="sai-khoa")
        assert done.returncode == 1
        assert "key: fpt answered 401" in done.stderr
        assert "sai-khoa" not in done.stdout + done.stderr


def test_a_secret_on_the_command_line_is_refused() -> None:
    done = nguon("say", "xin chào", "--voice", "fpt/myan", "--set", "key=bi-mat-lo")
    assert done.returncode == 2
    assert "NGUON_VOICE_KEY" in done.stderr
    assert "bi-mat-lo" not in done.stderr


def test_a_voice_of_this_machine_needs_nothing(tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    assert nguon("say", "kính mời bà con đến họp", "--voice", "espeak/vi", "--out", str(out)).returncode == 0
    assert hearing.seconds(out) > 1
    assert nguon("say", "x", "--voice", "nobody/x").returncode == 1
