"""A bulletin that another voice spoke: who reads of it, trying again, and what was approved stays as it was heard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from nguon.media import accounts
from nguon.media import actions as media
from nguon.media.models import Rendition, State, VoiceAccount
from nguon.newsroom import actions, queries
from nguon.newsroom.errors import Closed, NewsroomError
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import State as BulletinState
from nguon.newsroom.rules import opening
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.review import actions as reviews
from nguon.review.models import State as ReviewState
from tests.app import voicing
from tests.app.desk import Desk, make_desk
from tests.app.voicing import Northern, account

pytestmark = pytest.mark.django_db
BODY = "Kính mời bà con đến nhà văn hóa thôn Quảng Vân họp lúc bảy giờ ba mươi sáng mai."
WHY = "Giọng “Mai” (Giọng Thử) không kết nối được hoặc trả lời lỗi, nên đã đọc bằng giọng máy “Giọng Trung”."


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


def heard(desk: Desk, voice: str = "thu/mai", body: str = BODY) -> Version:
    """A bulletin whose newest version has its audio, made as the jobs service makes it."""
    version = actions.save(
        bulletin=None,
        seen=0,
        draft=desk.draft(voice=voice, body=body),
        details=desk.details(),
        hear=True,
        actor=desk.editor,
        now=desk.now,
    )
    made(version, desk)
    return version


def made(version: Version, desk: Desk) -> Rendition:
    asked = queries.rendition(version)
    assert asked is not None
    media.render(rendition_id=asked.pk, now=desk.now)
    asked.refresh_from_db()
    return asked


def page(person: Person, name: str, *args: Any) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse(name, args=args)).content.decode()


def approved(bulletin: Bulletin, desk: Desk) -> None:
    review = actions.submit(bulletin=bulletin, seen=queries.newest(bulletin).number, actor=desk.editor, now=desk.now)
    reviews.approve(
        review=review,
        text_hash=review.text_hash,
        media_hash=review.media_hash,
        actor=desk.approver,
        now=desk.now,
    )


def test_the_account_of_the_issuing_place_speaks_and_nothing_is_said_about_it(desk: Desk) -> None:
    account(desk.here, now=desk.now)
    version = heard(desk)
    rendition = queries.rendition(version)
    assert rendition is not None
    assert (rendition.state, rendition.spoken_by, rendition.place_id) == (State.READY, "", desk.here.pk)
    assert "Không phải giọng đã chọn" not in page(desk.editor, "newsroom:detail", version.bulletin_id)


def test_editor_and_approver_read_which_voice_spoke_and_why(desk: Desk) -> None:
    account(desk.here, now=desk.now, does="away")
    version = heard(desk)
    for shown in (
        page(desk.editor, "newsroom:detail", version.bulletin_id),
        page(desk.editor, "newsroom:edit", version.bulletin_id),
    ):
        assert WHY in shown
        assert reverse("newsroom:speak-again", args=[version.bulletin_id]) in shown
    watched = page(desk.watcher, "newsroom:detail", version.bulletin_id)
    assert WHY in watched
    assert "Thử lại giọng đã chọn" not in watched
    review = actions.submit(bulletin=version.bulletin, seen=1, actor=desk.editor, now=desk.now)
    approver = page(desk.approver, "review:detail", review.pk)
    assert WHY in approver
    assert "người soạn sẽ thử lại" in approver
    assert "Thử lại giọng đã chọn" not in approver


def test_trying_again_makes_a_new_sound_of_the_same_version(desk: Desk) -> None:
    account(desk.here, now=desk.now, does="away")
    version = heard(desk)
    first = queries.rendition(version)
    VoiceAccount.objects.update(values={"does": ""})
    client = Client()
    client.force_login(desk.editor)
    answer = client.post(reverse("newsroom:speak-again", args=[version.bulletin_id]))
    assert answer.headers["Location"] == reverse("newsroom:detail", args=[version.bulletin_id])
    assert desk.state(version.bulletin) == BulletinState.RENDERING
    again = made(version, desk)
    assert (again.state, again.spoken_by) == (State.READY, "")
    assert again != first
    assert queries.newest(version.bulletin).number == 1
    assert desk.state(version.bulletin) == BulletinState.HEARD
    with pytest.raises(NewsroomError, match="đã được đọc bằng giọng đã chọn"):
        actions.speak_again(bulletin=version.bulletin, actor=desk.editor, now=desk.now)


def test_in_the_editors_page_only_the_piece_with_the_sound_changes(desk: Desk) -> None:
    account(desk.here, now=desk.now, does="away")
    version = heard(desk)
    client = Client()
    client.force_login(desk.editor)
    answer = client.post(reverse("newsroom:speak-again", args=[version.bulletin_id]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().startswith('<div id="listen"')
    assert "Đang tạo âm thanh" in answer.content.decode()


def test_a_submission_is_taken_back_and_what_was_approved_stays_as_it_was_heard(desk: Desk) -> None:
    account(desk.here, now=desk.now, does="away")
    version = heard(desk)
    approved(version.bulletin, desk)
    assert desk.state(version.bulletin) == BulletinState.APPROVED
    old = queries.rendition(version)
    assert old is not None
    other = heard(desk, body=BODY + " Xin cảm ơn.")
    review = actions.submit(bulletin=other.bulletin, seen=1, actor=desk.editor, now=desk.now)
    VoiceAccount.objects.update(values={"does": ""}, resting_until=None)
    actions.speak_again(bulletin=other.bulletin, actor=desk.editor, now=desk.now)
    review.refresh_from_db()
    assert review.state == ReviewState.WITHDRAWN
    assert "giọng đã chọn" in review.reason
    # the same words once more, with an account that is well again: a new sound, and the approved one is untouched
    twin = heard(desk)
    assert queries.rendition(twin) != old
    kept = queries.rendition(version)
    assert kept is not None
    assert (kept.pk, kept.file_id, kept.state) == (old.pk, old.file_id, State.READY)
    assert desk.state(version.bulletin) == BulletinState.APPROVED
    actions.speak_again(bulletin=version.bulletin, actor=desk.editor, now=desk.now)
    made(version, desk)
    assert desk.state(version.bulletin) == BulletinState.HEARD  # another sound wants another approval


def test_who_may_not_write_there_and_what_is_withdrawn_cannot_be_tried_again(desk: Desk) -> None:
    account(desk.here, now=desk.now, does="away")
    version = heard(desk)
    address = reverse("newsroom:speak-again", args=[version.bulletin_id])
    for person in (desk.watcher, desk.approver, desk.neighbour, desk.stranger):
        client = Client()
        client.force_login(person)
        assert client.post(address).status_code == 404
        with pytest.raises(Forbidden):
            actions.speak_again(bulletin=version.bulletin, actor=person, now=desk.now)
    actions.withdraw(bulletin=version.bulletin, reason="Sai ngày", actor=desk.editor, now=desk.now)
    with pytest.raises(Closed):
        actions.speak_again(bulletin=version.bulletin, actor=desk.editor, now=desk.now)


def select(shown: str) -> str:
    start = shown.index('id="id_voice"')
    return shown[start : shown.index("</select>", start)]


def test_the_editor_begins_with_the_voice_of_the_place_and_lists_voices_by_region(desk: Desk) -> None:
    account(desk.here, now=desk.now, budget=100)
    account(desk.here, Northern, now=desk.now, position=1)
    assert 'value="espeak/vi-vn-x-central" selected' in select(page(desk.editor, "newsroom:new"))
    accounts.choose_voice(place_id=desk.here.pk, voice="khac/lan", actor=desk.editor, now=desk.now)
    shown = select(page(desk.editor, "newsroom:new"))
    assert 'value="khac/lan" selected' in shown
    groups = [shown.index(f'<optgroup label="{words}">') for words in ("Giọng Trung", "Giọng Bắc", "Giọng Nam")]
    assert groups == sorted(groups)
    assert groups[0] < shown.index("thu/mai") < groups[1] < shown.index("khac/lan") < groups[2]
    assert "Lan (Giọng Khác, nữ, cần mạng)" in shown
    assert "thu/mai" not in select(page(desk.neighbour, "newsroom:new"))


def test_another_place_has_other_voices(desk: Desk) -> None:
    account(desk.one, now=desk.now)
    client = Client()
    client.force_login(desk.editor)

    def piece(**asked: Any) -> str:
        return client.get(reverse("newsroom:voices"), asked).content.decode()

    assert "thu/mai" not in piece(place=desk.here.pk)
    assert 'value="thu/mai" selected' in piece(place=desk.one.pk, voice="thu/mai")
    assert 'value="espeak/vi" selected' in piece(place=desk.two.pk, voice="espeak/vi")
    for odd in (desk.far.pk, "khong-phai-ma", ""):
        assert "thu/mai" not in piece(place=odd, voice="thu/mai")
    client.force_login(desk.watcher)
    assert client.get(reverse("newsroom:voices")).status_code == 403


def test_a_voice_that_is_gone_is_kept_until_another_is_chosen(desk: Desk) -> None:
    mine = account(desk.here, now=desk.now)
    version = heard(desk)
    VoiceAccount.objects.filter(pk=mine.pk).update(ended_at=desk.now)
    shown = select(page(desk.editor, "newsroom:edit", version.bulletin_id))
    assert '<optgroup label="Không còn dùng được">' in shown
    assert 'value="thu/mai" selected' in shown
    client = Client()
    client.force_login(desk.editor)
    typed = {
        "title": version.title,
        "body": BODY + " Xin cảm ơn.",
        "how": "speech",
        "voice": "thu/mai",
        "rate": "210",
        "place": desk.here.pk,
        "category": "local",
        "priority": "ordinary",
        "language": "vi",
        "seen": 1,
        "do": "save",
    }
    address = reverse("newsroom:edit", args=[version.bulletin_id])
    assert client.post(address, typed).status_code == 302
    refused = client.post(address, typed | {"voice": "thu/thanh", "seen": 2})
    assert refused.status_code == 422
    assert "không có giọng đã chọn" in refused.content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Một câu ngắn.", "Một câu ngắn."),
        ("Câu một.\n\nCâu  hai dài hơn.", "Câu một."),
        ("một hai ba bốn năm sáu", "một hai ba bốn"),
        ("m" * 40, "m" * 14),
    ],
)
def test_the_first_sentences_of_a_text(text: str, expected: str) -> None:
    assert opening(text, 14) == expected
