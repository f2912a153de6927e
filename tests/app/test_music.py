"""The music of places: who may add and use what, what is usual, and that an approval covers it. Real ffmpeg."""

import io
import math
import wave
from array import array
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.media import actions as media
from nguon.media import music_actions, music_queries, rules
from nguon.media.errors import MediaError
from nguon.media.models import Music, Rendition, Source, State, UsualMusic
from nguon.media.music_actions import INHERIT, NONE, MusicRefused
from nguon.media.rules import Mix
from nguon.newsroom import actions, queries
from nguon.newsroom.actions import Sound, Unfit
from nguon.newsroom.models import Version
from nguon.newsroom.rules import State as Standing
from nguon.newsroom.rules import text_hash
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.places.models import Place, Succession
from tests.app import desk as desks
from tests.app.desk import Desk, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def above(desk: Desk) -> Person:
    """An editor of the place above both communes."""
    return desks.person("tren", "Lê Thị Trên", desk.root, "editor")


def tune(hertz: float = 440, seconds: float = 1.5) -> bytes:
    """A WAV of a tone that dies away."""
    held, rate = io.BytesIO(), 8000
    shape = (math.sin(2 * math.pi * hertz * at / rate) * math.exp(-at / rate) for at in range(round(rate * seconds)))
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array("h", (round(12000 * one) for one in shape)).tobytes())
    return held.getvalue()


def add(desk: Desk, name: str = "Nhạc hiệu", **changes: Any) -> Music:
    data = changes.pop("data", None) or tune(440 + sum(map(ord, name)) % 300)
    given: dict[str, Any] = {"place_id": desk.here.pk, "kind": Music.Kind.JINGLE, "name": name}
    given |= {"actor": desk.editor, "now": desk.now}
    return music_actions.add(upload=SimpleUploadedFile("x.wav", data), **given | changes)


def heard(version: Version, desk: Desk) -> Rendition:
    asked = queries.rendition(version)
    assert asked is not None
    media.render(rendition_id=asked.pk, now=desk.now)
    asked.refresh_from_db()
    assert (asked.state, asked.error) == (State.READY, "")
    return asked


def client(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


def test_music_is_taken_in_levelled_and_journalled(desk: Desk) -> None:
    music = add(desk, "  Nhạc   hiệu sáng ")
    assert music.name == "Nhạc hiệu sáng"
    made = Rendition.objects.get(source=Source.MUSIC, original=music.file)
    media.render(rendition_id=made.pk, now=desk.now)
    made.refresh_from_db()
    assert made.state == State.READY
    assert made.file
    assert made.file.mime == "audio/flac"  # nothing is lost before it is mixed
    assert rules.acceptable(rules.Loudness(made.file.loudness or 0, made.file.true_peak or 0))
    assert made.file.peaks
    entry = Entry.objects.get(verb="media.music-add")
    assert (entry.place, entry.after) == (desk.here.pk, {"kind": "jingle", "name": "Nhạc hiệu sáng"})


@pytest.mark.parametrize("name", ["", "   ", "!!!", "x" * 121])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(MusicRefused, match="đặt tên"):
        add(desk, name)
    assert not Music.objects.exists()


def test_the_same_name_or_file_twice_is_refused_and_elsewhere_it_is_not(desk: Desk) -> None:
    add(desk, "Một", data=tune(500))
    with pytest.raises(MusicRefused, match="tên này"):
        add(desk, "MỘT", data=tune(600))
    with pytest.raises(MusicRefused, match="đã có ở đây với tên “Một”"):
        add(desk, "Hai", data=tune(500))
    assert add(desk, "Một", data=tune(500), kind=Music.Kind.BED)
    assert add(desk, "Một", data=tune(500), place_id=desk.there.pk, actor=desk.neighbour)


def test_what_is_no_music_says_why(desk: Desk) -> None:
    with pytest.raises(MediaError, match="không phải tệp âm thanh"):
        add(desk, data=b"khong phai nhac" * 100)
    with pytest.raises(MediaError, match="2 phút, quá mức cho phép 1 phút"):
        add(desk, data=tune(seconds=61))
    assert add(desk, "Nền", data=tune(seconds=61), kind=Music.Kind.BED)


def test_only_who_writes_there_adds_renames_and_ends(desk: Desk) -> None:
    music = add(desk)
    for other in (desk.approver, desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            add(desk, "Khác", actor=other)
        with pytest.raises(Forbidden):
            music_actions.rename(music=music, name="Khác", actor=other, now=desk.now)
        with pytest.raises(Forbidden):
            music_actions.end(music=music, actor=other, now=desk.now)
        with pytest.raises(Forbidden):
            music_actions.set_usual(place_id=desk.here.pk, wanted={"opening": NONE}, actor=other, now=desk.now)
    assert Entry.objects.filter(verb__startswith="media.music").count() == 1


def test_a_hundred_pieces_are_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(music_queries, "MOST", 2)
    first = add(desk, "Một")
    add(desk, "Hai")
    with pytest.raises(MusicRefused, match="Đã có 2 bản nhạc"):
        add(desk, "Ba")
    music_actions.end(music=first, actor=desk.editor, now=desk.now)
    assert add(desk, "Ba")


def test_a_place_uses_its_own_music_and_that_above_it_and_of_nobody_else(desk: Desk, above: Person) -> None:
    own = add(desk, "Của xã")
    high = add(desk, "Của huyện", place_id=desk.root.pk, actor=above)
    add(desk, "Của xã bên", place_id=desk.there.pk, actor=desk.neighbour)
    on = clock.today()
    assert set(music_queries.usable([desk.here.pk], on)) == {own, high}
    assert set(music_queries.usable([desk.two.pk], on)) == {own, high}
    assert set(music_queries.usable([desk.root.pk], on)) == {high}
    music_actions.end(music=high, actor=above, now=desk.now)
    assert set(music_queries.usable([desk.here.pk], on)) == {own}


def test_the_music_of_a_place_that_went_into_another_goes_on(desk: Desk) -> None:
    own = add(desk, "Của xã cũ")
    new = desks.place("Tuy Phước Mới", "xã", desk.root)
    Succession.objects.create(old=desk.here, new=new, on=clock.today(), basis="Nghị quyết")
    Place.objects.filter(pk=desk.here.pk).update(valid_to=clock.today().replace(year=clock.today().year - 1))
    assert list(music_queries.usable([new.pk], clock.today())) == [own]


def test_who_may_hear_music(desk: Desk, above: Person) -> None:
    own, high = add(desk, "Của xã"), add(desk, "Của huyện", place_id=desk.root.pk, actor=above)
    below = desks.person("thon", "Người Thôn", desk.two, "editor")
    for music, hearing, deaf in (
        (own, (desk.editor, desk.watcher, above, below), (desk.neighbour, desk.stranger)),
        (high, (desk.editor, desk.watcher, above, below, desk.neighbour), (desk.stranger,)),
    ):
        address = reverse("media:audio", args=[music.file_id])
        wave_ = reverse("media:waveform", args=[music.file_id])
        assert {client(person).get(address).status_code for person in hearing} == {200}
        assert {client(person).get(wave_).status_code for person in hearing} == {200}
        assert {client(person).get(address).status_code for person in deaf} == {404}
        assert {client(person).get(wave_).status_code for person in deaf} == {404}
        assert Client().get(address).status_code == 302


def test_what_is_usual_comes_from_the_nearest_that_says_so(desk: Desk, above: Person) -> None:
    high, low = add(desk, "Cao", place_id=desk.root.pk, actor=above), add(desk, "Thấp")

    def usual(place: Place) -> str | None:
        found = next(one for one in music_queries.usual(place.pk, clock.today()) if one.use == "opening")
        return found.music.name if found.music else None

    def say(place: Place, said: str, actor: Person) -> None:
        music_actions.set_usual(place_id=place.pk, wanted={"opening": said}, actor=actor, now=desk.now)

    assert usual(desk.here) is None
    say(desk.root, high.pk.hex, above)
    assert [usual(place) for place in (desk.here, desk.there, desk.two)] == ["Cao"] * 3
    say(desk.here, low.pk.hex, desk.editor)
    assert [usual(place) for place in (desk.here, desk.there, desk.two)] == ["Thấp", "Cao", "Thấp"]
    say(desk.here, NONE, desk.editor)
    assert [usual(place) for place in (desk.here, desk.there)] == [None, "Cao"]
    say(desk.here, INHERIT, desk.editor)
    assert usual(desk.here) == "Cao"
    music_actions.end(music=high, actor=above, now=desk.now)
    assert usual(desk.here) is None
    assert not UsualMusic.objects.exists()
    said = Entry.objects.filter(verb="media.music-usual").order_by("pk")
    assert [entry.after for entry in said] == [
        {"opening": "Cao"},
        {"opening": "Thấp"},
        {"opening": "none"},
        {"opening": "inherit"},
    ]


def test_usual_is_only_what_the_place_may_use_for_that(desk: Desk) -> None:
    theirs = add(desk, "Của xã bên", place_id=desk.there.pk, actor=desk.neighbour)
    jingle = add(desk)
    for use, said in (("opening", theirs.pk.hex), ("bed", jingle.pk.hex), ("opening", "0" * 32), ("opening", "x")):
        with pytest.raises(MusicRefused):
            music_actions.set_usual(place_id=desk.here.pk, wanted={use: said}, actor=desk.editor, now=desk.now)
    assert not UsualMusic.objects.exists()
    told = music_actions.set_usual(
        place_id=desk.here.pk, wanted={"opening": INHERIT, "bed": INHERIT}, actor=desk.editor, now=desk.now
    )
    assert told is False


# In the newsroom


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
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(32000))
    silent = add(desk, "Im lặng", data=held.getvalue())
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


# The page


def test_the_page_adds_shows_renames_and_ends(desk: Desk, settings: Settings) -> None:
    browser, page = client(desk.editor), reverse("media:music")
    assert "Chưa có nhạc nào" in browser.get(page).content.decode()
    typed = {"kind": "jingle", "name": "Sáng", "place": desk.here.pk, "sound": SimpleUploadedFile("a.wav", tune())}
    answer = browser.post(reverse("media:music-new"), typed)
    assert answer.status_code == 302
    music = Music.objects.get()
    shown = browser.get(page).content.decode()
    assert "Sáng" in shown
    assert "Đang chờ" in shown  # its sound is under way, the page asks again by itself
    assert "hx-trigger" in shown
    browser.post(reverse("media:music-rename", args=[music.pk]), {"name": "Trưa"})
    music.refresh_from_db()
    assert music.name == "Trưa"
    browser.post(
        reverse("media:music-usual", args=[desk.here.pk]), {"opening": music.pk.hex, "closing": NONE, "bed": INHERIT}
    )
    assert UsualMusic.objects.count() == 2
    browser.post(reverse("media:music-end", args=[music.pk]))
    browser.get(page)  # which says that it is done, by name
    assert "Trưa" not in browser.get(page).content.decode()
    assert not music_queries.usable([desk.here.pk], clock.today()).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "bắt buộc"),
        ({"name": "!!!"}, "Hãy đặt tên"),
        ({"sound": b""}, "trống"),
        ({"sound": b"x" * 500}, "không phải tệp âm thanh"),
        ({"kind": "song"}, "không"),
        ({"place": "0"}, "không"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(desk: Desk, changes: dict[str, Any], words: str) -> None:
    typed: dict[str, Any] = {"kind": "jingle", "name": "Nhạc của xã", "place": desk.here.pk, "sound": tune()} | changes
    typed["sound"] = SimpleUploadedFile("a.wav", typed["sound"])
    answer = client(desk.editor).post(reverse("media:music-new"), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "name" in changes or "Nhạc của xã" in page
    assert not Music.objects.exists()


def test_who_only_looks_sees_no_buttons(desk: Desk) -> None:
    add(desk)
    page = client(desk.approver).get(reverse("media:music")).content.decode()
    assert "Nhạc hiệu" in page
    for word in ("Thêm nhạc", "Đổi tên", "Thôi dùng"):
        assert word not in page
    assert client(desk.approver).get(reverse("media:music-new")).status_code == 403


def test_the_page_of_another_place_is_not_there(desk: Desk) -> None:
    address = reverse("media:music")
    assert client(desk.editor).get(f"{address}?place={desk.there.pk}").status_code == 404
    assert client(desk.editor).get(f"{address}?place=x").status_code == 404
    assert client(desk.stranger).get(address).status_code == 404
    music = add(desk)
    for person in (desk.neighbour, desk.stranger, desk.approver):
        assert client(person).post(reverse("media:music-end", args=[music.pk])).status_code == 404
        assert client(person).post(reverse("media:music-rename", args=[music.pk]), {"name": "x"}).status_code == 404
        assert client(person).post(reverse("media:music-usual", args=[desk.here.pk]), {}).status_code == 404
    music.refresh_from_db()
    assert (music.name, music.ended_at) == ("Nhạc hiệu", None)
