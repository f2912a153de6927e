"""The library: what is found and in which order, what is corrected, what is decided on copies, and by whom."""

import time
from datetime import date, timedelta
from typing import Any

import pytest

from nguon.archive import actions, queries, rules
from nguon.archive.actions import Details, Moved, Unfit
from nguon.archive.models import Pair, Recording, Transcript
from nguon.archive.queries import Filters
from nguon.journal.models import Entry
from nguon.journal.queries import verify
from nguon.kit import clock
from nguon.media.models import File
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from nguon.places.models import Place, Succession
from tests.app.desk import Desk, make_desk, person

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def file(sha256: str) -> File:
    made, _ = File.objects.get_or_create(
        sha256=sha256, defaults={"size": 1, "mime": "audio/mpeg", "path": sha256, "created_at": NOW}
    )
    return made


def recording(place: Place, title: str, day: date | None = None, **values: Any) -> Recording:
    spoken = values.pop("spoken", "")
    sound = values.pop("sound_hash", f"{title}{day}")
    made = Recording(
        place=place,
        title=title,
        recorded_on=day,
        recorded_until=values.pop("until", day),
        original=file("0" * 64),
        file=file("1" * 64),
        duration_ms=values.pop("ms", 60_000),
        sound_hash=sound,
        name=values.pop("name", f"{title}.mp3"),
        created_at=NOW,
        updated_at=NOW,
        **values,
    )
    actions.words_of(made)
    made.save(force_insert=True)
    if spoken:
        said = {"text": spoken, "exact": rules.exact(spoken), "folded": rules.folded(spoken), "state": "ready"}
        Transcript.objects.create(recording=made, updated_at=NOW, **said)
    return made


def titles(person: Person, **asked: Any) -> list[str]:
    return [one.title for one in queries.found(person, Filters(**asked))]


def details(one: Recording, **changes: Any) -> Details:
    known = {"place_id": one.place_id, "title": one.title, "recorded_on": one.recorded_on}
    return Details(**{**known, "recorded_until": one.recorded_until, **changes})


def test_the_very_words_come_first_then_words_without_marks_then_what_is_said(desk: Desk) -> None:
    recording(desk.here, "Đường liên thôn", date(2001, 1, 1))
    recording(desk.here, "Duong lien thon", date(2019, 1, 1))
    recording(desk.here, "Thôn ta liên hoan, đường phố", date(2020, 1, 1))
    recording(desk.here, "Họp", date(2021, 1, 1), spoken="bàn làm đường liên thôn")
    recording(desk.here, "Khác", date(2022, 1, 1))
    order = ["Đường liên thôn", "Duong lien thon", "Họp", "Thôn ta liên hoan, đường phố"]
    assert titles(desk.editor, text="đường liên thôn") == order
    assert titles(desk.editor, text="DUONG LIEN")[0] == "Duong lien thon"
    assert titles(desk.editor, text="thon duong") == ["Họp", "Thôn ta liên hoan, đường phố", *order[1::-1]]
    assert titles(desk.editor, text="lien xyz") == []


def test_filters(desk: Desk) -> None:
    recording(desk.one, "Một", date(2019, 5, 12), category="news", ms=60_000)
    recording(desk.here, "Hai", date(2019, 1, 1), until=date(2019, 12, 31), category="music", ms=20 * 60_000)
    recording(desk.two, "Ba", None, doubtful=True, ms=5 * 60_000)
    every = {"Một", "Hai", "Ba"}
    assert set(titles(desk.editor)) == every
    assert titles(desk.editor, place=desk.one.pk) == ["Một"]
    assert set(titles(desk.editor, place=desk.here.pk)) == every
    assert titles(desk.editor, place=desk.there.pk) == []
    assert titles(desk.editor, category="music") == ["Hai"]
    assert set(titles(desk.editor, first=date(2019, 5, 1), last=date(2019, 5, 31))) == {"Một", "Hai"}
    assert titles(desk.editor, first=date(2019, 6, 1)) == ["Hai"]
    assert titles(desk.editor, last=date(2018, 12, 31)) == []
    assert titles(desk.editor, length="middle") == ["Ba"]
    assert titles(desk.editor, look=True) == ["Ba"]


def test_what_is_unknown_comes_after_what_has_a_day(desk: Desk) -> None:
    recording(desk.here, "Không ngày")
    recording(desk.here, "Mới", date(2020, 1, 1))
    recording(desk.here, "Cũ", date(1999, 1, 1))
    assert titles(desk.editor) == ["Mới", "Cũ", "Không ngày"]


def test_neighbours_and_strangers_find_and_hear_nothing(desk: Desk) -> None:
    one = recording(desk.here, "Của ta")
    for other in (desk.neighbour, desk.stranger):
        assert titles(other) == []
        assert not queries.may_hear(other, one.file_id)
        assert not queries.may_hear(other, one.original_id)
    assert queries.may_hear(desk.watcher, one.file_id)
    assert queries.may_hear(desk.watcher, one.original_id)


def test_after_a_merger_of_communes_the_heir_has_the_tapes(desk: Desk) -> None:
    recording(desk.here, "Băng xã cũ")
    heir = Place.objects.create(name="Tuy Phước", kind="xã", folded="xa tuy phuoc", valid_from=date(2025, 7, 1))
    Succession.objects.create(old=desk.here, new=heir, on=date(2025, 7, 1), basis="Nghị quyết")
    assert titles(person("moi", "Cán bộ mới", heir, "editor")) == ["Băng xã cũ"]


def test_a_correction_is_kept_written_down_and_found(desk: Desk) -> None:
    one = recording(desk.here, "BTT", guesses={"recorded": {"confidence": 0.6, "source": "x"}}, doubtful=True)
    actions.correct(
        recording=one,
        details=details(
            one,
            title="Bản tin trưa",
            speaker="Nguyễn Thị Hoa",
            recorded_on=date(2019, 5, 12),
            recorded_until=date(2019, 5, 12),
        ),
        actor=desk.editor,
        now=NOW,
    )
    one.refresh_from_db()
    assert (one.guesses, one.doubtful) == ({}, False)
    assert titles(desk.editor, text="thi hoa") == ["Bản tin trưa"]
    assert titles(desk.editor, text="btt") == ["Bản tin trưa"], "the name of the file is still found"
    entry = Entry.objects.get(verb="archive.correct")
    assert entry.before["title"] == "BTT"
    assert entry.after["recorded_on"] == "2019-05-12"
    assert [deed.words for deed in queries.history(one)] == ["Sửa thông tin bản thu"]
    assert verify().sound


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " \n "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"category": "nonsense"}, "category"),
        ({"recorded_on": date(2019, 5, 12)}, "recorded_until"),
        ({"recorded_on": date(2019, 5, 12), "recorded_until": date(2019, 5, 11)}, "recorded_until"),
        (
            {
                "recorded_on": clock.today() + timedelta(days=2),
                "recorded_until": clock.today() + timedelta(days=2),
            },
            "recorded_on",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_words(desk: Desk, changes: dict[str, Any], field: str) -> None:
    one = recording(desk.here, "Một")
    with pytest.raises(Unfit) as refused:
        actions.correct(recording=one, details=details(one, **changes), actor=desk.editor, now=NOW)
    assert set(refused.value.fields) == {field}
    assert not Entry.objects.exists()


def test_only_who_may_write_there_corrects_and_decides(desk: Desk) -> None:
    one, two = recording(desk.here, "Một"), recording(desk.here, "Hai")
    pair = paired(one, two)
    for other in (desk.watcher, desk.approver, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            actions.correct(recording=one, details=details(one, title="Khác"), actor=other, now=NOW)
        with pytest.raises(Forbidden):
            actions.keep_both(pair=pair, actor=other, now=NOW)
        with pytest.raises(Forbidden):
            actions.merge(pair=pair, kept=one.pk, actor=other, now=NOW)
        with pytest.raises(Forbidden):
            actions.confirm(recording=one, actor=other, now=NOW)
    with pytest.raises(Forbidden):
        actions.correct(recording=one, details=details(one, place_id=desk.there.pk), actor=desk.editor, now=NOW)


def paired(one: Recording, two: Recording) -> Pair:
    return Pair.objects.create(first=one, second=two, kind="same", share=1, offset_ms=0, created_at=NOW)


def test_merging_keeps_one_fills_what_it_lacks_and_can_be_undone(desk: Desk) -> None:
    one = recording(desk.here, "Bản tin trưa", speaker="Hoa", name="a.mp3")
    two = recording(desk.here, "BTT", date(2019, 5, 12), programme="Bản tin trưa", speaker="Lan", name="b 1998.mp3")
    pair = paired(one, two)
    actions.merge(pair=pair, kept=one.pk, actor=desk.editor, now=NOW)
    one.refresh_from_db()
    assert (one.speaker, one.programme, one.recorded_on) == ("Hoa", "Bản tin trưa", date(2019, 5, 12))
    assert titles(desk.editor) == ["Bản tin trưa"]
    assert titles(desk.editor, text="1998") == ["Bản tin trưa"], "found by the name of what was merged into it"
    assert queries.pairs(desk.editor).count() == 0
    with pytest.raises(Moved):
        actions.keep_both(pair=pair, actor=desk.editor, now=NOW)
    with pytest.raises(Moved):
        actions.correct(recording=two, details=details(two, title="x"), actor=desk.editor, now=NOW)
    actions.split(recording=two, actor=desk.editor, now=NOW)
    assert set(titles(desk.editor)) == {"Bản tin trưa", "BTT"}
    assert titles(desk.editor, text="1998") == ["BTT"]
    assert queries.pairs(desk.editor).count() == 0, "they are not asked about again"


def test_keeping_both_asks_no_more(desk: Desk) -> None:
    pair = paired(recording(desk.here, "Một"), recording(desk.here, "Hai"))
    assert queries.pairs(desk.editor).count() == 1
    assert queries.pairs(desk.neighbour).count() == 0
    actions.keep_both(pair=pair, actor=desk.editor, now=NOW)
    assert queries.pairs(desk.editor).count() == 0
    assert len(titles(desk.editor)) == 2


def test_a_pair_across_two_communes_is_shown_to_whoever_sees_both(desk: Desk) -> None:
    paired(recording(desk.here, "Một"), recording(desk.there, "Hai"))
    assert queries.pairs(desk.editor).count() == 0
    assert queries.pairs(person("huyen", "Cán bộ huyện", desk.root, "editor")).count() == 1


def test_twenty_thousand_recordings_are_searched_quickly(desk: Desk) -> None:
    values: dict[str, Any] = {"place": desk.one, "original": file("0" * 64), "file": file("1" * 64), "duration_ms": 1}
    values |= {"name": "x", "created_at": NOW, "updated_at": NOW, "category": "news"}
    names = [f"Bản tin {n} ngày {n % 28 + 1} tháng {n % 12 + 1}, đường liên thôn số {n % 97}" for n in range(20_000)]
    Recording.objects.bulk_create(
        [
            Recording(
                title=name,
                sound_hash=str(n),
                exact=rules.exact(name),
                folded=rules.folded(name),
                recorded_on=date(2000 + n % 25, n % 12 + 1, 1),
                recorded_until=date(2000 + n % 25, n % 12 + 1, 1),
                **values,
            )
            for n, name in enumerate(names)
        ],
        batch_size=1000,
    )
    for asked in (Filters(text="lien thon 12"), Filters(text="bản tin 19999"), Filters(first=date(2010, 1, 1))):
        began = time.monotonic()
        found = queries.found(desk.editor, asked)
        assert found.count() > 0
        assert list(found[:30])
        assert time.monotonic() - began < 2, "far from what it takes on an idle machine"
