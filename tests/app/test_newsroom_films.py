"""A film in the editor, in the history, before the approver, on the way to boards, and for nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.api import queries as api
from nguon.api.errors import NotYours
from nguon.channels.board.sources import SOURCES
from nguon.delivery import queries as delivery
from nguon.delivery.rules import Targets
from nguon.devices import channels
from nguon.media import films as media
from nguon.media import jobs
from nguon.media.models import Film, State
from nguon.newsroom import actions, films, queries, showing
from nguon.newsroom.errors import NotReady
from nguon.newsroom.models import Bulletin
from nguon.programme import actions as programme
from nguon.wire import codec, messages
from tests.app.desk import NOTICE, Desk, device, in_hours, make_desk
from tests.app.test_newsroom_shown import BOARD, SPEAKER, as_
from tests.films import a_film, old_camera, sound_with_cover

pytestmark = [pytest.mark.django_db, pytest.mark.boards]
ABOUT = "Cách đội mũ bảo hiểm đúng"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film that no browser plays."""
    return old_camera(tmp_path_factory.mktemp("phim") / "cu.avi").read_bytes()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_film(tmp_path_factory.mktemp("phim") / "khac.mp4", "-c:v", "mpeg4", seconds=1).read_bytes()


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def boards(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Boards work, and what is asked of the jobs service waits in a list."""
    asked: list[str] = []
    settings.NGUON_CHANNELS = [SPEAKER, BOARD]
    monkeypatch.setattr(type(jobs.make_film), "enqueue", lambda _self, sha256: asked.append(sha256))
    channels.status.cache_clear()
    yield asked
    channels.status.cache_clear()


def sent(data: bytes, name: str = "phim.avi") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "video/x-msvideo")


def form(desk: Desk, **other: Any) -> dict[str, Any]:
    said = {"title": "Đội mũ bảo hiểm", "body": NOTICE, "how": "speech", "rate": "210", "place": desk.here.pk}
    return {**said, "category": "local", "priority": "ordinary", "language": "vi", "seen": 0, "do": "save", **other}


def save(desk: Desk, client: Client, bulletin: Bulletin | None = None, /, **other: Any) -> Any:
    where = reverse("newsroom:edit", args=[bulletin.pk]) if bulletin else reverse("newsroom:new")
    return client.post(where, form(desk, **other))


def mark_in(page: str) -> str:
    found = re.search(r'name="film" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def saved(desk: Desk, data: bytes) -> Bulletin:
    """A bulletin with this film, not yet made."""
    given: dict[str, Any] = {"film-file": sent(data), "film-alt": ABOUT}
    assert save(desk, as_(desk.editor), **given).status_code == 302
    return Bulletin.objects.get()


def made(bulletin: Bulletin, now: Any) -> Film:
    """The film of a bulletin, after the jobs service had its turn."""
    film = queries.newest(bulletin).film
    assert film is not None
    media.make(sha256=film.pk, now=now)
    film.refresh_from_db()
    return film


def hand_in(desk: Desk, bulletin: Bulletin) -> None:
    seen = queries.newest(bulletin).number
    actions.submit(bulletin=bulletin, seen=seen, actor=desk.editor, now=desk.now)


def page_of(client: Client, bulletin: Bulletin) -> str:
    return client.get(reverse("newsroom:detail", args=[bulletin.pk])).content.decode()


def test_a_film_no_browser_plays_becomes_the_page_of_the_board(desk: Desk, old: bytes) -> None:
    bulletin = saved(desk, old)
    film = made(bulletin, desk.now)
    assert (film.state, film.error) == (State.READY, "")
    desk.approved(bulletin)
    version = queries.newest(bulletin)
    page = showing.kept(version)["board"]
    assert (page.mime, page.pk) == ("video/mp4", film.file_id)
    assert page.duration_ms == pytest.approx(2000, abs=100)
    seen = page_of(as_(desk.approver), bulletin)
    address = reverse("newsroom:version-film", args=[bulletin.pk, 1])
    assert f'<video src="{address}" controls muted' in seen
    assert "data-page" not in seen
    assert ABOUT in seen
    assert version.review is not None
    assert address in as_(desk.approver).get(reverse("review:detail", args=[version.review.pk])).content.decode()


def test_it_is_served_in_ranges_to_whoever_may_see_the_bulletin(desk: Desk, old: bytes) -> None:
    bulletin = saved(desk, old)
    address = reverse("newsroom:version-film", args=[bulletin.pk, 1])
    assert as_(desk.editor).get(address).status_code == 404  # not made yet
    film = made(bulletin, desk.now)
    assert film.file is not None
    for person in (desk.editor, desk.approver, desk.watcher):
        answer = as_(person).get(address, headers={"Range": "bytes=0-99"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (206, "video/mp4")
        assert answer.headers["Content-Range"] == f"bytes 0-99/{film.file.size}"
    for person in (desk.neighbour, desk.stranger):
        assert as_(person).get(address).status_code == 404


def test_while_it_is_made_one_edits_and_does_not_hand_in(desk: Desk, old: bytes, boards: list[str]) -> None:
    bulletin = desk.heard(saved(desk, old))
    film = Film.objects.get()
    with pytest.raises(NotReady, match=r"Phim đang chờ tới lượt chuyển\. Phim chuyển xong thì gửi duyệt được\."):
        hand_in(desk, bulletin)
    later = desk.now + timedelta(seconds=30)
    Film.objects.update(state=State.WORKING, progress=0.25, began_at=desk.now, updated_at=later)
    client = as_(desk.editor)
    page = page_of(client, bulletin)
    assert "Phim đang được chuyển, còn khoảng 1 phút 30 giây." in page
    assert "Gửi duyệt bản vừa nghe" not in page
    assert "data-page" not in page
    kept = {"film": films.mark(desk.editor, film.pk), "film-alt": ABOUT, "seen": 1}
    assert save(desk, client, bulletin, **kept, title="Tên mới").status_code == 302
    assert queries.newest(bulletin).film_id == film.pk
    made(desk.heard(bulletin), desk.now)
    hand_in(desk, bulletin)


def test_what_cannot_be_made_says_why_and_can_be_taken_out(desk: Desk, tmp_path: Path) -> None:
    whole = a_film(tmp_path / "du.mp4", "-c:v", "mpeg4", "-movflags", "+faststart", seconds=8).read_bytes()
    bulletin = saved(desk, whole[: len(whole) // 2])
    desk.heard(bulletin)
    assert made(bulletin, desk.now).state == State.FAILED
    with pytest.raises(NotReady, match=r"Phim chưa dùng được: Phim bị cắt cụt.* bỏ phim hoặc gửi phim khác"):
        hand_in(desk, bulletin)
    client = as_(desk.editor)
    assert "Phim bị cắt cụt: chỉ đọc được" in page_of(client, bulletin)
    page = client.get(reverse("newsroom:edit", args=[bulletin.pk])).content.decode()
    assert "Phim bị cắt cụt" in page
    given = {"film": mark_in(page), "film-alt": ABOUT, "film-drop": "1", "seen": 1}
    assert save(desk, client, bulletin, **given).status_code == 302
    assert queries.newest(bulletin).film_id is None
    desk.heard(bulletin)
    hand_in(desk, bulletin)


@pytest.mark.parametrize("way", ["form", "script"])
def test_what_is_refused_is_told_and_the_rest_of_the_form_stays(
    desk: Desk, tmp_path: Path, old: bytes, settings: Any, way: str
) -> None:
    settings.NGUON_VIDEO_MINUTES = 1
    settings.NGUON_VIDEO_MB = 1
    long = a_film(tmp_path / "dai.mp4", "-c:v", "mpeg4", seconds=70, size="32x32", rate=5).read_bytes()
    whole = a_film(tmp_path / "du.mp4", "-c:v", "mpeg4").read_bytes()
    refused = {
        "Không mở được phim này": b"chu chu khong phai phim " * 50,
        "trống": b"",
        "chỉ có tiếng, không có hình": sound_with_cover(tmp_path / "nhac.mp3").read_bytes(),
        "Phim dài 1 phút 10 giây, nhiều nhất là 1 phút": long,
        "Phim nặng 3 MB, nhiều nhất là 1 MB": bytes(2_500_000),
        "bị cắt cụt": whole[: len(whole) // 2],
    }
    client = as_(desk.editor)
    for words, data in refused.items():
        if way == "script":
            answer = client.post(reverse("newsroom:film-take"), {"film": sent(data)})
            assert (answer.status_code, words in answer.json()["error"]) == (422, True), answer.json()
            continue
        answer = save(desk, client, **{"film-file": sent(data), "film-alt": ABOUT})
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (422, True), words
        assert "UBND XÃ PHƯỚC THUẬN" in page
        assert ABOUT in page
    assert not Film.objects.exists()
    assert not Bulletin.objects.exists()
    assert client.post(reverse("newsroom:film-take")).status_code == 422


def test_a_film_that_came_is_not_lost_by_a_refusal_of_the_rest(desk: Desk, old: bytes, boards: list[str]) -> None:
    client = as_(desk.editor)
    answer = save(desk, client, **{"film-file": sent(old)})  # nobody said what is seen
    page = answer.content.decode()
    assert (answer.status_code, "Hãy ghi trong phim có gì." in page) == (422, True)
    assert save(desk, client, **{"film": mark_in(page), "film-alt": f"  {ABOUT}\n"}).status_code == 302
    version = queries.newest(Bulletin.objects.get())
    assert (version.film_id, version.film_alt) == (Film.objects.get().pk, ABOUT)
    assert (
        "nhiều nhất là 200" in save(desk, client, **{"film": mark_in(page), "film-alt": "dài " * 60}).content.decode()
    )


def test_another_film_or_other_words_are_another_version(desk: Desk, old: bytes, other: bytes) -> None:
    bulletin = saved(desk, old)
    made(bulletin, desk.now)
    desk.approved(bulletin)
    first = queries.newest(bulletin)
    kept: dict[str, Any] = {"title": first.title, "body": first.body, "voice": first.voice}
    assert desk.edit(bulletin, 1, **kept, film=first.film_id, film_alt=ABOUT).pk == first.pk
    second = desk.edit(bulletin, 1, **kept, film=first.film_id, film_alt="Lời khác")
    assert (second.number, desk.state(bulletin)) == (2, "draft")
    film = media.take_in(upload=sent(other), now=desk.now)
    third = desk.edit(bulletin, 2, **kept, film=film.pk, film_alt="Lời khác")
    assert len({first.text_hash, second.text_hash, third.text_hash}) == 3
    client = as_(desk.editor)
    page = client.get(reverse("newsroom:version", args=[bulletin.pk, 1])).content.decode()
    assert reverse("newsroom:version-film", args=[bulletin.pk, 1]) in page
    assert "Phim trên bảng tin cũng đã đổi." in page
    assert showing.kept(first)["board"].pk == Film.objects.get(pk=first.film_id).file_id


def test_the_same_film_is_made_once_and_one_that_failed_again(desk: Desk, old: bytes, boards: list[str]) -> None:
    film = media.take_in(upload=sent(old), now=desk.now)
    with_commits = len(boards)
    Film.objects.update(state=State.FAILED, error="hỏng")
    again = media.take_in(upload=sent(old), now=desk.now)
    assert (again.pk, again.state, again.error) == (film.pk, State.QUEUED, "")
    media.make(sha256=film.pk, now=desk.now)
    film.refresh_from_db()
    assert media.take_in(upload=sent(old), now=desk.now).state == State.READY
    media.make(sha256=film.pk, now=desk.now)  # a worker that comes late
    assert Film.objects.get().file_id == film.file_id
    assert with_commits == len(boards) == 0  # told to the service with the transaction, of which a test has none


def test_the_service_is_asked_when_the_film_is_kept(
    desk: Desk, old: bytes, boards: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        film = media.take_in(upload=sent(old), now=desk.now)
        media.take_in(upload=sent(old), now=desk.now)
    assert boards == [film.pk]


def test_what_is_written_is_seen_with_its_film(desk: Desk, old: bytes) -> None:
    client = as_(desk.editor)
    said = client.post(reverse("newsroom:film-take"), {"film": sent(old)}).json()
    typed = {"title": "Mũ", "place": desk.here.pk, "film": said["mark"]}
    ask = f"{reverse('newsroom:shown')}?kenh=board"
    assert "Phim chuyển xong thì xem được ở đây." in client.post(ask, typed).content.decode()
    assert "Phim đang chờ tới lượt chuyển." in client.get(said["url"]).content.decode()
    media.make(sha256=Film.objects.get().pk, now=desk.now)
    address = reverse("newsroom:film", args=[said["mark"]])
    assert f'src="{address}"' in client.post(ask, typed).content.decode()
    assert "Phim đã sẵn sàng" in client.get(said["url"]).content.decode()
    assert client.get(address).headers["Content-Type"] == "video/mp4"
    plain = client.post(ask, {**typed, "film": ""}).content.decode()
    assert "data-page" in plain


def test_a_mark_is_of_use_to_nobody_else(desk: Desk, old: bytes) -> None:
    film = media.take_in(upload=sent(old), now=desk.now)
    media.make(sha256=film.pk, now=desk.now)
    mark = films.mark(desk.editor, film.pk)
    for name in ("film", "film-state"):
        assert as_(desk.editor).get(reverse(f"newsroom:{name}", args=[mark])).status_code == 200
        for person in (desk.neighbour, desk.stranger, desk.both):
            assert as_(person).get(reverse(f"newsroom:{name}", args=[mark])).status_code == 404
    answer = save(desk, as_(desk.both), **{"film": mark, "film-alt": "Trộm"})
    assert "Không còn phim này. Hãy chọn lại." in answer.content.decode()
    for person in (desk.watcher, desk.stranger):
        assert as_(person).post(reverse("newsroom:film-take"), {"film": sent(old)}).status_code == 403


def test_playlists_do_not_take_it_and_say_why(desk: Desk, old: bytes) -> None:
    bulletin = saved(desk, old)
    made(bulletin, desk.now)
    desk.approved(bulletin)
    assert SOURCES["bulletin"].offered(desk.editor, desk.now) == []
    current = SOURCES["bulletin"].current([bulletin.pk], desk.now)[bulletin.pk]
    assert (current.leaves, current.lacks) == ((), "bản tin có phim, chỉ chiếu được khi phát")


def test_boards_are_ordered_to_show_it_and_loudspeakers_to_say_the_words(desk: Desk, old: bytes) -> None:
    cluster, board = device("Cụm Quảng Vân", desk.one, desk.now), device("Bảng nhà văn hóa", desk.one, desk.now)
    board.channel = "board"
    board.save()
    bulletin = saved(desk, old)
    film = made(bulletin, desk.now)
    assert film.file is not None
    broadcast = programme.place(
        bulletin=desk.approved(bulletin),
        targets=Targets(places=(desk.here.pk,)),
        start_at=None,
        expires_at=in_hours(desk, 4),
        actor=desk.editor,
        now=desk.now,
    )
    seen = delivery.outgoing(broadcast).on("board")
    assert seen is not None
    (said,) = channels.active()["board"].announce(seen, bytes)
    order = codec.decode_down(said.payload)
    assert isinstance(order, messages.Play)
    assert order.content is not None
    assert (order.content.mime, order.content.sha256) == ("video/mp4", film.file.sha256)
    assert (order.content.duration, order.content.size) == (film.file.duration_ms, film.file.size)
    assert api.content_for(board, film.file.sha256, desk.now) == film.file
    with pytest.raises(NotYours):
        api.content_for(cluster, film.file.sha256, desk.now)
