"""The chain of voices of a place, with accounts that fail in every way: real espeak-ng, real ffmpeg."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from nguon.media import actions, queries, speaking
from nguon.media.models import Rendition, State, VoiceAccount, VoiceUse
from nguon.places.models import Place
from nguon.ports.voice import Failure
from tests.app import voicing
from tests.app.desk import place
from tests.app.test_media import NOW
from tests.app.voicing import TOKEN, Northern, Teller, account

pytestmark = pytest.mark.django_db
TEXT = "Kính mời bà con đến nhà văn hóa thôn họp lúc bảy giờ ba mươi sáng mai."
MAI = "thu/mai"


@pytest.fixture(autouse=True)
def providers(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.NGUON_VOICE_PROVIDERS = voicing.PROVIDERS
    settings.MEDIA_ROOT = tmp_path / "files"
    voicing.fresh()
    yield
    voicing.released.set()
    voicing.fresh()


@pytest.fixture
def district() -> Place:
    return place("Tuy Phước", "khu vực")


@pytest.fixture
def commune(district: Place) -> Place:
    return place("Phước Thuận", "xã", district)


@pytest.fixture
def hamlet(commune: Place) -> Place:
    return place("Quảng Vân", "thôn", commune)


def spoken(where: Place | None, voice: str = MAI, *, text: str = TEXT, now: datetime = NOW) -> Rendition:
    asked = actions.request_speech(text=text, voice=voice, rate=210, now=now, place=where.pk if where else None)
    actions.render(rendition_id=asked.pk, now=now)
    made = queries.rendition(asked.pk)
    assert made is not None
    return made


def use_of(one: VoiceAccount) -> VoiceUse:
    return VoiceUse.objects.get(account=one)


def test_the_asked_voice_of_an_account_speaks_and_its_use_is_counted(commune: Place) -> None:
    mine = account(commune, now=NOW)
    made = spoken(commune)
    assert (made.state, made.spoken_by, made.spoken_why) == (State.READY, "", "")
    assert Teller.asked == [MAI]
    use = use_of(mine)
    assert (use.characters, use.calls, use.failures) == (len(made.spoken), 1, 0)
    assert f"{use.month}" == "2026-11-01"


def test_an_account_speaks_for_all_below_its_place_and_nobody_beside(district: Place, commune: Place) -> None:
    account(commune, now=NOW)
    below, beside = place("Lộc Hạ", "thôn", commune), place("Phước Sơn", "xã", district)
    assert spoken(below).spoken_by == ""
    made = spoken(beside)
    assert made.spoken_by == "espeak/vi-vn-x-central"
    assert made.spoken_why == (
        "Giọng “mai” (Giọng Thử) không có trong tài khoản nào ở địa bàn này, nên đã đọc bằng giọng máy “Giọng Trung”."
    )
    assert Teller.asked == [MAI]


def test_the_nearest_account_goes_first_and_then_those_above(district: Place, commune: Place, hamlet: Place) -> None:
    above = account(district, now=NOW)
    second, first = (
        account(commune, now=NOW, position=2, does="away"),
        account(commune, now=NOW, position=1, does="key"),
    )
    assert spoken(hamlet).spoken_by == ""
    assert Teller.asked == [MAI] * 3
    assert [use_of(one).failures for one in (first, second, above)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("key", "không nhận khóa"),
        ("credit", "đã hết tiền hoặc hết lượt"),
        ("busy", "đang quá tải"),
        ("text", "không nhận đọc nội dung này"),
        ("away", "không kết nối được"),
        ("slow", "không trả lời trong 1 giây"),
        ("silence", "âm thanh không đạt"),
        ("cut", "âm thanh không đạt"),
        ("clip", "âm thanh không đạt"),
        ("raise", "không kết nối được"),
    ],
)
def test_whatever_goes_wrong_another_voice_speaks_and_the_officer_reads_why(
    commune: Place, does: str, words: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "LEAST", 0.1)
    mine = account(commune, now=NOW, does=does, deadline=1)
    with caplog.at_level(logging.DEBUG):
        made = spoken(commune)
    assert (made.state, made.spoken_by) == (State.READY, "espeak/vi-vn-x-central")
    assert made.spoken_why.startswith("Giọng “Mai” (Giọng Thử) ")
    assert words in made.spoken_why
    assert made.spoken_why.endswith("nên đã đọc bằng giọng máy “Giọng Trung”.")
    use = use_of(mine)
    assert (use.calls, use.failures) == (1, 1)
    assert use.last_failure
    assert "voice thu/mai failed" in caplog.text
    assert TOKEN not in caplog.text + use.last_failure + made.spoken_why


def test_an_account_that_is_unfit_by_its_own_check_is_not_asked_and_nothing_is_booked(
    commune: Place, caplog: pytest.LogCaptureFixture
) -> None:
    account(commune, now=NOW, does="unfit")
    made = spoken(commune)
    assert made.spoken_by == "espeak/vi-vn-x-central"
    assert "chưa chạy được" in made.spoken_why
    assert not VoiceUse.objects.exists()
    assert Teller.asked == []
    assert TOKEN not in caplog.text


def test_what_hangs_against_its_contract_is_left_behind(commune: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "GRACE", 0.3)
    monkeypatch.setattr(speaking, "LEAST", 0.1)
    account(commune, now=NOW, does="hang", deadline=1)
    began = time.monotonic()
    made = spoken(commune)
    assert (made.state, made.spoken_by) == (State.READY, "espeak/vi-vn-x-central")
    assert "không trả lời trong 1 giây" in made.spoken_why
    assert time.monotonic() - began < 10


def test_all_accounts_together_have_an_end_and_the_servers_own_voice_still_speaks(
    commune: Place, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.NGUON_VOICE_SECONDS = 1
    monkeypatch.setattr(speaking, "LEAST", 0.5)
    slow, never = account(commune, now=NOW, does="slow"), account(commune, now=NOW, position=1)
    made = spoken(commune)
    assert made.spoken_by == "espeak/vi-vn-x-central"
    assert use_of(slow).calls == 1
    assert not VoiceUse.objects.filter(account=never).exists()


def test_the_voice_instead_is_the_nearest_of_region_then_gender(commune: Place) -> None:
    account(commune, now=NOW, does="away")
    account(commune, Northern, now=NOW, position=1)
    made = spoken(commune, "thu/thanh")
    assert made.spoken_by == "khac/son"
    assert made.spoken_why == (
        "Giọng “Thành” (Giọng Thử) không kết nối được hoặc trả lời lỗi, nên đã đọc bằng giọng “Sơn” (Giọng Khác)."
    )
    assert spoken(commune, "thu/ha", text="Xin chào bà con xã Phước Thuận.").spoken_by == "khac/lan"


def test_an_account_that_is_off_or_given_up_is_not_asked(commune: Place) -> None:
    account(commune, now=NOW, enabled=False)
    assert "đang tắt" in spoken(commune).spoken_why
    VoiceAccount.objects.update(enabled=True, ended_at=NOW)
    made = spoken(commune, text="Xin chào bà con xã Phước Thuận.")
    assert "không có trong tài khoản nào" in made.spoken_why
    assert Teller.asked == []


def test_a_refused_key_is_not_asked_again_until_the_rest_is_over(commune: Place) -> None:
    mine = account(commune, now=NOW, does="key")
    spoken(commune, text="Bản tin thứ nhất của xã.")
    again = spoken(commune, text="Bản tin thứ hai của xã.", now=NOW + timedelta(minutes=14))
    assert "đang tạm nghỉ" in again.spoken_why
    assert len(Teller.asked) == 1
    spoken(commune, text="Bản tin thứ ba của xã.", now=NOW + timedelta(minutes=16))
    assert len(Teller.asked) == 2
    mine.refresh_from_db()
    assert (mine.failing, mine.failed_in_a_row) == (Failure.KEY, 2)
    assert mine.resting_until is not None
    assert mine.resting_until > NOW + timedelta(minutes=45)


def test_one_slip_does_not_make_an_account_rest_and_speaking_well_forgets_it(commune: Place) -> None:
    mine = account(commune, now=NOW, does="away")
    spoken(commune, text="Bản tin thứ nhất của xã.")
    mine.refresh_from_db()
    assert (mine.failing, mine.resting_until) == (Failure.AWAY, None)
    VoiceAccount.objects.update(values={"does": ""})
    assert spoken(commune, text="Bản tin thứ hai của xã.").spoken_by == ""
    mine.refresh_from_db()
    assert (mine.failing, mine.failed_in_a_row, mine.resting_until) == ("", 0, None)


def test_a_budget_is_never_overdrawn_and_what_failed_for_nothing_costs_nothing(commune: Place) -> None:
    mine = account(commune, now=NOW, budget=len(TEXT) + 5)
    first = spoken(commune)
    assert first.spoken_by == ""
    second = spoken(commune, text="Xin chào bà con xã Phước Thuận.")
    assert "không còn đủ hạn mức tháng này" in second.spoken_why
    assert use_of(mine).characters == len(first.spoken)
    next_month = NOW + timedelta(days=14)
    assert spoken(commune, text="Xin chào bà con cả xã.", now=next_month).spoken_by == ""
    VoiceUse.objects.all().delete()
    VoiceAccount.objects.update(values={"does": "away"})
    spoken(commune, text="Xin chào bà con xã Phước Thuận lần nữa.")
    assert use_of(mine).characters == 0
    VoiceAccount.objects.update(values={"does": "cut"}, failed_in_a_row=0, resting_until=None)
    bad = spoken(commune, text="Xin chào bà con xã Phước Thuận lần sau cùng.")
    assert use_of(mine).characters == len(bad.spoken)  # a provider wants its money for a bad sound too


def test_secrets_of_another_account_or_without_a_key_are_passed_over(commune: Place) -> None:
    one, two = account(commune, now=NOW), account(commune, now=NOW, position=1)
    VoiceAccount.objects.filter(pk=one.pk).update(secrets=two.secrets)
    assert spoken(commune).spoken_by == ""
    assert use_of(two).calls == 1
    VoiceAccount.objects.filter(pk=two.pk).update(secrets=b"\x01broken")
    assert "khóa đã lưu không mở được" in spoken(commune, text="Xin chào bà con xã Phước Thuận.").spoken_why


def test_a_provider_that_is_gone_or_half_finished_is_off_and_the_rest_speaks(
    commune: Place, settings: Settings
) -> None:
    account(commune, now=NOW)
    settings.NGUON_VOICE_PROVIDERS = ["tests.app.voicing.Unfinished", "tests.app.voicing.Nowhere"]
    voicing.fresh()
    made = spoken(commune)
    assert (made.state, made.spoken_by) == (State.READY, "espeak/vi-vn-x-central")
    assert [status.plug for status in queries.provider_status()] == [None, None]
    assert all(status.reason for status in queries.provider_status())


def test_the_progress_of_an_account_is_passed_on(commune: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "LEAST", 0.1)
    account(commune, now=NOW, does="slow", deadline=1)
    seen: list[Any] = []
    monkeypatch.setattr(actions, "_set", lambda rendition, **values: seen.append(values.get("progress")))
    spoken(commune)
    assert 0.2 in seen  # half of the voice's part of the work


def test_the_same_text_is_shared_by_those_who_speak_by_the_same_accounts(
    district: Place, commune: Place, hamlet: Place
) -> None:
    account(district, now=NOW)
    beside = place("Phước Sơn", "xã", district)
    one = spoken(commune)
    assert spoken(hamlet) == spoken(beside) == one
    assert one.place_id == district.pk
    assert Teller.asked == [MAI]


def test_who_has_no_account_gets_nothing_that_anothers_account_paid_for(district: Place, commune: Place) -> None:
    account(commune, now=NOW)
    paid = spoken(commune)
    for where in (place("Phước Sơn", "xã", district), district, None):
        made = spoken(where)
        assert made != paid
        assert made.spoken_by == "espeak/vi-vn-x-central"
    own = place("Phước Lộc", "xã", district)
    account(own, now=NOW)
    assert spoken(own) not in (paid, made)  # each pays with his own account
    assert Teller.asked == [MAI] * 2


def test_a_sound_by_another_voice_is_nobodys_cache(commune: Place) -> None:
    account(commune, now=NOW, does="away")
    stand_in = spoken(commune)
    VoiceAccount.objects.update(values={"does": ""})
    good = spoken(commune)
    assert good != stand_in
    assert (good.spoken_by, good.spoken_why) == ("", "")
    kept = Rendition.objects.get(pk=stand_in.pk)
    assert (kept.state, kept.file_id) == (State.READY, stand_in.file_id)
    assert spoken(commune) == good


def test_speaking_again_makes_a_new_one_and_asks_at_once(commune: Place) -> None:
    account(commune, now=NOW, does="key")
    stand_in = spoken(commune)
    assert VoiceAccount.objects.get().resting_until is not None
    VoiceAccount.objects.update(values={"does": ""})
    again = actions.speak_again(rendition_id=stand_in.pk, now=NOW)
    assert (again.state, again.key, again.spoken, again.place_id) == (
        State.QUEUED,
        stand_in.key,
        stand_in.spoken,
        commune.pk,
    )
    actions.render(rendition_id=again.pk, now=NOW)
    again.refresh_from_db()
    assert (again.state, again.spoken_by) == (State.READY, "")
    assert Rendition.objects.get(pk=stand_in.pk).file_id == stand_in.file_id
    assert actions.speak_again(rendition_id=again.pk, now=NOW) == again  # nothing to mend


def test_the_account_of_a_merged_place_is_found_from_what_it_issued(district: Place, commune: Place) -> None:
    from nguon.places.models import Link, Succession
    from nguon.places.rules import day_before

    merged = place("Tuy Phước Đông", "xã", district)
    account(merged, now=NOW)
    today = NOW.date()
    Succession.objects.create(old=commune, new=merged, on=today, basis="Nghị quyết")
    Link.objects.filter(child=commune).update(valid_to=day_before(today))
    Place.objects.filter(pk=commune.pk).update(valid_to=day_before(today))
    assert spoken(commune).spoken_by == ""
