"""Readings of a place: kept, inherited, ended, taken back; heard at once; and never behind an approval's back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.media import actions as media
from nguon.media.models import Reading
from nguon.media.readings import actions, queries, rules
from nguon.media.readings.actions import ReadingOver, ReadingRefused
from nguon.newsroom import actions as newsroom
from nguon.newsroom import queries as bulletins
from nguon.newsroom import sounding
from nguon.newsroom.aloud import aloud
from nguon.newsroom.models import Bulletin, Version
from nguon.newsroom.rules import State
from nguon.people.scope import Forbidden
from nguon.places.models import Succession
from nguon.review import actions as reviews
from nguon.review.models import Review
from nguon.speech import Readings
from tests.app.desk import NOTICE, Desk, make_desk, person, place

pytestmark = pytest.mark.django_db
BODY = "Họp tại NVH thôn Quảng Vân lúc 7h30."


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def keep(desk: Desk, written: str = "NVH", spoken: str = "nhà văn hóa mới", **more: Any) -> actions.Kept:
    given = {"place_id": desk.here.pk, "actor": desk.editor, "now": desk.now, **more}
    return actions.keep(written=written, spoken=spoken, **given)


def signed(who: Any) -> Client:
    client = Client()
    client.force_login(who)
    return client


def read_at(desk: Desk, where: Any, text: str = BODY) -> Readings:
    return queries.for_text(where.pk, text, clock.today())


def test_a_reading_is_kept_and_told_in_the_journal(desk: Desk) -> None:
    kept = keep(desk, " NVH ", "nhà  văn hóa mới")
    assert (kept.reading.written, kept.reading.spoken, kept.before) == ("NVH", "nhà văn hóa mới", None)
    entry = Entry.objects.get(verb="readings.keep")
    assert entry.place == desk.here.pk
    assert entry.after == {"name": "NVH", "spoken": "nhà văn hóa mới"}
    assert read_at(desk, desk.here) == (("NVH", "nhà văn hóa mới"),)


def test_another_reading_of_the_same_words_takes_its_place_and_the_same_one_is_left(desk: Desk) -> None:
    first = keep(desk).reading
    assert keep(desk).reading == first
    second = keep(desk, "nvh", "nhà văn hóa thôn", now=desk.now + timedelta(minutes=1))
    assert second.before == first
    first.refresh_from_db()
    assert first.ended_at is not None
    assert read_at(desk, desk.here) == (("nvh", "nhà văn hóa thôn"),)
    assert Entry.objects.filter(verb="readings.keep").latest("pk").before == {"spoken": "nhà văn hóa mới"}


def test_taking_back_puts_the_one_before_in_force_again(desk: Desk) -> None:
    keep(desk)
    second = keep(desk, spoken="nhà văn hóa thôn", now=desk.now + timedelta(minutes=1)).reading
    later = desk.now + timedelta(minutes=2)
    again = actions.take_back(reading=second, actor=desk.editor, now=later)
    assert again is not None
    assert read_at(desk, desk.here) == (("NVH", "nhà văn hóa mới"),)
    with pytest.raises(ReadingOver):
        actions.take_back(reading=second, actor=desk.editor, now=later)
    third = actions.take_back(reading=again, actor=desk.editor, now=later + timedelta(minutes=1))
    assert third is not None  # taking back the taking back
    assert read_at(desk, desk.here) == (("NVH", "nhà văn hóa thôn"),)


def test_taking_back_the_first_leaves_none(desk: Desk) -> None:
    first = keep(desk).reading
    assert actions.take_back(reading=first, actor=desk.editor, now=desk.now) is None
    assert read_at(desk, desk.here) == ()


def test_readings_of_places_above_apply_below_and_the_nearest_wins(desk: Desk) -> None:
    district = person("huyen", "Người Huyện", desk.root, "editor")
    keep(desk, "NVH", "nhà văn hóa huyện", place_id=desk.root.pk, actor=district)
    keep(desk, "TYT", "trạm y tế huyện", place_id=desk.root.pk, actor=district)
    keep(desk, "nvh", "nhà văn hóa xã")
    text = "NVH và TYT"
    assert read_at(desk, desk.one, text) == (("nvh", "nhà văn hóa xã"), ("TYT", "trạm y tế huyện"))
    assert read_at(desk, desk.there, text) == (("NVH", "nhà văn hóa huyện"), ("TYT", "trạm y tế huyện"))
    held = queries.held(desk.here.pk, clock.today())
    assert [(one.reading.spoken, one.own, one.beaten) for one in held] == [
        ("nhà văn hóa xã", True, False),
        ("nhà văn hóa huyện", False, True),
        ("trạm y tế huyện", False, False),
    ]


def test_what_a_merged_place_had_goes_on_in_its_successor(desk: Desk) -> None:
    keep(desk)
    heir = place("Tuy Phước Mới", "xã", desk.root)
    assert read_at(desk, heir) == ()
    Succession.objects.create(old=desk.here, new=heir, on=clock.today(), basis="Nghị quyết")
    assert read_at(desk, heir) == (("NVH", "nhà văn hóa mới"),)


def test_only_who_writes_there_may_keep_and_end(desk: Desk) -> None:
    reading = keep(desk).reading
    for who in (desk.approver, desk.watcher, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            keep(desk, actor=who)
        with pytest.raises(Forbidden):
            actions.end(reading=reading, actor=who, now=desk.now)
    actions.end(reading=reading, actor=desk.both, now=desk.now)
    assert Entry.objects.filter(verb="readings.end").count() == 1
    with pytest.raises(ReadingOver):
        actions.end(reading=reading, actor=desk.both, now=desk.now)


@pytest.mark.parametrize(
    ("written", "spoken", "field", "said"),
    [
        ("", "x", "written", "Hãy ghi chữ viết"),
        ("5", "năm", "written", "ít nhất một chữ cái"),
        ("NVH", "!!!", "spoken", "chưa có chữ nào đọc được"),
        ("COVID-19", "cô vít", "spoken", "bỏ mất con số"),
        ("xã", "xã", "spoken", "vốn đã được đọc như vậy"),
        ("a" * 121, "a", "written", "dài quá 120"),
    ],
)
def test_a_refusal_says_what_to_do(desk: Desk, written: str, spoken: str, field: str, said: str) -> None:
    with pytest.raises(ReadingRefused, match=said) as refused:
        keep(desk, written, spoken)
    assert refused.value.field == field
    assert not Reading.objects.exists()


def test_a_place_has_at_most_so_many(desk: Desk) -> None:
    Reading.objects.bulk_create(
        Reading(place=desk.here, written=f"chữ {n} a", spoken="đọc", created_by=desk.editor, created_at=desk.now)
        for n in range(rules.MOST)
    )
    with pytest.raises(ReadingRefused, match="500"):
        keep(desk)
    actions.end(reading=Reading.objects.all()[0], actor=desk.editor, now=desk.now)
    keep(desk)


# ---- bulletins ----


def saved(desk: Desk, bulletin: Bulletin | None, body: str = BODY, **more: Any) -> Version:
    return newsroom.save(
        bulletin=bulletin,
        seen=bulletins.newest(bulletin).number if bulletin else 0,
        draft=desk.draft(body=body, repeat=more.pop("repeat", False)),
        details=desk.details(),
        actor=desk.editor,
        now=more.pop("now", desk.now),
        **more,
    )


def heard(version: Version, desk: Desk) -> Any:
    """The rendition after the jobs service has done its work, with the real voice."""
    asked = bulletins.rendition(version)
    assert asked is not None
    media.render(rendition_id=asked.pk, now=desk.now)
    asked.refresh_from_db()
    return asked


def test_a_bulletin_is_spoken_with_the_readings_of_its_place(desk: Desk) -> None:
    keep(desk)
    keep(desk, "UBNDTQ", "chuyện khác")
    version = saved(desk, None, hear=True)
    assert version.readings == [["NVH", "nhà văn hóa mới"]]
    made = heard(version, desk)
    assert "nhà văn hóa mới thôn Quảng Vân" in made.spoken
    found = bulletins.heard(version, made)
    assert found is not None
    assert found.own == (("NVH", "nhà văn hóa mới"),)


def test_the_length_told_while_writing_is_near_what_is_heard(desk: Desk) -> None:
    version = saved(desk, None, NOTICE, hear=True)
    made = heard(version, desk)
    told = aloud(NOTICE, (), version.rate).seconds
    assert made.file.duration_ms / 1000 == pytest.approx(told, rel=0.1)


def test_the_key_facts_are_said_again_where_that_is_asked_for(desk: Desk) -> None:
    plain = saved(desk, None, NOTICE, hear=True)
    twice = saved(desk, plain.bulletin, NOTICE, hear=True, repeat=True)
    assert (plain.number, twice.number, twice.repeat) == (1, 2, True)
    assert twice.text_hash != plain.text_hash
    one, two = heard(plain, desk), heard(twice, desk)
    assert two.spoken.startswith(f"{one.spoken}\nXin nhắc lại: ")
    assert two.file.duration_ms > one.file.duration_ms + 3000
    found = bulletins.heard(twice, two)
    assert found is not None
    assert two.spoken.endswith(found.again)
    assert two.file.duration_ms / 1000 == pytest.approx(found.seconds, rel=0.1)


def test_who_approves_sees_what_is_said_again(desk: Desk) -> None:
    version = saved(desk, None, NOTICE, hear=True, repeat=True)
    heard(version, desk)
    review = newsroom.submit(bulletin=version.bulletin, seen=1, actor=desk.editor, now=desk.now)
    client = Client()
    client.force_login(desk.approver)
    page = client.get(reverse("review:detail", args=[review.pk])).content.decode()
    assert "Nhắc lại ở cuối" in page
    assert "Xin nhắc lại: " in page


def test_a_correction_makes_a_new_version_and_a_new_sound(desk: Desk) -> None:
    version = saved(desk, None, hear=True)
    old = heard(version, desk)
    keep(desk)
    again = saved(desk, version.bulletin, hear=True)
    assert (again.number, again.body) == (2, version.body)
    assert again.text_hash != version.text_hash
    new = heard(again, desk)
    assert new.file_id != old.file_id
    assert bulletins.rendition(version) == old
    assert saved(desk, version.bulletin, hear=True) == again


def approve(desk: Desk, version: Version) -> Review:
    newsroom.submit(bulletin=version.bulletin, seen=version.number, actor=desk.editor, now=desk.now)
    review = bulletins.newest(version.bulletin).review
    assert review is not None
    return reviews.approve(
        review=review, text_hash=review.text_hash, media_hash=review.media_hash, actor=desk.approver, now=desk.now
    )


def test_a_reading_changed_later_changes_nothing_that_was_approved(desk: Desk) -> None:
    keep(desk)
    version = saved(desk, None, hear=True)
    made = heard(version, desk)
    review = approve(desk, version)
    later = desk.now + timedelta(minutes=5)
    keep(desk, spoken="nhà văn hóa cũ", now=later)

    sounding.hear(bulletin=version.bulletin, actor=desk.editor, now=later)
    same = saved(desk, version.bulletin, hear=True, now=later)
    assert same == version
    assert desk.state(version.bulletin) == State.APPROVED
    assert bulletins.sha256(same) == review.media_hash == made.file_id
    assert bulletins.approval(same) == review
    found = bulletins.heard(same, made)
    assert found is not None
    assert found.own == (("NVH", "nhà văn hóa mới"),)

    again = saved(desk, version.bulletin, hear=True, reread=True, now=later)  # only when it is asked for
    assert again.number == 2
    assert desk.state(version.bulletin) == State.RENDERING
    assert "nhà văn hóa cũ" in heard(again, desk).spoken
    assert Version.objects.get(pk=version.pk).text_hash == review.text_hash


def test_what_waits_for_approval_keeps_its_readings_too(desk: Desk) -> None:
    version = saved(desk, None, hear=True)
    heard(version, desk)
    newsroom.submit(bulletin=version.bulletin, seen=1, actor=desk.editor, now=desk.now)
    keep(desk)
    assert saved(desk, version.bulletin, hear=True) == version
    assert desk.state(version.bulletin) == State.WAITING


def test_changed_words_take_the_readings_of_now_and_a_recording_none(desk: Desk) -> None:
    version = saved(desk, None)
    keep(desk)
    assert saved(desk, version.bulletin, BODY + " Mời bà con.").readings == [["NVH", "nhà văn hóa mới"]]


def test_another_editor_who_saw_an_older_reading_is_not_in_conflict(desk: Desk) -> None:
    version = saved(desk, None)
    keep(desk)
    second = saved(desk, version.bulletin)
    assert second.number == 2
    same = newsroom.save(
        bulletin=version.bulletin,
        seen=1,
        draft=desk.draft(body=BODY),
        details=desk.details(),
        actor=desk.both,
        now=desk.now,
    )
    assert same == second


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_leave_one_reading(desk: Desk) -> None:
    start = threading.Barrier(2)

    def put(spoken: str) -> None:
        start.wait()
        try:
            keep(desk, spoken=spoken)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(put, ["nhà văn hóa mới", "nhà văn hóa thôn"]))
    assert Reading.objects.filter(ended_at=None).count() == 1
    assert Reading.objects.count() == 2
