"""The music of places: who may add and use what, and what is usual. Real ffmpeg."""

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
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.places.models import Place, Succession
from tests.app import desk as desks
from tests.app.desk import Desk, make_desk
from tests.app.tunes import add, client, tune

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def above(desk: Desk) -> Person:
    """An editor of the place above both communes."""
    return desks.person("tren", "Lê Thị Trên", desk.root, "editor")


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
