"""The traps of each service, one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from nguon.plugs.voices import vnpt
from nguon.plugs.voices.remote import Remote
from nguon.ports.voice import Failure, VoiceFailed
from tests.ports.voices import hearing
from tests.ports.voices.cases import CASES
from tests.ports.voices.fakes.fpt import FptFake
from tests.ports.voices.fakes.google import error
from tests.ports.voices.fakes.openai import OpenAiFake
from tests.ports.voices.fakes.server import KEY, Answer, Fake, said, told
from tests.ports.voices.fakes.vbee import VbeeFake
from tests.ports.voices.fakes.viettel import ViettelFake
from tests.ports.voices.fakes.vnpt import ACCESS, VnptFake
from tests.ports.voices.fakes.zalo import ZaloFake

TEXT = "kính mời bà con đến hội trường xã. buổi họp bắt đầu lúc bảy giờ."


def speak(voice: Remote, out: Path, text: str = TEXT, *, name: str = "", rate: int = 220, within: float = 20) -> Path:
    voice.speak(text, voice=name or voice.voices()[0].id, rate=rate, out=out, progress=lambda done: None, within=within)
    return out


def failure(voice: Remote, out: Path, name: str = "") -> VoiceFailed:
    with pytest.raises(VoiceFailed) as failed:
        speak(voice, out, within=3, name=name)
    return failed.value


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.wav"


@pytest.fixture(autouse=True)
def no_tokens() -> Iterator[None]:
    """Tokens outlive a voice on purpose, but not a test."""
    vnpt._tokens.clear()
    yield
    vnpt._tokens.clear()


def test_fpt_behind_a_proxy_that_drops_headers_with_underscores(out: Path) -> None:
    with CASES["fpt"].open() as (voice, fake):
        cast("FptFake", fake).drops_underscores = True
        speak(voice, out)


def test_fpt_waits_for_its_file_and_no_longer_than_it_may(out: Path) -> None:
    with CASES["fpt"].open() as (voice, fake):
        cast("FptFake", fake).absences = 7
        speak(voice, out)
        assert sum(asked.path.startswith("/files/") for asked in fake.asked) == 8
        cast("FptFake", fake).absences = 10_000
        assert failure(voice, out).failure is Failure.LATE


def test_fpt_takes_no_text_under_three_characters_so_it_gets_marks(out: Path) -> None:
    with CASES["fpt"].open() as (voice, fake):
        speak(voice, out, "ở")
        assert fake.speeches()[0].body.decode() == "ở.."


@pytest.mark.parametrize(
    ("message", "kind"),
    [("Quota exceeded", Failure.CREDIT), ("voice is not supported", Failure.TEXT), ("system error", Failure.AWAY)],
)
def test_fpt_says_with_200_what_is_wrong(out: Path, message: str, kind: Failure) -> None:
    with CASES["fpt"].open() as (voice, fake):
        fake.always = told(200, error=4, message=message, request_id="r")
        failed = failure(voice, out)
        assert failed.failure is kind
        assert message in str(failed)


def test_fpt_steps_of_speed(out: Path) -> None:
    with CASES["fpt"].open() as (voice, fake):
        for rate in (120, 200, 220, 300):
            speak(voice, out, rate=rate)
        assert [asked.headers["speed"] for asked in fake.speeches()] == ["-3", "-1", "0", "3"]


@pytest.mark.parametrize("always_200", [True, False])
def test_viettel_errors_come_with_any_status(out: Path, always_200: bool) -> None:
    with CASES["viettel"].open(key="sai") as (voice, fake):
        cast("ViettelFake", fake).always_200 = always_200
        assert failure(voice, out).failure is Failure.KEY
        answer = cast("ViettelFake", fake).error(400, "Invalid input", "Sai dữ liệu đầu vào")
        fake.always = answer
        assert failure(voice, out).failure is Failure.TEXT


def test_viettel_429_may_be_a_quota_that_no_waiting_brings_back(out: Path) -> None:
    with CASES["viettel"].open() as (voice, fake):
        fake.always = told(429, code=429, vi_message="Bạn đã dùng hết hạn mức", en_message="")
        assert failure(voice, out).failure is Failure.CREDIT
        assert len(fake.speeches()) == 1


@pytest.mark.parametrize("form", ["mp3", "ogg", "flac"])
def test_sound_of_another_kind_than_asked_is_taken_by_what_it_is(out: Path, form: str) -> None:
    with CASES["viettel"].open() as (voice, fake):
        fake.always = Answer(200, said(TEXT, 1.0, form), {"Content-Type": "audio/wav"})
        speak(voice, out)
        told_ = hearing.envelope(*hearing.heard(out))
        speak(voice, out)
    assert hearing.seconds(out) > 3
    assert hearing.likeness(told_, hearing.envelope(*hearing.heard(out))) > 0.9


def test_zalo_155_and_an_empty_list_are_no_surprise(out: Path) -> None:
    with CASES["zalo"].open() as (voice, fake):
        for code, kind in ((155, Failure.TEXT), (150, Failure.TEXT), (401, Failure.KEY), (500, Failure.AWAY)):
            fake.always = cast("ZaloFake", fake).error(code, "no")
            assert failure(voice, out).failure is kind


def test_zalo_speeds_and_speakers(out: Path) -> None:
    with CASES["zalo"].open() as (voice, fake):
        for rate in (120, 210, 300):
            speak(voice, out, name="3", rate=rate)
        forms = [asked.form() for asked in fake.speeches()]
        assert [form["speed"] for form in forms] == ["0.8", "0.95", "1.2"]
        assert {form["speaker_id"] for form in forms} == {"3"}


def test_vnpt_joins_a_playlist_in_the_order_of_its_numbers(out: Path) -> None:
    """Twelve sounds: as text, 10 would come before 2."""
    numbers = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
    text = " ".join(f"đây là câu thứ {number} của bản tin." for number in numbers)
    with CASES["vnpt"].open() as (voice, fake):
        cast("VnptFake", fake).pending = 3
        speak(voice, out, text)
        fetched = [asked.path for asked in fake.asked if asked.path.startswith("/files/")]
        assert fetched == [f"/files/{number}.wav" for number in range(12)]
        assert sum(asked.path.endswith("check-status") for asked in fake.asked) == 3
    assert hearing.seconds(out) > 20


def test_vnpt_the_finished_whole_is_taken_first(out: Path) -> None:
    with CASES["vnpt"].open() as (voice, fake):
        cast("VnptFake", fake).whole = True
        speak(voice, out)
        assert [asked.path for asked in fake.asked if asked.path.startswith("/files/")] == ["/files/2.wav"]


def test_vnpt_a_sound_that_is_cut_short_among_good_ones_is_seen(out: Path) -> None:
    with CASES["vnpt"].open() as (voice, fake):
        text = TEXT + " ai bận thì báo trước cho trưởng thôn." * 5
        fake.sounds.extend(["", "half", "", "", "", "", ""])
        speak(voice, out, text)
        assert len(fake.speeches()) == 2


def test_vnpt_asks_for_one_token_and_renews_it_before_the_password_is_used_again(out: Path) -> None:
    with CASES["vnpt"].open() as (voice, base):
        fake = cast("VnptFake", base)
        speak(voice, out)
        speak(CASES["vnpt"].voice(fake.url), out)
        assert fake.grants == ["password"]
        fake.valid.clear()  # it ran out earlier than was said
        speak(voice, out)
        assert fake.grants == ["password", "refresh_token"]
        fake.valid.clear()
        fake.refresh = ""
        speak(voice, out)
        assert fake.grants[-2:] == ["refresh_token", "password"]


@pytest.mark.parametrize("life", [1, "1", "soon", None])
def test_vnpt_a_token_that_is_about_to_end_is_not_used(out: Path, life: object) -> None:
    with CASES["vnpt"].open() as (voice, base):
        fake = cast("VnptFake", base)
        fake.life = life
        speak(voice, out)
        speak(voice, out)
        assert len(fake.grants) == (2 if life in (1, "1") else 1)


def test_vnpt_with_an_access_token_of_ones_own(out: Path) -> None:
    bare = {"username": "", "password": "", "client_id": "", "client_secret": ""}
    with CASES["vnpt"].open(**bare, access_token=f"Bearer {ACCESS}-x") as (voice, base):
        fake = cast("VnptFake", base)
        fake.valid = {f"{ACCESS}-x"}
        speak(voice, out)
        fake.valid.clear()
        assert failure(voice, out).failure is Failure.KEY
        assert fake.grants == []


def test_vbee_short_texts_of_some_voices_at_once_and_all_else_as_a_request(out: Path) -> None:
    with CASES["vbee"].open() as (voice, fake):
        speak(voice, out, name="hn_female_ngochuyen_full_48k-fhg")
        speak(voice, out, name="hue_female_huonggiang_full_48k-fhg")
        speak(voice, out, TEXT * 5, name="hn_female_ngochuyen_full_48k-fhg")
        assert [asked.json()["mode"] for asked in fake.speeches()] == ["sync", "async", "async"]
        assert fake.speeches()[1].json()["webhookUrl"] == "https://xa.example.vn/vbee"


def test_vbee_a_voice_that_does_not_speak_at_once_after_all(out: Path) -> None:
    with CASES["vbee"].open() as (voice, fake):
        message = "Voice hn_female_ngochuyen_full_48k-fhg does not support TTS sync"
        fake.troubles.append(told(400, error="BAD_REQUEST", message=message))
        speak(voice, out, name="hn_female_ngochuyen_full_48k-fhg")
        assert [asked.json()["mode"] for asked in fake.speeches()] == ["sync", "async"]


def test_vbee_without_a_webhook_goes_in_short_pieces_or_says_why_not(out: Path) -> None:
    with CASES["vbee"].open(webhook="") as (voice, fake):
        speak(voice, out, TEXT * 8, name="hn_female_ngochuyen_full_48k-fhg")
        assert len(fake.speeches()) == 2
        failed = failure(voice, out, name="hue_female_huonggiang_full_48k-fhg")
        assert failed.failure is Failure.TEXT
        assert "support TTS sync" in str(failed)


def test_vbee_a_link_that_ran_out_is_asked_for_again_and_its_redirect_gets_no_key(out: Path) -> None:
    with CASES["vbee"].open() as (voice, base), Storage() as storage:
        fake = cast("VbeeFake", base)
        fake.expiries, fake.elsewhere = 2, storage
        speak(voice, out)
        assert len(storage.asked) == 1
        assert not [value for value in storage.asked[0].headers.values() if KEY in value]


class Storage(Fake):
    """Another host, for files only."""


def test_vbee_credit_that_is_used_up_comes_with_500_and_is_not_asked_for_twice(out: Path) -> None:
    with CASES["vbee"].open() as (voice, fake):
        fake.always = told(500, error="TTS_SPEND_CREDITS_FAILED", message="TTS_SPEND_CREDITS_FAILED")
        assert failure(voice, out).failure is Failure.CREDIT
        assert len(fake.speeches()) == 1


def test_vbee_a_request_that_failed(out: Path) -> None:
    with CASES["vbee"].open() as (voice, base):
        cast("VbeeFake", base).fails = "voice is not available"
        failed = failure(voice, out)
        assert failed.failure is Failure.TEXT
        assert "voice is not available" in str(failed)


def test_azure_what_looks_like_markup_is_only_said(out: Path) -> None:
    with CASES["azure"].open() as (voice, fake):
        speak(voice, out, 'giá < 5 & > 3 "đồng" </voice><break time="9s"/> hết rồi bà con ơi')
        assert b"&lt;/voice&gt;" in fake.speeches()[0].body


def test_google_counts_bytes(out: Path) -> None:
    with CASES["google"].open() as (voice, fake):
        speak(voice, out, "đường dây điện ở thôn đã được sửa. " * 160, rate=300)
        sizes = [len(asked.json()["input"]["text"].encode()) for asked in fake.speeches()]
        assert len(sizes) == 2
        assert max(sizes) <= 5000
        assert max(len(asked.json()["input"]["text"]) for asked in fake.speeches()) < 4000


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(400, "INVALID_ARGUMENT", "API key not valid.", "API_KEY_INVALID"), Failure.KEY),
        (error(403, "PERMISSION_DENIED", "API has not been used in project 1"), Failure.KEY),
        (error(403, "PERMISSION_DENIED", "This API method requires billing", "BILLING_DISABLED"), Failure.CREDIT),
        (error(400, "INVALID_ARGUMENT", "This request contains sentences that are too long."), Failure.TEXT),
        (error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for requests per minute"), Failure.BUSY),
        (told(200, audioContent="***"), Failure.SOUND),
        (told(200, audioContent=5), Failure.SOUND),
        (told(200), Failure.SOUND),
    ],
)
def test_google_errors(out: Path, answer: Answer, kind: Failure) -> None:
    with CASES["google"].open() as (voice, fake):
        fake.always = answer
        assert failure(voice, out).failure is kind


@pytest.mark.parametrize("form", ["wav", "mp3", "flac", "opus", "aac", "pcm"])
def test_openai_every_form_of_sound(out: Path, form: str) -> None:
    with CASES["openai"].open(format=form) as (voice, fake):
        speak(voice, out)
        assert fake.speeches()[0].json()["response_format"] == form
    expected = hearing.envelope(*hearing.heard(speak_alone(out.with_name("alone.wav"))))
    assert hearing.likeness(hearing.envelope(*hearing.heard(out)), expected, 1.0) > 0.9


def speak_alone(out: Path) -> Path:
    out.write_bytes(said(TEXT, 1.0))
    return out


def test_openai_a_quota_is_no_rush_hour(out: Path) -> None:
    with CASES["openai"].open() as (voice, fake):
        fake.always = told(429, error={"message": "You exceeded your current quota", "code": "insufficient_quota"})
        assert failure(voice, out).failure is Failure.CREDIT
        assert len(fake.speeches()) == 1


def test_openai_instructions_go_along_and_no_key_is_no_header(out: Path) -> None:
    with CASES["openai"].open(key="", instructions="Đọc chậm rãi") as (voice, base):
        fake = cast("OpenAiFake", base)
        assert failure(voice, out).failure is Failure.KEY
        assert "authorization" not in fake.asked[0].headers
        assert fake.asked[0].json()["instructions"] == "Đọc chậm rãi"


def test_vieneu_takes_no_speed_so_the_sound_is_stretched(out: Path) -> None:
    with CASES["vieneu"].open() as (voice, _):
        lengths = [hearing.seconds(speak(voice, out, rate=rate)) for rate in (180, 220, 280)]
    assert lengths[0] / lengths[1] == pytest.approx(220 / 180, rel=0.08)
    assert lengths[2] / lengths[1] == pytest.approx(220 / 280, rel=0.08)


def test_supertonic_is_told_the_language_and_no_speed_beyond_its_own(out: Path) -> None:
    with CASES["supertonic"].open() as (voice, fake):
        for rate in (120, 300):
            speak(voice, out, rate=rate)
        assert [asked.json()["speed"] for asked in fake.speeches()] == [0.7, 1.36]
        assert {asked.json()["lang"] for asked in fake.speeches()} == {"vi"}


@pytest.mark.parametrize("service", list(CASES))
@pytest.mark.parametrize(
    "answer",
    [
        told(200, async_=5),
        told(200, error=0, **{"async": {"a": 1}}),
        told(200, error_code=0, data={"url": 7}),
        told(200, object={"code": "success", "text_id": "x", "playlist": [7]}),
        told(200, object={"code": "success", "text_id": "x", "playlist": [{"idx": "x", "audio_link": 1}]}),
        told(200, object={"code": "pending", "text_id": {}}),
        told(200, requestId=5),
        told(200, audioContent={"a": 1}),
        told(200, error={"message": {"a": [1]}}),
        Answer(200, b"[]"),
        Answer(200, b"RIFF\xff\xff\xff\xffWAVE" + b"\0" * 50),
        Answer(200, b"ID3" + b"\0" * 2000),
    ],
    ids=range(12),
)
def test_answers_in_a_form_that_nobody_knows(service: str, answer: Answer, out: Path) -> None:
    with CASES[service].open() as (voice, fake):
        fake.always = answer
        assert failure(voice, out).failure in (Failure.AWAY, Failure.SOUND, Failure.LATE, Failure.TEXT)
