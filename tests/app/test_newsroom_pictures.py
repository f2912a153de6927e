"""Pictures in the editor, in the history, before the approver, and for nobody else."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nguon.channels.board import document
from nguon.devices import channels
from nguon.media import pictures as media
from nguon.media.models import File
from nguon.newsroom import pictures, queries, showing
from nguon.newsroom.models import Bulletin, Picture, Version
from nguon.people.models import Person
from tests.app.desk import NOTICE, Desk, make_desk
from tests.app.test_newsroom_shown import BOARD, SPEAKER, as_, digest, handed
from tests.pictures import a_picture, encoded

pytestmark = [pytest.mark.django_db, pytest.mark.boards]


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture(autouse=True)
def boards(settings: Any) -> Iterator[None]:
    settings.NGUON_CHANNELS = [SPEAKER, BOARD]
    channels.status.cache_clear()
    yield
    channels.status.cache_clear()


def photo(number: int = 0, name: str = "anh.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encoded(a_picture(400, 300, number)), "image/jpeg")


def kept(desk: Desk, number: int = 0) -> File:
    return media.take_in(upload=photo(number), now=desk.now).file


def form(desk: Desk, **other: Any) -> dict[str, Any]:
    said = {"title": "Cấm xe", "body": NOTICE, "how": "speech", "rate": "210", "place": desk.here.pk}
    return {**said, "category": "local", "priority": "ordinary", "language": "vi", "seen": 0, "do": "save", **other}


def save(desk: Desk, client: Client, bulletin: Bulletin | None = None, /, **other: Any) -> Any:
    where = reverse("newsroom:edit", args=[bulletin.pk]) if bulletin else reverse("newsroom:new")
    return client.post(where, form(desk, **other))


def alts(version: Version) -> list[str]:
    return [alt for _sha256, alt in pictures.held(version)]


def marks(page: str) -> list[str]:
    """What stands in the form as the marks of pictures, in their order."""
    return [one for one in re.findall(r'name="picture-\d" value="([^"]*)"', page) if one]


def saved(desk: Desk, *numbers: int) -> Bulletin:
    """A bulletin with these pictures."""
    given: dict[str, Any] = {f"picture-file-{place}": photo(number) for place, number in enumerate(numbers, 1)}
    given |= {f"picture-alt-{place}": f"Ảnh {number}" for place, number in enumerate(numbers, 1)}
    assert save(desk, as_(desk.editor), **given).status_code == 302
    return Bulletin.objects.get()


def test_a_plain_form_without_script_brings_pictures_and_they_are_on_the_board(desk: Desk) -> None:
    bulletin = saved(desk, 0, 1)
    version = queries.newest(bulletin)
    assert alts(version) == ["Ảnh 0", "Ảnh 1"]
    assert [(one.width, one.height) for one in version.pictures.all()] == [(400, 300)] * 2
    page = as_(desk.editor).get(reverse("newsroom:detail", args=[bulletin.pk])).content.decode()
    shown = handed(page)[0]["pictures"]
    assert [one["alt"] for one in shown] == ["Ảnh 0", "Ảnh 1"]
    assert base64.b64decode(shown[0]["data"]) == media.bytes_of(version.pictures.all()[0].file)


def test_with_script_they_are_sent_before_and_named_by_marks(desk: Desk) -> None:
    client = as_(desk.editor)
    said = client.post(reverse("newsroom:picture-take"), {"picture": photo()}).json()
    answer = client.get(said["url"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    save(desk, client, **{"picture-1": said["mark"], "picture-alt-1": "  Sơ đồ \n đường vòng "})
    assert alts(queries.newest(Bulletin.objects.get())) == ["Sơ đồ đường vòng"]


@pytest.mark.parametrize(
    ("given", "words"),
    [(b"", "trống"), (b"khong phai anh", "Không mở được"), (b"\x00\x00\x00\x18ftypheic\x00", "HEIC")],
)
def test_what_is_refused_is_told_and_the_rest_of_the_form_stays(desk: Desk, given: bytes, words: str) -> None:
    client = as_(desk.editor)
    answer = client.post(reverse("newsroom:picture-take"), {"picture": SimpleUploadedFile("x.jpg", given)})
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    bad: dict[str, Any] = {"picture-file-2": SimpleUploadedFile("x.jpg", given), "picture-alt-2": "Hỏng"}
    answer = save(desk, client, **{"picture-file-1": photo(), "picture-alt-1": "Tốt", **bad})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ảnh 2" in page
    assert words in page
    assert "UBND XÃ PHƯỚC THUẬN" in page
    assert 'value="Tốt"' in page
    (mark,) = marks(page)
    assert not Bulletin.objects.exists()
    assert save(desk, client, **{"picture-1": mark, "picture-alt-1": "Tốt"}).status_code == 302


def test_nothing_sent_at_all_is_told(desk: Desk) -> None:
    answer = as_(desk.editor).post(reverse("newsroom:picture-take"))
    assert (answer.status_code, "Chưa nhận được ảnh" in answer.json()["error"]) == (422, True)


def test_a_picture_needs_words_and_not_too_many(desk: Desk) -> None:
    client = as_(desk.editor)
    page = save(desk, client, **{"picture-file-1": photo()}).content.decode()
    assert "Ảnh 1: hãy ghi trong ảnh có gì." in page
    assert len(marks(page)) == 1
    page = save(desk, client, **{"picture-file-1": photo(), "picture-alt-1": "dài " * 60}).content.decode()
    assert "nhiều nhất là 200" in page


def test_a_bad_text_does_not_lose_the_pictures(desk: Desk) -> None:
    given: dict[str, Any] = {"picture-file-1": photo(), "picture-alt-1": "Sơ đồ", "title": ""}
    answer = save(desk, as_(desk.editor), **given)
    assert answer.status_code == 422
    assert len(marks(answer.content.decode())) == 1
    assert 'value="Sơ đồ"' in answer.content.decode()


def test_they_are_put_in_order_and_left_out_without_script(desk: Desk) -> None:
    bulletin = saved(desk, 0, 1, 2)
    client = as_(desk.editor)

    def edit(**other: str) -> list[str]:
        page = client.get(reverse("newsroom:edit", args=[bulletin.pk])).content.decode()
        version = queries.newest(bulletin)
        given = {f"picture-{place}": mark for place, mark in enumerate(marks(page), 1)}
        given |= {f"picture-alt-{place}": alt for place, alt in enumerate(alts(version), 1)}
        given |= {f"picture-place-{place}": str(place) for place in range(1, 5)}
        assert save(desk, client, bulletin, **{**given, "seen": version.number, **other}).status_code == 302
        return alts(queries.newest(bulletin))

    assert edit(**{"picture-place-3": "1"}) == ["Ảnh 2", "Ảnh 0", "Ảnh 1"]
    assert edit(**{"picture-place-1": "3"}) == ["Ảnh 0", "Ảnh 1", "Ảnh 2"]
    assert edit(**{"picture-place-1": "x", "picture-place-2": "99"}) == ["Ảnh 0", "Ảnh 1", "Ảnh 2"]
    assert edit(**{"picture-drop-2": "1"}) == ["Ảnh 0", "Ảnh 2"]
    assert queries.newest(bulletin).number == 4  # nothing new was kept where nothing changed


def test_a_change_of_pictures_is_a_version_and_history_is_right(desk: Desk) -> None:
    bulletin = saved(desk, 0)
    first = queries.newest(bulletin)
    desk.waiting(bulletin)
    held = [(kept(desk, 1).sha256, "Ảnh mới")]
    second = desk.edit(bulletin, 1, title=first.title, pictures=tuple(held))
    assert second.number == 2
    assert second.text_hash != first.text_hash
    assert desk.state(bulletin) == "draft"  # what waited is taken back
    assert (alts(first), alts(second)) == (["Ảnh 0"], ["Ảnh mới"])
    page = as_(desk.editor).get(reverse("newsroom:version", args=[bulletin.pk, 1])).content.decode()
    assert "Ảnh 0" in page
    assert "Ảnh trên bảng tin cũng đã đổi." in page
    look = re.findall(r'<img src="([^"]+)"', page)
    assert as_(desk.editor).get(look[0]).status_code == 200
    third = desk.edit(bulletin, 2, title="Tên khác", pictures=tuple(held))
    assert [one.file_id for one in third.pictures.all()] == [one.file_id for one in second.pictures.all()]


def test_words_alone_changed_or_nothing_at_all_keeps_the_same_page(desk: Desk) -> None:
    bulletin = saved(desk, 0)
    version = queries.newest(bulletin)
    again = desk.edit(
        bulletin, 1, title=version.title, body=version.body, voice=version.voice, pictures=tuple(pictures.held(version))
    )
    assert again.pk == version.pk


def test_the_approver_sees_the_very_page_that_goes_out(desk: Desk) -> None:
    bulletin = desk.waiting(saved(desk, 0, 1))
    version = queries.newest(bulletin)
    assert version.review is not None
    page = as_(desk.approver).get(reverse("review:detail", args=[version.review.pk])).content.decode()
    file = showing.kept(version)["board"]
    assert digest(page) == file.sha256
    assert file.size > 5_000
    assert file.duration_ms == handed(page)[1]
    assert file.duration_ms >= 2 * document.PICTURE_MS
    assert "1. Ảnh 0" in page
    Picture.objects.all().delete()  # it was made once: whatever becomes of its parts
    assert digest(
        as_(desk.approver).get(reverse("review:detail", args=[version.review.pk])).content.decode()
    ) == digest(page)


def test_what_is_written_is_seen_with_small_pictures_before_they_have_words(desk: Desk) -> None:
    big = media.take_in(upload=SimpleUploadedFile("x.jpg", encoded(a_picture(2400, 1800))), now=desk.now).file
    typed = {"title": "Cấm xe", "place": desk.here.pk, "picture-1": pictures.mark(desk.editor, big.sha256)}
    page = as_(desk.editor).post(f"{reverse('newsroom:shown')}?kenh=board", typed).content.decode()
    (shown,) = handed(page)[0]["pictures"]
    assert (shown["width"], shown["height"]) == (640, 480)
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "stranger", "both"])
def test_a_mark_is_of_use_to_nobody_else(desk: Desk, who: str) -> None:
    mark = pictures.mark(desk.editor, kept(desk).sha256)
    other: Person = getattr(desk, who)
    assert as_(desk.editor).get(reverse("newsroom:picture", args=[mark])).status_code == 200
    assert as_(other).get(reverse("newsroom:picture", args=[mark])).status_code == 404
    answer = save(desk, as_(other), **{"picture-1": mark, "picture-alt-1": "Trộm"})
    assert not Picture.objects.exists()
    if who != "stranger":
        assert "Không còn ảnh này" in answer.content.decode() or answer.status_code == 422


@pytest.mark.parametrize("mark", ["x", "\x00", "0" * 64, "a:b"])
def test_a_mark_that_was_made_up_is_none(desk: Desk, mark: str) -> None:
    answer = save(desk, as_(desk.editor), **{"picture-1": mark, "picture-alt-1": "Bịa"})
    assert answer.status_code == 422
    assert "Không còn ảnh này. Hãy chọn lại." in answer.content.decode()


def test_only_pictures_have_marks(desk: Desk) -> None:
    bulletin = desk.waiting()
    sound = queries.sha256(queries.newest(bulletin))
    assert sound is not None
    mark = pictures.mark(desk.editor, sound)
    assert as_(desk.editor).get(reverse("newsroom:picture", args=[mark])).status_code == 404


def test_who_may_not_write_sends_no_picture(desk: Desk) -> None:
    for person in (desk.watcher, desk.stranger):
        assert as_(person).post(reverse("newsroom:picture-take"), {"picture": photo()}).status_code == 403
    assert not File.objects.filter(mime=media.MIME).exists()


def test_where_nothing_is_shown_nobody_is_asked_for_pictures_but_those_there_stay(desk: Desk, settings: Any) -> None:
    bulletin = saved(desk, 0)
    settings.NGUON_CHANNELS = [SPEAKER]
    channels.status.cache_clear()
    client = as_(desk.editor)
    assert "data-pictures" not in client.get(reverse("newsroom:new")).content.decode()
    assert "data-pictures" in client.get(reverse("newsroom:edit", args=[bulletin.pk])).content.decode()
