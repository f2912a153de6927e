"""What holds of every service: what it says is heard in order, and whatever goes wrong has its kind and its end."""

import logging
import socket
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from nguon.plugs.voices import pieces, sound, tape
from nguon.plugs.voices.remote import Remote
from nguon.ports.voice import Failure, VoiceFailed, VoiceProvider
from tests.ports.voices import hearing
from tests.ports.voices.cases import CASES, Case
from tests.ports.voices.fakes.server import ECHO, HTML, KEY, Answer, Fake, said
from tests.ports.voices.fakes.vnpt import ACCESS

FIRST = "kính mời bà con cô bác đến hội trường xã để dự buổi họp."
SECOND = "ai bận thì báo trước cho trưởng thôn, nhớ mang theo giấy mời và căn cước."
THIRD = "buổi họp bắt đầu lúc bảy giờ ba mươi."
TEXT = f"{FIRST} {SECOND} {THIRD}"
SHORT = f"{FIRST} {THIRD}"
Open = tuple[Remote, Fake]


@pytest.fixture(params=list(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def opened(case: Case) -> Iterator[Open]:
    with case.open() as opened:
        yield opened


def speak(
    voice: Remote, out: Path, text: str = SHORT, rate: int = 220, within: float = 30, name: str = ""
) -> list[float]:
    """Speak with the default voice; the progress that was told."""
    progress: list[float] = []
    name = name or voice.voices()[0].id
    voice.speak(text, voice=name, rate=rate, out=out, progress=progress.append, within=within)
    return progress


def failure(voice: Remote, out: Path, within: float = 30, text: str = SHORT) -> VoiceFailed:
    """How speaking fails; nothing is left behind, and the key is not in what it says."""
    with pytest.raises(VoiceFailed) as failed:
        speak(voice, out, text=text, within=within)
    assert not out.exists()
    assert str(failed.value)
    return failed.value


def test_the_class_is_the_provider(case: Case) -> None:
    provider: VoiceProvider = case.provider
    assert provider.key.isidentifier()
    assert provider.label
    assert provider.terms.unit in ("characters", "bytes")
    assert provider.terms.limit > 0
    assert len({setting.name for setting in provider.settings}) == len(provider.settings)
    assert provider(case.values).voices()


def test_what_is_said_is_heard_in_order_without_a_click(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    with case.open(limit="105" if case.provider.terms.unit == "bytes" else "75") as (voice, fake):
        progress = speak(voice, out, TEXT)
        assert len(fake.speeches()) >= 3
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert len(progress) > 3
    samples, rate = hearing.heard(out)
    assert rate == sound.RATE
    told = hearing.envelope(samples, rate)
    assert hearing.likeness(told, _joined(FIRST, SECOND, THIRD)) > 0.9
    assert hearing.likeness(told, _joined(THIRD, SECOND, FIRST)) < 0.6
    loudest = max(hearing.steepest(sound.decode(said(each, 1.0), tempo=1, within=9)) for each in (FIRST, SECOND, THIRD))
    assert hearing.steepest(samples) <= loudest * 1.1 + 50


def _joined(*texts: str) -> hearing.Track:
    whole = sound.Samples("h")
    for text in texts:
        whole += tape.trimmed(sound.decode(said(text, 1.0), tempo=1, within=9))
        whole += sound.Samples("h", bytes(2 * round(pieces.SENTENCE * sound.RATE)))
    return hearing.envelope(whole, sound.RATE)


def test_silence_around_pieces_does_not_add_up(opened: Open, tmp_path: Path) -> None:
    """Half a second before and after each piece comes from the service; the pause between them is ours alone."""
    out = tmp_path / "out.wav"
    voice, _ = opened
    speak(voice, out, SHORT)
    level = hearing.envelope(*hearing.heard(out))
    quiet = "".join("." if each < 60 else "#" for each in level)
    assert len(max(quiet.split("#"), key=len)) * hearing.STEP < 0.75
    assert len(quiet) - len(quiet.lstrip(".")) < 5


def test_no_call_is_over_the_limit_and_nothing_is_lost(case: Case, tmp_path: Path) -> None:
    with case.open(limit="80") as (voice, fake):
        speak(voice, tmp_path / "out.wav", TEXT * 3, rate=300)
        asked = [each.body.decode(errors="replace") for each in fake.speeches()]
    assert len(asked) > 6
    if case.provider.key != "zalo":  # whose form is percent-encoded
        assert sum(body.count("trưởng thôn") or body.count("tr\\u01b0\\u1edfng th\\u00f4n") for body in asked) == 3


@pytest.mark.parametrize("rate", [120, 180, 300])
def test_the_rate_is_kept_as_far_as_the_service_goes_and_we_stretch(case: Case, tmp_path: Path, rate: int) -> None:
    out = tmp_path / "out.wav"
    with case.open() as (voice, _):
        speak(voice, out, TEXT, rate=rate)
    said_alone = hearing.envelope(sound.decode(said(TEXT, 1.0), tempo=1, within=9), sound.RATE)
    usual = (len(said_alone) * hearing.STEP - 1.0) * 220 / rate
    assert hearing.seconds(out) == pytest.approx(usual, rel=0.3 if rate in (120, 300) else 0.12)


def test_wrong_keys_are_told_apart_from_all_else(case: Case, tmp_path: Path) -> None:
    secrets = {name: "khoa-sai" for name in case.values if KEY in case.values[name]}
    with case.open(**secrets) as (voice, fake):
        failed = failure(voice, tmp_path / "out.wav")
        assert failed.failure is Failure.KEY
        assert len(fake.asked) <= 2  # nobody is let in by asking again


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Failure.KEY), (403, Failure.KEY), (402, Failure.CREDIT), (400, Failure.TEXT), (404, Failure.AWAY)],
)
def test_a_status_has_its_kind(opened: Open, tmp_path: Path, status: int, kind: Failure) -> None:
    voice, fake = opened
    fake.always = Answer(status, b'{"message": "no"}')
    assert failure(voice, tmp_path / "out.wav").failure is kind
    assert len(fake.speeches()) <= 2


def test_who_is_busy_is_asked_again_when_it_wants(opened: Open, tmp_path: Path) -> None:
    voice, fake = opened
    fake.troubles += [Answer(429, b"", {"Retry-After": "1"}), Answer(503, HTML)]
    began = time.monotonic()
    speak(voice, tmp_path / "out.wav")
    assert time.monotonic() - began >= 1.0
    assert len(fake.speeches()) == 3


def test_who_stays_busy_is_left(opened: Open, tmp_path: Path) -> None:
    voice, fake = opened
    fake.always = Answer(429, b'{"message": "slow down"}')
    assert failure(voice, tmp_path / "out.wav").failure is Failure.BUSY
    assert len(fake.speeches()) == 4


def test_a_wait_beyond_the_deadline_is_not_begun(opened: Open, tmp_path: Path) -> None:
    voice, fake = opened
    fake.always = Answer(429, b"", {"Retry-After": "3600"})
    began = time.monotonic()
    assert failure(voice, tmp_path / "out.wav", within=5).failure is Failure.BUSY
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, b"oops"),
        Answer(502, HTML),
        Answer(200, HTML, {"Content-Type": "text/html"}),
        Answer(200, b"", {"Content-Type": "audio/wav"}),
        Answer(200, b'{"a": 1', {"Content-Type": "application/json"}),
        Answer(200, said(FIRST, 1.0), cut=5000),
    ],
    ids=["500", "502 HTML", "200 HTML", "nothing", "half JSON", "truncated"],
)
def test_nonsense_passes_or_is_left(opened: Open, tmp_path: Path, answer: Answer) -> None:
    voice, fake = opened
    fake.troubles.append(answer)
    speak(voice, tmp_path / "out.wav")
    fake.always = answer
    assert failure(voice, tmp_path / "out2.wav").failure is Failure.AWAY


@pytest.mark.parametrize("drip", [0.05, 0.8])
def test_bytes_that_drip_beyond_the_deadline_are_late(opened: Open, tmp_path: Path, drip: float) -> None:
    voice, fake = opened
    fake.always = Answer(200, b'{"a": "' + b"x" * 1000, drip=drip)
    began = time.monotonic()
    assert failure(voice, tmp_path / "out.wav", within=1).failure is Failure.LATE
    assert time.monotonic() - began < 1.5


def test_silence_of_the_service_is_late(opened: Open, tmp_path: Path) -> None:
    voice, fake = opened
    fake.always = Answer(200, wait=3)
    began = time.monotonic()
    assert failure(voice, tmp_path / "out.wav", within=0.7).failure is Failure.LATE
    assert time.monotonic() - began < 1.2


def test_nobody_there_is_away_and_soon_known(case: Case, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        voice = case.voice(f"http://127.0.0.1:{taken.getsockname()[1]}")
        began = time.monotonic()
        assert failure(voice, tmp_path / "out.wav").failure is Failure.AWAY
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("fault", ["silent", "half", "twice"])
def test_sound_that_is_not_the_text_is_refused(opened: Open, tmp_path: Path, fault: str) -> None:
    voice, fake = opened
    fake.sounds.append(fault)
    speak(voice, tmp_path / "out.wav")  # once may be a mood
    assert len(fake.speeches()) == 2
    fake.sound = fault
    assert failure(voice, tmp_path / "out2.wav").failure is Failure.SOUND


def test_an_unknown_voice_and_an_empty_text_are_not_even_asked(opened: Open, tmp_path: Path) -> None:
    voice, fake = opened
    for text, name in ((SHORT, "nobody"), ("", ""), (" \n… ./.", "")):
        with pytest.raises(VoiceFailed) as failed:
            speak(voice, tmp_path / "out.wav", text, name=name)
        assert failed.value.failure is Failure.TEXT
    assert fake.asked == []


def test_a_key_is_never_taken_to_another_place(opened: Open, case: Case, tmp_path: Path) -> None:
    voice, fake = opened
    with case.fake() as other:
        for status in (301, 302, 307, 308):
            fake.always = Answer(status, b"", {"Location": f"{other.url}/v1/elsewhere?token=geheim"})
            failed = failure(voice, tmp_path / "out.wav")
            assert failed.failure is Failure.AWAY
            assert "moved to 127.0.0.1" in str(failed)
            assert "geheim" not in str(failed)
        assert other.asked == []


def test_a_key_is_never_seen(case: Case, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the log down to the last level, not in a message, a trace or a text form, whatever the service says."""
    caplog.set_level(logging.DEBUG)
    secret = next(value for value in case.values.values() if KEY in value)
    seen = []
    with case.open() as (voice, fake):
        speak(voice, tmp_path / "out.wav")
        for answer in (
            Answer(401, ECHO),
            Answer(500, b'{"message": "%ECHO%"}'),
            Answer(400, b'{"error": {"message": "%ECHO%"}}'),
            Answer(200, b'{"error": 5, "error_code": 5, "message": "%ECHO%"}'),
            Answer(302, b"", {"Location": f"https://{secret}.example.vn/{secret}"}),
        ):
            fake.always = answer
            failed = failure(voice, tmp_path / "out.wav")
            seen += [str(failed), repr(failed), "".join(traceback.format_exception(failed))]
        seen += [repr(voice), str(voice), repr(voice.account), str(vars(voice))]
    with case.open(**{name: f"{value}\nX: y" for name, value in case.values.items() if KEY in value}) as (voice, fake):
        failed = failure(voice, tmp_path / "out.wav")
        assert failed.failure is Failure.KEY
        assert fake.asked == []
        seen += [str(failed), "".join(traceback.format_exception(failed))]
    text = "\n".join([*seen, caplog.text, *(repr(record.args) for record in caplog.records)])
    assert KEY not in text
    assert ACCESS not in text
