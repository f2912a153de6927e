"""Music in the newsroom: it is part of the wording, of the sound and of what is approved. Real ffmpeg."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nguon.kit import clock
from nguon.media import actions as media
from nguon.media import music_actions, music_queries, rules
from nguon.media.models import Music, Rendition, Source, State
from nguon.media.rules import Mix
from nguon.newsroom import actions, queries
from nguon.newsroom.actions import Sound, Unfit
from nguon.newsroom.models import Version
from nguon.newsroom.rules import State as Standing
from nguon.newsroom.rules import text_hash
from tests.app.desk import Desk, make_desk
from tests.app.tunes import add, client, heard, silence, tune

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def save(desk: Desk, bulletin: Any = None, **changes: Any) -> Version:
    more = {name: changes.pop(name) for name in ("sound", "hear") if name in changes}
    draft = desk.draft(**{"body": "Xin chào bà con.", **changes})
    seen = queries.newest(bulletin).number if bulletin else 0
    given: dict[str, Any] = {"details": desk.details(), "actor": desk.editor, "now": desk.now}
    return actions.save(bulletin=bulletin, seen=seen, draft=draft, **given, **more)


def test_a_bulletin_is_heard_with_its_music_and_without_it_is_another_sound(desk: Desk) -> None:
    jingle, bed = add(desk), add(desk, "Nền", kind=Music.Kind.BED, data=tune(300, 3))
    plain = save(desk, hear=True)
    mixed = save(desk, mix=Mix(opening=jingle.file_id, bed=bed.file_id), hear=True)
    assert plain.text_hash != mixed.text_hash
    assert mixed.mix == {"opening": jingle.file_id, "bed": bed.file_id}
    one, two = heard(plain, desk), heard(mixed, desk)
    assert one.key != two.key
    assert one.file
    assert two.file
    assert (two.file.duration_ms or 0) > (one.file.duration_ms or 0) + 1500
    assert rules.acceptable(rules.Loudness(two.file.loudness or 0, two.file.true_peak or 0))
    assert Rendition.objects.filter(source=Source.MUSIC, state=State.READY).count() == 2  # made where nobody had yet


def test_the_hash_of_a_wording_without_music_is_that_of_before(desk: Desk) -> None:
    assert text_hash(desk.draft()) == text_hash(desk.draft(mix=Mix()))
    hashes = {text_hash(desk.draft(mix=mix)) for mix in (Mix(), Mix(opening="a"), Mix(closing="a"), Mix(bed="a"))}
    assert len(hashes) == 4


def test_other_music_needs_another_approval(desk: Desk) -> None:
    jingle = add(desk)
    bulletin = desk.approved()
    assert desk.state(bulletin) == Standing.APPROVED
    version = desk.edit(bulletin, 1, mix=Mix(opening=jingle.file_id))
    assert version.number == 2
    assert desk.state(bulletin) == Standing.DRAFT
    comparison = queries.since_decision(version)
    assert comparison is not None
    assert comparison.sound_changed
    page = client(desk.editor).get(reverse("newsroom:version", args=[bulletin.pk, 1])).content.decode()
    assert "nhạc hoặc tệp âm thanh cũng đã đổi" in page


def test_a_recording_gets_its_music_and_keeps_it_when_only_words_change(desk: Desk) -> None:
    jingle = add(desk)
    given = Sound(SimpleUploadedFile("thu-am.webm", tune(250, 3)), Source.RECORDING)
    version = save(desk, body="", sound=given, mix=Mix(opening=jingle.file_id))
    first = heard(version, desk)
    assert (first.source, first.mix) == (Source.RECORDING, {"opening": jingle.file_id})
    assert first.original
    kept: dict[str, Any] = {"sound": version.sound_id, "mix": Mix(opening=jingle.file_id)}
    noted = desk.edit(version.bulletin, 1, body="Có chữ", **kept)
    assert queries.rendition(noted) == first
    bare = desk.edit(version.bulletin, 2, body="Có chữ", sound=version.sound_id)
    other = queries.rendition(bare)
    assert other
    assert other != first
    assert (other.mix, other.original_id, other.source) == ({}, first.original_id, Source.RECORDING)


def test_music_of_others_cannot_be_put_into_a_bulletin_and_what_was_there_stays(desk: Desk) -> None:
    theirs = add(desk, "Của xã bên", place_id=desk.there.pk, actor=desk.neighbour)
    own = add(desk, "Của mình")
    before = Rendition.objects.count()
    with pytest.raises(Unfit) as refused:
        save(desk, mix=Mix(opening=own.file_id, closing=theirs.file_id))
    assert list(refused.value.fields) == ["closing"]
    given = Sound(SimpleUploadedFile("x.wav", tune()), Source.UPLOAD)
    with pytest.raises(Unfit):
        save(desk, body="", sound=given, mix=Mix(opening=theirs.file_id))
    with pytest.raises(Unfit):
        save(desk, mix=Mix(bed=own.file_id))  # a jingle is no bed
    assert Rendition.objects.count() == before
    version = save(desk, mix=Mix(opening=own.file_id))
    music_actions.end(music=own, actor=desk.editor, now=desk.now)
    again = desk.edit(version.bulletin, 1, title="Tên khác", body="Xin chào.", mix=Mix(opening=own.file_id))
    assert again.number == 2
    with pytest.raises(Unfit):
        desk.edit(version.bulletin, 2, body="Xin chào.", mix=Mix(closing=own.file_id))


def test_music_that_is_no_good_is_told_and_not_offered(desk: Desk) -> None:
    silent = add(desk, "Im lặng", data=silence())
    version = save(desk, mix=Mix(opening=silent.file_id), hear=True)
    asked = queries.rendition(version)
    assert asked
    media.render(rendition_id=asked.pk, now=desk.now)
    asked.refresh_from_db()
    assert asked.state == State.FAILED
    assert "im lặng" in asked.error
    assert music_queries.offered([desk.here.pk], clock.today()) == []
    page = client(desk.editor).get(reverse("media:music")).content.decode()
    assert "im lặng" in page


def test_the_editor_begins_with_what_is_usual_and_keeps_what_is_chosen(desk: Desk) -> None:
    jingle, other = add(desk, "Thường dùng"), add(desk, "Khác")
    music_actions.set_usual(place_id=desk.here.pk, wanted={"opening": jingle.pk.hex}, actor=desk.editor, now=desk.now)
    browser = client(desk.editor)
    page = browser.get(reverse("newsroom:new")).content.decode()
    assert f'<option value="{jingle.file_id}" selected>Thường dùng</option>' in page
    assert "Nhạc hiệu mở đầu" in page
    typed = {"title": "Tin", "body": "Xin chào.", "how": "speech", "rate": "210", "seen": 0, "do": "save"}
    typed |= {"place": desk.here.pk, "category": "local", "priority": "ordinary", "language": "vi"}
    typed |= {"opening": other.file_id, "closing": "", "bed": ""}
    assert browser.post(reverse("newsroom:new"), typed).status_code == 302
    version = Version.objects.get()
    assert version.mix == {"opening": other.file_id}
    music_actions.end(music=other, actor=desk.editor, now=desk.now)
    page = browser.get(reverse("newsroom:edit", args=[version.bulletin_id])).content.decode()
    assert f'<option value="{other.file_id}" selected>Khác (đã thôi dùng)</option>' in page
    detail = browser.get(reverse("newsroom:detail", args=[version.bulletin_id])).content.decode()
    assert "Nhạc hiệu mở đầu" in detail
    assert "Khác" in detail
    refused = browser.post(reverse("newsroom:new"), typed | {"bed": "f" * 64})
    assert refused.status_code == 422


def test_without_music_the_editor_does_not_speak_of_it(desk: Desk) -> None:
    page = client(desk.editor).get(reverse("newsroom:new")).content.decode()
    assert "Nhạc hiệu mở đầu" not in page
