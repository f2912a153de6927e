"""Photos of cases that are held as abuse: nobody's disk fills with them, and no other photo is touched."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from nguon.feedback import actions, held_photos, service
from nguon.feedback.models import Attachment, Case
from nguon.journal.models import Entry
from nguon.media.models import File
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def hall(settings: Any, tmp_path: Any) -> Hall:
    settings.MEDIA_ROOT = tmp_path
    settings.NGUON_HELD_PHOTO_DAYS, settings.NGUON_HELD_PHOTO_MB = 14, 500
    return make_hall()


def photo(number: int) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), (number * 20, 90, 60)).save(out, "JPEG")
    return SimpleUploadedFile("anh.jpg", out.getvalue())


def told(hall: Hall, number: int, **changes: Any) -> Case:
    words = f"Chuyện số {number} {'x' * number * 3}"
    return hall.case(words=words, photos=(photo(number),), now=hall.now + number * timedelta(minutes=1), **changes)


def limit_to(settings: Any, cases: list[Case]) -> None:
    """As many bytes as the photos of these take."""
    sizes = File.objects.filter(pk__in=Attachment.objects.filter(case__in=cases).values("file"))
    settings.NGUON_HELD_PHOTO_MB = sum(one.size for one in sizes) / 1_000_000


def with_photos() -> set[Case]:
    return set(Case.objects.filter(attachments__isnull=False))


def test_after_their_days_they_go_with_their_bytes_and_the_words_stay(
    hall: Hall, django_capture_on_commit_callbacks: Any
) -> None:
    held, plain = told(hall, 1, trap="x"), told(hall, 2)
    path = held.attachments.get().file.path
    assert held_photos.by_clock(hall.now + 14 * DAY) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert held_photos.by_clock(hall.now + 14 * DAY + timedelta(minutes=1)) == 1
    assert with_photos() == {plain}
    assert not default_storage.exists(path)
    held.refresh_from_db()
    assert held.words.startswith("Chuyện số 1")
    assert "14 ngày" in held.events.latest("at").note
    assert Entry.objects.filter(verb="feedback.photos-drop", actor_name="cases").exists()
    assert held_photos.by_clock(hall.now + 30 * DAY) == 0


def test_the_days_are_the_operators(hall: Hall, settings: Any) -> None:
    settings.NGUON_HELD_PHOTO_DAYS = 3
    told(hall, 0, trap="x")
    assert held_photos.by_clock(hall.now + 3 * DAY) == 1


def test_what_was_let_out_keeps_its_photos(hall: Hall, settings: Any) -> None:
    case = told(hall, 1, trap="x")
    actions.release(case=case, actor=hall.clerk, now=hall.now + DAY)
    settings.NGUON_HELD_PHOTO_MB = 0
    assert held_photos.by_clock(hall.now + 90 * DAY) == held_photos.within_measure(hall.now + 90 * DAY) == 0
    assert with_photos() == {case}


def test_above_the_measure_those_held_longest_go_first(hall: Hall, settings: Any) -> None:
    first, second, third = (told(hall, number, trap="x") for number in (1, 2, 3))
    plain = told(hall, 4)
    limit_to(settings, [second, third])
    assert held_photos.within_measure(hall.now + DAY) == 1
    assert with_photos() == {second, third, plain}
    assert "quá nhiều" in first.events.latest("at").note
    assert held_photos.within_measure(hall.now + DAY) == 0


def test_the_same_photo_many_times_counts_once_and_a_shared_one_stays(hall: Hall, settings: Any) -> None:
    same = [hall.case(words=f"Mua đi {'x' * n}", photos=(photo(1),), trap="x") for n in range(3)]
    assert len({one.attachments.get().file_id for one in same}) == 1
    plain = told(hall, 1)
    limit_to(settings, same[:1])
    assert held_photos.within_measure(hall.now) == 0
    held_photos.by_clock(hall.now + 15 * DAY)
    assert with_photos() == {plain}
    assert default_storage.exists(plain.attachments.get().file.path)


def test_a_flood_with_photos_stays_within_the_measure(hall: Hall, settings: Any) -> None:
    cases = [told(hall, number, trap="x") for number in range(1, 12)]
    limit_to(settings, cases[-3:])
    held_photos.within_measure(hall.now + DAY)
    assert held_photos.measured() <= settings.NGUON_HELD_PHOTO_MB * 1_000_000
    assert with_photos() == set(cases[-3:])


def test_the_service_does_it_turn_by_turn(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        told(hall, number, trap="x")
    monkeypatch.setattr(held_photos, "BATCH", 2)
    monkeypatch.setattr(held_photos.by_clock, "__defaults__", (2,))
    at = hall.now + 15 * DAY
    assert [service.kept_long_enough(at), service.kept_long_enough(at)] == [True, False]
    assert not with_photos()
