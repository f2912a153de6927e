"""An account: what it lacks has a default, what is wrong is said in words, and nothing of it is shown."""

import pytest

from nguon.plugs.voices.account import Account, catalogue, infos, is_near
from nguon.plugs.voices.azure import Azure
from nguon.plugs.voices.fpt import Fpt
from nguon.plugs.voices.openai import OpenAi, Supertonic, VieNeu
from nguon.plugs.voices.vnpt import Vnpt
from nguon.ports.voice import VoiceInfo

RIGHT = {"key": "khoa"}


def test_a_right_account_is_right_and_lacks_nothing() -> None:
    Fpt(RIGHT).check()
    account = Fpt(RIGHT).account
    assert account["url"] == "https://api.fpt.ai"
    assert account.secrets == ("khoa",)
    assert Fpt({"key": " khoa \n"}).account["key"] == "khoa"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Chưa điền “Khóa API”"),
        ({"key": "khóa"}, "ký tự lạ"),
        ({"key": "a\nb"}, "ký tự lạ"),
        ({"key": "a", "url": "api.fpt.ai"}, "Địa chỉ dịch vụ không đúng"),
        ({"key": "a", "url": "ftp://api.fpt.ai"}, "Địa chỉ dịch vụ không đúng"),
        ({"key": "a", "url": "https://user:pass@api.fpt.ai"}, "Địa chỉ dịch vụ không đúng"),
        ({"key": "a", "url": "https://api.fpt.ai:99999"}, "Địa chỉ dịch vụ không đúng"),
        ({"key": "a", "url": "https://api.fpt.ai?key=1"}, "Địa chỉ dịch vụ không đúng"),
        ({"key": "a", "url": "http://api.fpt.ai"}, "phải bắt đầu bằng https"),
        ({"key": "a", "pace": "nhanh"}, "phải là số từ 60 đến 500"),
        ({"key": "a", "pace": "20"}, "phải là số từ 60 đến 500"),
        ({"key": "a", "pace": "9" * 5000}, "phải là số từ 60 đến 500"),
        ({"key": "a", "limit": "²"}, "phải là số từ 50 đến 100000"),
        ({"key": "a", "voices": "x, Xuân, miền bắc"}, "Không hiểu giọng"),
        ({"key": "a", "voices": "x, Xuân, bắc, nữ, tin tức, nữa"}, "Không hiểu giọng"),
        ({"key": "a", "voices": ", Xuân"}, "Không hiểu giọng"),
    ],
)
def test_what_is_wrong_is_said_in_words(values: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Fpt(values).check()


def test_what_is_wrong_for_some_services_only() -> None:
    with pytest.raises(ValueError, match="access token"):
        Vnpt({"token_id": "a", "token_key": "b", "username": "c"}).check()
    Vnpt({"token_id": "a", "token_key": "b", "access_token": "c"}).check()
    with pytest.raises(ValueError, match="viết liền"):
        Azure({"key": "a", "region": "Southeast Asia"}).check()
    assert Azure({"key": "a", "region": "eastasia"}).url("/x") == "https://eastasia.tts.speech.microsoft.com/x"
    with pytest.raises(ValueError, match="Dạng âm thanh"):
        OpenAi({"format": "midi"}).check()


def test_a_server_of_ones_own_needs_neither_key_nor_https() -> None:
    VieNeu({}).check()
    Supertonic({"url": "http://may-doc.lan:7788"}).check()
    OpenAi({"key": "a", "url": "http://192.168.1.9:8000", "voices": "lan"}).check()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.7", "localhost", "may-doc", "a.lan", "127.1", "a.local.", "0.0.0.0"],
)
def test_near_is_ones_own_network(host: str) -> None:
    assert is_near(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "api.fpt.ai", "localhost.evil.vn", "a.lan.vn", "2001:4860::8888"])
def test_all_else_is_far(host: str) -> None:
    assert not is_near(host)


def test_wrong_numbers_do_no_harm_where_nobody_checked() -> None:
    account = Account(Fpt.settings, {"pace": "9999", "limit": "viel"})
    assert account.whole("pace", (60, 500)) == 500
    assert account.whole("limit", (50, 100_000)) == 5000


def test_nothing_of_an_account_is_shown() -> None:
    voice = Fpt({"key": "geheim"})
    assert "geheim" not in f"{voice!r}{voice}{voice.account!r}{voice.account}{vars(voice)}"


def test_voices_of_ones_own_come_after_those_of_the_document_and_in_place_of_them() -> None:
    voice = Fpt({"key": "a", "voices": "xuan, Xuân, Trung, Nữ, tin tức; banmai, Ban Mai mới, bắc, nữ;\nnhanh"})
    found = {each.id: each for each in voice.voices()}
    assert found["xuan"] == VoiceInfo("xuan", "Xuân", "trung", "nu", "Tin tức")
    assert found["nhanh"] == VoiceInfo("nhanh", "nhanh", "bac", "nu")
    assert found["banmai"].name == "Ban Mai mới"
    assert len(found) == len(voice.voices()) == len(catalogue("fpt")) + 2
    assert Fpt({"key": "a", "voices": "x, X, sao Hỏa"}).voices() == catalogue("fpt")


def test_a_server_like_openai_has_the_voices_that_are_named() -> None:
    assert [each.id for each in OpenAi({"voices": "lan, Lan, nam, nữ"}).voices()] == ["lan"]
    assert OpenAi({}).voices() == catalogue("openai")


@pytest.mark.parametrize(
    "key", ["fpt", "viettel", "zalo", "vnpt", "vbee", "azure", "google", "openai", "vieneu", "supertonic"]
)
def test_the_catalogue_is_sound(key: str) -> None:
    found = catalogue(key)
    assert len({each.id for each in found}) == len(found) > 1
    assert {each.region for each in found} <= {"bac", "trung", "nam"}
    assert {each.gender for each in found} == {"nam", "nu"}
    if key in ("fpt", "viettel", "vnpt", "vbee", "vieneu"):
        assert found[0].region == "trung"


def test_a_line_of_a_voice() -> None:
    assert list(infos("")) == []
    assert list(infos(" a ; ; b ,, Nam,nam")) == [VoiceInfo("a", "a", "bac", "nu"), VoiceInfo("b", "b", "nam", "nam")]
