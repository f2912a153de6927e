"""The pages of voices and accounts, as an administrator and an editor use them; the voices speak by real espeak-ng."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from nguon.journal.models import Entry
from nguon.media import actions as media
from nguon.media import trials
from nguon.media.errors import MediaError
from nguon.media.models import PlaceVoice, Rendition, State, VoiceAccount, VoiceTrial, VoiceUse
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from tests.app import voicing
from tests.app.desk import Desk, make_desk, person
from tests.app.voicing import TOKEN, Northern, Teller, account

pytestmark = pytest.mark.django_db
SENTENCE = "Kính mời bà con thôn Quảng Vân họp lúc 7h30 ngày mai."


@pytest.fixture(autouse=True)
def providers(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.NGUON_VOICE_PROVIDERS = voicing.PROVIDERS
    settings.MEDIA_ROOT = tmp_path / "files"
    voicing.fresh()
    yield
    voicing.fresh()


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def admin(desk: Desk) -> Person:
    return person("qt", "Hồ Thị Diệp", desk.here, "admin")


def signed_in(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page(who: Person, name: str, *args: Any, **asked: Any) -> str:
    answer = signed_in(who).get(reverse(name, args=args), asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def typed(desk: Desk, **changes: Any) -> dict[str, Any]:
    filled = {
        "place": str(desk.here.pk),
        "name": "Giọng Thử của Đài xã",
        "set-token": TOKEN,
        "set-address": "https://giong-thu.example",
        "set-does": "",
        "deadline": "45",
        "budget": "50000",
        "price": "440",
    }
    return filled | changes


def run(desk: Desk) -> None:
    """What the jobs service does with all that waits."""
    for pk in Rendition.objects.filter(state=State.QUEUED).values_list("pk", flat=True):
        media.render(rendition_id=pk, now=desk.now)


def test_an_account_is_added_tried_and_heard(
    desk: Desk, admin: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = signed_in(admin)
    assert "Chưa có tài khoản nào" in page(admin, "media:accounts")
    chooser = page(admin, "media:account-new")
    assert "?voi=thu" in chooser
    assert "Giọng Thử" in chooser
    form = page(admin, "media:account-new", voi="thu")
    assert re.search(r'<input type="password" name="set-token"[^>]*autocomplete="new-password"', form)
    answer = client.post(reverse("media:account-new") + "?voi=thu", typed(desk))
    one = VoiceAccount.objects.get()
    assert answer.headers["Location"] == reverse("media:account", args=[one.pk])
    assert "Chưa dùng trong tháng" in page(admin, "media:account", one.pk)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("media:account-try", args=[one.pk]), {"voice": "mai", "text": SENTENCE})
    assert answer.status_code == 302
    trial = VoiceTrial.objects.get()
    assert DBTaskResult.objects.get().args_kwargs["args"] == [trial.rendition_id.hex]
    waiting = page(admin, "media:account", one.pk)
    assert reverse("media:trial", args=[trial.pk]) + "?rieng=1" in waiting
    assert "Đang chờ đến lượt" in waiting
    run(desk)
    piece = client.get(reverse("media:trial", args=[trial.pk]), {"rieng": 1}, headers={"HX-Request": "true"})
    assert piece.headers["HX-Refresh"] == "true"  # the page around it shows the use, too
    trial.refresh_from_db()
    assert trial.took_ms is not None
    done = page(admin, "media:account", one.pk)
    assert "Dùng được" in done
    assert "<audio controls" in done
    assert "Đọc xong sau" in done
    sound = reverse("media:audio", args=[trial.rendition.file_id])
    assert client.get(sound).status_code == 200
    assert signed_in(desk.editor).get(sound).status_code == 200
    for other in (desk.watcher, desk.neighbour, desk.stranger):
        assert signed_in(other).get(sound).status_code == 404
    use = VoiceUse.objects.get()
    assert use.characters == len(trial.rendition.spoken)


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("key", "Nhà cung cấp không nhận khóa của tài khoản. Hãy kiểm tra khóa"),
        ("credit", "đã hết tiền hoặc hết lượt. Hãy nạp thêm"),
        ("text", "không nhận nội dung hoặc giọng này. Hãy thử giọng khác"),
        ("silence", "Âm thanh nhận về không đạt"),
    ],
)
def test_a_trial_that_fails_says_why_and_what_to_do_and_nobody_speaks_instead(
    desk: Desk, admin: Person, does: str, words: str
) -> None:
    one = account(desk.here, now=desk.now, does=does)
    trials.try_account(account=one, voice="mai", text=SENTENCE, actor=admin, now=desk.now)
    run(desk)
    assert Teller.asked == ["thu/mai"]
    assert Rendition.objects.get().state == State.FAILED
    shown = page(admin, "media:account", one.pk)
    assert "Giọng này chưa đọc được" in shown
    assert words in shown


def test_a_trial_goes_out_even_from_an_account_that_is_off_or_resting_but_not_over_its_budget(
    desk: Desk, admin: Person
) -> None:
    one = account(desk.here, now=desk.now, enabled=False, resting_until=desk.now.replace(year=2099), budget=100)
    for number in (1, 2):
        trials.try_account(account=one, voice="mai", text=SENTENCE, actor=admin, now=desk.now)
        run(desk)
        assert len(Teller.asked) == 1, number
    assert Rendition.objects.filter(state=State.FAILED).get().error == "Không còn đủ hạn mức tháng này."


def test_a_trial_of_what_cannot_speak_is_refused_in_the_page(desk: Desk, admin: Person) -> None:
    one = account(desk.here, now=desk.now)
    VoiceAccount.objects.update(secrets=b"\x01" + bytes(40))
    address = reverse("media:account-try", args=[one.pk])
    answer = signed_in(admin).post(address, {"voice": "mai", "text": SENTENCE})
    assert answer.status_code == 422
    assert "chưa đọc được" in answer.content.decode()
    for wrong in ({"voice": "la", "text": SENTENCE}, {"voice": "mai", "text": "x" * 401}, {}):
        assert signed_in(admin).post(address, wrong).status_code == 422
    assert not VoiceTrial.objects.exists()


def test_what_is_refused_comes_back_with_words_and_without_the_secret(desk: Desk, admin: Person) -> None:
    client, address = signed_in(admin), reverse("media:account-new") + "?voi=thu"
    wrong = typed(desk, name="", budget="10", **{"set-address": "http://10.0.0.1"})
    answer = client.post(address, wrong)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert TOKEN not in shown
    assert "Hạn mức" in shown
    answer = client.post(address, typed(desk, **{"set-address": "http://10.0.0.1"}))
    assert answer.status_code == 422
    assert "mạng nội bộ" in answer.content.decode()
    assert TOKEN not in answer.content.decode()
    assert not VoiceAccount.objects.exists()
    assert client.get(reverse("media:account-new"), {"voi": "la"}).status_code == 404
    assert client.post(address, typed(desk, place=str(desk.there.pk))).status_code == 422


def test_editing_keeps_the_secret_that_is_not_typed(desk: Desk, admin: Person) -> None:
    one = account(desk.here, now=desk.now)
    shown = page(admin, "media:account-edit", one.pk)
    assert "Đã có khóa. Để trống thì giữ nguyên." in shown
    assert TOKEN not in shown
    before = bytes(VoiceAccount.objects.get().secrets)
    answer = signed_in(admin).post(
        reverse("media:account-edit", args=[one.pk]), typed(desk, name="Tên khác", **{"set-token": ""})
    )
    assert answer.status_code == 302
    found = VoiceAccount.objects.get()
    assert (found.name, found.budget, bytes(found.secrets)) == ("Tên khác", 50_000, before)


def test_the_list_shows_the_month_what_failed_and_the_order(desk: Desk, admin: Person) -> None:
    full = account(desk.here, now=desk.now, name="Đầy", budget=1000, price=440)
    near = account(desk.here, Northern, now=desk.now, name="Gần", position=1, budget=100_000, failing="late")
    account(desk.root, now=desk.now, name="Của huyện, không ai dưới đọc tên")
    month = desk.now.date().replace(day=1)
    VoiceUse.objects.create(account=full, month=month, characters=990, calls=4)
    VoiceUse.objects.create(
        account=near,
        month=month,
        characters=85_000,
        calls=90,
        failures=1,
        last_failure="Không trả lời trong 60 giây.",
        last_failed_at=desk.now,
    )
    shown = page(admin, "media:accounts")
    assert shown.index("Đầy") < shown.index("Gần")
    for words in ("Hết hạn mức tháng này", "990 trên 1.000", "khoảng 436 đồng", "85.000 trên 100.000"):
        assert words in shown, words
    assert "Không trả lời trong 60 giây." in shown
    assert "tăng thời gian chờ" in shown
    assert "tài khoản của khu vực Tuy Phước" in shown
    assert "không ai dưới đọc tên" not in shown
    client = signed_in(admin)
    client.post(reverse("media:account-move", args=[near.pk]), {"do": "up"})
    shown = page(admin, "media:accounts")
    assert shown.index("Gần") < shown.index("Đầy")


def test_off_on_and_away(desk: Desk, admin: Person) -> None:
    one = account(desk.here, now=desk.now)
    client = signed_in(admin)
    client.post(reverse("media:account-active", args=[one.pk]), {})
    assert "Đang tắt" in page(admin, "media:account", one.pk)
    client.post(reverse("media:account-active", args=[one.pk]), {"active": "1"})
    VoiceUse.objects.create(account=one, month=desk.now.date().replace(day=1), characters=5, calls=1)
    answer = client.post(reverse("media:account-remove", args=[one.pk]), follow=True)
    assert "Đã kết thúc tài khoản và xóa khóa" in answer.content.decode()
    ended = page(admin, "media:account", one.pk)
    assert "Đã kết thúc" in ended
    assert "Thử giọng này" not in ended
    assert client.get(reverse("media:account-edit", args=[one.pk])).status_code == 302


@pytest.mark.parametrize("who", ["editor", "approver", "watcher"])
def test_accounts_are_for_administrators(desk: Desk, who: str) -> None:
    one = account(desk.here, now=desk.now)
    client = signed_in(getattr(desk, who))
    assert client.get(reverse("media:accounts")).status_code == 403
    assert client.get(reverse("media:account-new")).status_code == 403
    assert client.get(reverse("media:account", args=[one.pk])).status_code == 404


def test_voices_are_compared_on_ones_own_sentence_as_they_come(desk: Desk) -> None:
    account(desk.here, now=desk.now, price=440)
    account(desk.here, Northern, now=desk.now, position=1, does="away")
    shown = page(desk.editor, "media:voices", cau=SENTENCE)
    assert SENTENCE in shown
    assert "Tài khoản</a>" not in shown  # an editor has no accounts to look after
    client = signed_in(desk.editor)
    names = ["khac/lan", "thu/mai", "espeak/vi"]
    asked = {"place": str(desk.here.pk), "text": SENTENCE, "voices": names}
    answer = client.post(reverse("media:compare"), asked)
    batch = VoiceTrial.objects.values_list("batch", flat=True).distinct().get()
    assert answer.headers["Location"] == reverse("media:compared", args=[batch])
    waiting = page(desk.editor, "media:compared", batch)
    assert waiting.count('hx-trigger="every 700ms"') == 3
    run(desk)
    done = page(desk.editor, "media:compared", batch)
    assert 'hx-trigger="every 700ms"' not in done
    at = [done.index(f">{title}") for title in ("Lan", "Mai", "Giọng Bắc")]
    assert at == sorted(at)
    assert done.count("<audio controls") == 2 + 1  # and the one every page has ready for a chosen file
    assert "Không kết nối được, hoặc nhà cung cấp trả lời lỗi." in done
    assert "câu này khoảng" in done
    assert done.count("Dùng làm giọng mặc định") == 2
    chosen = client.post(
        reverse("media:choose-voice"), {"place": str(desk.here.pk), "voice": "thu/mai", "back": str(batch)}
    )
    assert chosen.headers["Location"] == reverse("media:compared", args=[batch])
    assert PlaceVoice.objects.get().voice == "thu/mai"
    assert page(desk.editor, "media:compared", batch).count("Dùng làm giọng mặc định") == 1
    for other in (desk.neighbour, desk.stranger, desk.watcher):
        assert signed_in(other).get(reverse("media:compared", args=[batch])).status_code == 404


def test_the_choice_of_a_place_is_shown_and_can_be_given_up(desk: Desk) -> None:
    account(desk.here, now=desk.now)
    client = signed_in(desk.editor)
    shown = page(desk.editor, "media:voices")
    assert "Bản tin mới bắt đầu bằng giọng: <strong>Giọng Trung</strong>" in shown
    assert "dùng giọng của cấp trên" not in shown
    for voice, name in (("thu/mai", "Mai"), ("", "Giọng Trung")):
        answer = client.post(reverse("media:choose-voice"), {"place": str(desk.here.pk), "voice": voice})
        assert answer.headers["Location"] == f"{reverse('media:voices')}?place={desk.here.pk}"
        shown = page(desk.editor, "media:voices")
        assert f"bắt đầu bằng giọng: <strong>{name}</strong>" in shown
        assert ("dùng giọng của cấp trên" in shown) == bool(voice)
    assert client.post(reverse("media:choose-voice"), {"place": "khong-phai-ma"}).status_code == 404


def test_the_same_comparison_is_not_paid_for_twice_until_the_account_changes(desk: Desk) -> None:
    account(desk.here, now=desk.now)

    def compare() -> None:
        trials.compare(place_id=desk.here.pk, text=SENTENCE, names=["thu/mai"], actor=desk.editor, now=desk.now)
        run(desk)

    compare()
    compare()
    assert Teller.asked == ["thu/mai"]
    first, second = VoiceTrial.objects.all()
    assert (second.rendition_id, second.took_ms) == (first.rendition_id, first.took_ms)
    VoiceAccount.objects.update(updated_at=desk.now.replace(year=2099))
    compare()
    assert Teller.asked == ["thu/mai"] * 2


def test_what_cannot_be_compared_is_refused_with_words(desk: Desk) -> None:
    account(desk.there, now=desk.now)

    def refused(**changes: Any) -> str:
        asked = {"place": str(desk.here.pk), "text": SENTENCE, "voices": ["espeak/vi"]} | changes
        answer = signed_in(desk.editor).post(reverse("media:compare"), asked)
        assert answer.status_code == 422
        return answer.content.decode()

    assert "Hãy chọn ít nhất một giọng" in refused(voices=[])
    assert "field-error" in refused(voices=["thu/mai"])  # of the neighbour
    assert "field-error" in refused(text="")
    assert "field-error" in refused(text="x" * 401)
    assert "chưa có chữ nào đọc được" in refused(text="!!! ---")
    assert not VoiceTrial.objects.exists()
    names = [f"espeak/{number}" for number in range(7)]
    with pytest.raises(MediaError, match="nhiều nhất 6"):
        trials.compare(place_id=desk.here.pk, text="a", names=names, actor=desk.editor, now=desk.now)
    for other in (desk.watcher, desk.neighbour):
        with pytest.raises(Forbidden):
            trials.compare(place_id=desk.here.pk, text="a", names=["espeak/vi"], actor=other, now=desk.now)


def test_without_any_provider_the_pages_still_say_what_there_is(desk: Desk, admin: Person, settings: Settings) -> None:
    settings.NGUON_VOICE_PROVIDERS = []
    voicing.fresh()
    assert "Máy chủ chưa cài nhà cung cấp giọng đọc nào" in page(admin, "media:accounts")
    assert "chưa cài nhà cung cấp" in page(admin, "media:account-new")
    assert "Giọng Trung" in page(desk.editor, "media:voices")


def test_nobody_without_a_place_to_write_or_administer_sees_the_page(desk: Desk) -> None:
    for other in (desk.watcher, desk.approver, desk.stranger):
        assert signed_in(other).get(reverse("media:voices")).status_code == 403
        assert signed_in(other).post(reverse("media:compare"), {}).status_code == 403


def test_the_page_of_the_servers_state_names_the_accounts_that_need_somebody(desk: Desk, admin: Person) -> None:
    one = account(desk.here, now=desk.now, name="FPT của xã", budget=1000)
    account(desk.there, now=desk.now, name="Của xã bên")
    VoiceUse.objects.create(account=one, month=desk.now.date().replace(day=1), characters=860, calls=1)
    shown = page(admin, "status")
    assert "FPT của xã (xã Phước Thuận)" in shown
    assert "Gần hết hạn mức tháng này" in shown
    assert "Đã dùng 86% hạn mức tháng này" in shown
    assert "Của xã bên" not in shown
    assert ">Giọng Thử<" in shown.replace("\n", "")  # the provider itself, loaded


def test_no_secret_is_in_any_page_log_row_or_task(
    desk: Desk,
    admin: Person,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = signed_in(admin)
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("media:account-new") + "?voi=thu", typed(desk, **{"set-does": "raise"}))
        one = VoiceAccount.objects.get()
        client.post(reverse("media:account-try", args=[one.pk]), {"voice": "mai", "text": SENTENCE})
        run(desk)
        client.post(reverse("media:account-edit", args=[one.pk]), typed(desk, **{"set-token": TOKEN + "2"}))
    pages = [page(admin, name, one.pk) for name in ("media:account", "media:account-edit")]
    pages += [page(admin, name) for name in ("media:accounts", "media:voices", "status")]
    stored = [
        serialize("json", model._default_manager.all())
        for model in (VoiceAccount, VoiceUse, VoiceTrial, Rendition, Entry, DBTaskResult)
    ]
    assert TOKEN not in "".join([*pages, *stored, caplog.text])
    assert "failed" in caplog.text
