"""Accounts with every provider, each against its fake: from the action that keeps one to the sound of a bulletin."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from nguon.media import accounts, actions, queries, voices
from nguon.media.accounts import Terms
from nguon.media.errors import AccountRefused
from nguon.media.models import Rendition, State, VoiceAccount, VoiceUse
from nguon.ports.voice import Failure
from tests.app import voicing
from tests.app.desk import place
from tests.app.test_media import NOW
from tests.ports.voices.cases import CASES, Case
from tests.ports.voices.fakes.server import KEY, Answer

pytestmark = pytest.mark.django_db
TEXT = "Kính mời bà con đến nhà văn hóa thôn Quảng Vân họp lúc bảy giờ ba mươi sáng mai."


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    voicing.fresh()
    yield
    voicing.fresh()


def kept(case: Case, url: str) -> VoiceAccount:
    terms = Terms(place("Phước Thuận", "xã").pk, "Thử", {**case.values, "url": url})
    return accounts.create(provider=case.provider.key, terms=terms, actor="test", now=NOW)


def spoken(account: VoiceAccount) -> Rendition:
    voice = f"{account.provider}/{voices.of_account(account).voices[0].id}"
    asked = actions.request_speech(text=TEXT, voice=voice, rate=210, now=NOW, place=account.place_id)
    actions.render(rendition_id=asked.pk, now=NOW)
    made = queries.rendition(asked.pk)
    assert made is not None
    return made


@pytest.mark.parametrize("name", CASES)
def test_an_account_speaks(name: str) -> None:
    case = CASES[name]
    with case.fake() as fake:
        made = spoken(kept(case, fake.url))
    assert (made.state, made.spoken_by, made.spoken_why) == (State.READY, "", "")
    assert VoiceUse.objects.get().characters == len(made.spoken)


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_key_is_told_and_another_speaks(name: str, caplog: pytest.LogCaptureFixture) -> None:
    case = CASES[name]
    with case.fake() as fake:
        account = kept(case, fake.url)
        fake.always = Answer(401, b'{"message": "unauthorized"}', {"Content-Type": "application/json"})
        made = spoken(account)
    assert (made.state, made.spoken_by.partition("/")[0]) == (State.READY, "espeak")
    assert "không nhận khóa" in made.spoken_why
    account.refresh_from_db()
    assert account.failing == Failure.KEY
    assert account.resting_until is not None
    assert KEY not in caplog.text


@pytest.mark.parametrize("fault", ["silent", "half", "twice"])
@pytest.mark.parametrize("name", CASES)
def test_a_bad_sound_is_not_used(name: str, fault: str) -> None:
    case = CASES[name]
    with case.fake() as fake:
        account = kept(case, fake.url)
        fake.sound = fault
        made = spoken(account)
    assert (made.state, made.spoken_by.partition("/")[0]) == (State.READY, "espeak")
    assert "âm thanh không đạt" in made.spoken_why


@pytest.mark.parametrize("name", CASES)
def test_what_is_lacking_is_refused(name: str) -> None:
    case = CASES[name]
    wrong = {**case.values, "url": "khong phai dia chi", "pace": "nhanh"}
    with pytest.raises(AccountRefused):
        accounts.create(
            provider=case.provider.key,
            terms=Terms(place("Phước Thuận", "xã").pk, "Thử", wrong),
            actor="test",
            now=NOW,
        )
