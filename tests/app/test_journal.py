"""The journal: written only inside a transaction, read only where one may, and no damage goes unseen."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test import Client

from nguon.cli import main
from nguon.journal import queries, words
from nguon.journal.actions import OutsideTransaction, record
from nguon.journal.models import Entry, Head
from nguon.journal.rules import Fault, digest
from nguon.people.models import Person, Role
from nguon.places.models import Link, Place

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def write(count: int = 5, **said: Any) -> list[Entry]:
    return [
        record(actor="test", verb="places.rename", subject=f"x.y:{n}", now=NOW + timedelta(hours=n), **said)
        for n in range(count)
    ]


@pytest.mark.django_db(transaction=True)
def test_recording_needs_the_transaction_of_the_act() -> None:
    with pytest.raises(OutsideTransaction):
        write(1)
    with transaction.atomic():
        write(1)
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_trace_and_the_chain_whole() -> None:
    @transaction.atomic
    def act() -> None:
        write(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with transaction.atomic():
        write(2)
    assert (queries.verify().sound, queries.verify().checked) == (True, 2)


def test_an_untouched_journal_is_whole() -> None:
    assert queries.verify().sound
    entries = write(before={"name": "Cũ", "at": NOW}, after={"name": "Mới", "list": [1.5, None, {"a": True}]})
    found = queries.verify()
    assert (found.sound, found.checked, found.digest) == (True, 5, entries[-1].digest)
    assert queries.verify(entries[2].pk).checked == 3


@pytest.mark.parametrize(
    "change",
    [
        {"after": {"name": "khác"}},
        {"before": {"name": "khác"}},
        {"actor_name": "khác"},
        {"actor": "khác"},
        {"verb": "khác"},
        {"subject": "khác"},
        {"at": NOW + timedelta(days=9)},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
    ],
)
def test_an_altered_row_is_named(change: dict[str, Any]) -> None:
    entries = write(after={"name": "Mới"})
    Entry.objects.filter(pk=entries[2].pk).update(**change)
    found = queries.verify()
    assert (found.fault, found.row, found.checked) == (Fault.ALTERED, entries[2].pk, 2)


@pytest.mark.parametrize("change", ["at = 'không rõ'", "at = 5", "place = 'zz'", "after = '{'"])
def test_a_row_that_cannot_even_be_read_is_named(change: str) -> None:
    """By hand one may write into SQLite what is no time, no id and no JSON."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes no such values")
    entries = write(place=uuid4())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = 1")
        cursor.execute(f"UPDATE {Entry._meta.db_table} SET {change} WHERE id = %s", [entries[2].pk])
        cursor.execute("PRAGMA ignore_check_constraints = 0")
    found = queries.verify()
    assert (found.fault, found.row, found.checked) == (Fault.ALTERED, entries[2].pk, 2)
    assert CliRunner().invoke(main, ["journal", "verify"]).exit_code == 1
    with connection.cursor() as cursor:  # for the checks after the test
        cursor.execute(f"DELETE FROM {Entry._meta.db_table}")


def test_a_missing_row_is_seen_at_the_next_one() -> None:
    entries = write()
    entries[1].delete()
    found = queries.verify()
    assert (found.fault, found.row, found.checked) == (Fault.MISSING, entries[2].pk, 1)


def test_a_row_rewritten_with_a_fresh_digest_is_seen_at_the_next_one() -> None:
    entries = write()
    forged = next(row for number, _, _, row in queries._rows(0) if number == entries[1].pk)
    seal = digest(entries[0].digest, type(forged)(**{**vars(forged), "actor_name": "người khác"}))
    Entry.objects.filter(pk=entries[1].pk).update(actor_name="người khác", digest=seal)
    found = queries.verify()
    assert (found.fault, found.row) == (Fault.MISSING, entries[2].pk)


def test_a_row_moved_to_another_place_is_seen() -> None:
    entries = write()
    Entry.objects.filter(pk=entries[1].pk).update(id=entries[-1].pk + 1)
    found = queries.verify()
    assert found.row == entries[2].pk
    assert found.fault is Fault.MISPLACED


@pytest.mark.parametrize("kept", [0, 3])
def test_rows_cut_off_the_end_are_seen(kept: int) -> None:
    entries = write()
    Entry.objects.filter(pk__in=[entry.pk for entry in entries[kept:]]).delete()
    found = queries.verify()
    assert (found.fault, found.checked) == (Fault.CUT, kept)
    assert found.row == (entries[kept - 1].pk if kept else 0)


@pytest.mark.parametrize("change", [{"digest": "f" * 64}, {"count": 3}])
def test_a_wrong_head_is_seen(change: dict[str, Any]) -> None:
    write()
    Head.objects.update(**change)
    assert queries.verify().fault is Fault.CUT


def test_a_row_added_past_the_head_is_seen() -> None:
    entries = write()
    row = next(row for number, _, _, row in queries._rows(0) if number == entries[0].pk)
    Entry.objects.create(previous=entries[-1].digest, digest=digest(entries[-1].digest, row), **vars(row))
    assert queries.verify().fault is Fault.CUT


def test_the_command_says_which_row_and_fails() -> None:
    entries = write()
    good = CliRunner().invoke(main, ["journal", "verify"])
    assert (good.exit_code, f"{entries[-1].digest}" in good.output) == (0, True)
    Entry.objects.filter(pk=entries[3].pk).update(verb="khác")
    bad = CliRunner().invoke(main, ["journal", "verify"])
    assert bad.exit_code == 1
    assert f"row {entries[3].pk} was changed" in bad.output


def test_a_digest_kept_on_paper_tells_of_a_journal_that_was_emptied_or_written_anew() -> None:
    kept = write()[-1].digest
    write()
    assert queries.verify(kept=kept).sound
    assert CliRunner().invoke(main, ["journal", "verify", "--digest", kept.upper()]).exit_code == 0
    Entry.objects.all().delete()
    Head.objects.all().delete()
    assert queries.verify().sound  # an empty journal is whole: only the paper knows
    write(after={"name": "viết lại"})
    assert queries.verify(kept=kept).fault is Fault.FORGOTTEN
    told = CliRunner().invoke(main, ["journal", "verify", "--digest", kept])
    assert (told.exit_code, "emptied" in told.output) == (1, True)


def commune(name: str, parent: Place | None = None) -> Place:
    made = Place.objects.create(name=name, kind="xã", folded=name)
    if parent:
        Link.objects.create(child=made, parent=parent)
    return made


def administrator(at: Place, kind: str = "admin") -> Person:
    made = Person.objects.create(username=f"{kind}-{at.name}", full_name=f"{kind} {at.name}")
    Role.objects.create(person=made, kind=kind, place=at)
    return made


def test_an_administrator_reads_their_places_only() -> None:
    province = commune("tinh")
    one, two = commune("mot", province), commune("hai", province)
    for place in (province, one, two, None):
        write(1, place=place.pk if place else None, after={"name": place.name if place else "chung"})
    assert [entry.place for entry in queries.entries(administrator(one)).entries] == [one.pk]
    assert len(queries.entries(administrator(province)).entries) == 4
    assert queries.entries(administrator(one, "editor")).entries == []


def test_filters_and_pages() -> None:
    place = commune("mot")
    write(5, place=place.pk)
    asker = administrator(place)

    def count(**kept: Any) -> int:
        return len(queries.entries(asker, queries.Filters(**kept)).entries)

    assert (count(person="TES"), count(person="ai khác")) == (5, 0)
    assert (count(verb="places.rename"), count(verb="review.submit")) == (5, 0)
    assert (count(subject="x.y:3"), count(place=place.pk)) == (1, 5)
    local = NOW.date()  # 08:00 to 12:00 in Vietnam
    assert count(first=local, last=local) == 5
    assert count(first=local + timedelta(days=1)) == 0
    first = queries.entries(asker, size=2)
    second = queries.entries(asker, under=first.older, size=2)
    third = queries.entries(asker, under=second.older, size=2)
    seen = [entry.pk for page in (first, second, third) for entry in page.entries]
    assert (len(seen), seen, third.older) == (5, sorted(seen, reverse=True), None)


def test_the_page_says_it_in_words(client: Client) -> None:
    place = commune("mot")
    record(
        actor="người nào đó",
        verb="places.rename",
        subject="places.place:1",
        now=NOW,
        place=place.pk,
        before={"name": "Cũ"},
        after={"name": "Mới"},
    )
    client.force_login(administrator(place))
    text = client.get("/nhat-ky/").content.decode()
    assert "Sửa tên địa bàn: “Mới”" in text
    assert "người nào đó" in text
    assert "Tên:</span> Cũ →" in text
    assert "nguyên vẹn" in client.post("/nhat-ky/kiem-tra").content.decode()
    Entry.objects.update(actor_name="khác")
    assert f"Dòng {Entry.objects.get().pk} đã bị sửa" in client.post("/nhat-ky/kiem-tra").content.decode()


def test_nobody_else_sees_the_page(client: Client) -> None:
    place = commune("mot")
    assert client.get("/nhat-ky/").status_code == 302
    for kind in ("editor", "approver", "technician", "watcher"):
        client.force_login(administrator(place, kind))
        assert client.get("/nhat-ky/").status_code == 403
        assert client.post("/nhat-ky/kiem-tra").status_code == 403


@pytest.mark.parametrize("query", ["?place=no", "?first=no", "?under=no", "?under=99999999999999999999", "?verb=no"])
def test_a_strange_address_is_no_error(client: Client, query: str) -> None:
    client.force_login(administrator(commune("mot")))
    assert client.get("/nhat-ky/" + query).status_code == 200


def test_a_place_is_called_by_its_name() -> None:
    place = commune("mot")
    found = words.changes({"place": str(place.pk)}, {"place": None}, {place.pk: "xã Một"})
    assert [(change.before, change.after) for change in found] == [("xã Một", "")]


def test_values_in_words() -> None:
    changes = words.changes(
        {"status": "planned", "proof": True, "same": 1, "text": "hash"},
        {
            "status": "active",
            "proof": False,
            "same": 1,
            "at": "2026-11-23T01:00:00.000+00:00",
            "valid_to": "2025-06-30",
        },
    )
    said = [(change.label, change.before, change.after) for change in changes]
    assert said == [
        ("tình trạng", "chờ lắp đặt", "đang dùng"),
        ("gửi lại âm thanh đã phát", "có", "không"),
        ("at", "", "08:00 23/11/2026"),
        ("đến hết ngày", "", "30/06/2025"),
    ]
