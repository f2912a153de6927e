"""The verbs on accounts: who may, what is refused, what the journal hears, and that no secret ever leaves."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from nguon import vault
from nguon.journal.models import Entry
from nguon.media import account_queries, account_rules, accounts, offers, voice_sources
from nguon.media.accounts import Terms
from nguon.media.errors import AccountRefused, MediaError
from nguon.media.models import PlaceVoice, VoiceAccount, VoiceUse
from nguon.people.models import Person
from nguon.people.scope import Forbidden
from tests.app import voicing
from tests.app.desk import Desk, make_desk, person
from tests.app.voicing import TOKEN, Teller, account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def providers(settings: Settings) -> Iterator[None]:
    settings.NGUON_VOICE_PROVIDERS = voicing.PROVIDERS
    voicing.fresh()
    yield
    voicing.fresh()


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def admin(desk: Desk) -> Person:
    return person("qt", "Hồ Thị Diệp", desk.here, "admin")


def terms(desk: Desk, **changes: Any) -> Terms:
    settings = {"token": TOKEN, "address": "https://giong-thu.example/v5", **changes.pop("settings", {})}
    return replace(Terms(desk.here.pk, "Giọng Thử của xã", settings, 45, 100_000, Decimal("440.50")), **changes)


def made(desk: Desk, actor: Any, **changes: Any) -> VoiceAccount:
    return accounts.create(provider=Teller.key, terms=terms(desk, **changes), actor=actor, now=desk.now)


def token(one: VoiceAccount) -> str:
    return vault.unseal(VoiceAccount.objects.get(pk=one.pk).secrets, one.pk).get("token", "")


def entries(one: VoiceAccount) -> list[Entry]:
    return list(Entry.objects.filter(subject=f"media.voiceaccount:{one.pk.hex}").order_by("pk"))


def test_an_account_is_kept_with_its_secret_sealed(desk: Desk, admin: Person) -> None:
    one = made(desk, admin)
    found = VoiceAccount.objects.get(pk=one.pk)
    assert (found.name, found.deadline, found.budget, found.price) == (
        "Giọng Thử của xã",
        45,
        100_000,
        Decimal("440.50"),
    )
    assert found.values == {"address": "https://giong-thu.example/v5", "does": ""}
    assert token(one) == TOKEN
    assert TOKEN.encode() not in bytes(found.secrets)
    entry = entries(one)[0]
    assert (entry.verb, entry.place, entry.actor_name) == ("media.account-create", desk.here.pk, "Hồ Thị Diệp")
    assert entry.after["secrets"] == "given"
    assert entry.after["settings"] == {"Địa chỉ dịch vụ": "https://giong-thu.example/v5"}


def test_a_secret_that_is_not_typed_stays_and_a_new_one_is_told_only_as_changed(desk: Desk, admin: Person) -> None:
    one = made(desk, admin)
    accounts.change(account=one, terms=terms(desk, name="Tên mới", settings={"token": ""}), actor=admin, now=desk.now)
    assert token(one) == TOKEN
    assert "secrets" not in entries(one)[1].after
    accounts.change(
        account=one, terms=terms(desk, name="Tên mới", settings={"token": "khoa-moi-77"}), actor=admin, now=desk.now
    )
    assert token(one) == "khoa-moi-77"
    last = entries(one)[2]
    assert (last.verb, last.after["secrets"]) == ("media.account-change", "changed")
    accounts.change(account=one, terms=terms(desk, name="Tên mới", settings={"token": ""}), actor=admin, now=desk.now)
    assert len(entries(one)) == 3  # nothing changed, nothing said
    written = json.dumps([[each.before, each.after] for each in Entry.objects.all()], default=str)
    assert TOKEN not in written
    assert "khoa-moi-77" not in written


def test_a_secret_is_not_sent_to_another_server_by_who_cannot_tell_it(desk: Desk, admin: Person) -> None:
    one = made(desk, admin)
    elsewhere = {"address": "https://ke-la.example/v5", "token": ""}
    with pytest.raises(AccountRefused) as refused:
        accounts.change(account=one, terms=terms(desk, settings=elsewhere), actor=admin, now=desk.now)
    assert "nhập lại khóa" in refused.value.fields["token"]
    assert VoiceAccount.objects.get().values["address"] == "https://giong-thu.example/v5"
    for same in ("https://giong-thu.example/v6", "https://GIONG-THU.example/v6?x=1"):
        given = {"address": same, "token": ""}
        accounts.change(account=one, terms=terms(desk, settings=given), actor=admin, now=desk.now)
    accounts.change(account=one, terms=terms(desk, settings=elsewhere | {"token": TOKEN}), actor=admin, now=desk.now)
    assert VoiceAccount.objects.get().values["address"] == "https://ke-la.example/v5"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://giong-thu.example", "https://"),
        ("khong co gi://", "https://"),
        ("https://", "https://"),
        ("https://giong-thu.example:99999999", "https://"),
        ("https://ten:mat-khau@giong-thu.example", "mật khẩu"),
        ("http://giong-thu.example", "lộ trên đường truyền"),
        ("http://127.0.0.1:9000/v1", "mạng nội bộ"),
        ("http://localhost:9000", "mạng nội bộ"),
        ("https://169.254.169.254/latest", "mạng nội bộ"),
        ("https://10.0.0.5", "mạng nội bộ"),
        ("https://[::1]/v1", "mạng nội bộ"),
        ("https://2130706433/", "mạng nội bộ"),
        ("https://may-doc.local/", "mạng nội bộ"),
        ("https://may-doc/", "mạng nội bộ"),
    ],
)
def test_an_address_that_leads_astray_is_refused(desk: Desk, admin: Person, address: str, words: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        made(desk, admin, settings={"address": address})
    assert words in refused.value.fields["address"]
    assert not VoiceAccount.objects.exists()


def test_who_administers_the_whole_server_may_name_a_machine_beside_it(desk: Desk) -> None:
    root = person("goc", "Trần Minh Quân", desk.root, "admin")
    for actor in (root, "nguon demo"):
        one = made(desk, actor, settings={"address": "http://127.0.0.1:9000/v1"})
        assert one.values["address"] == "http://127.0.0.1:9000/v1"


def test_the_journal_keeps_of_an_address_only_where_it_leads(desk: Desk, admin: Person) -> None:
    one = made(desk, admin, settings={"address": "https://giong-thu.example:8443/v5?api_key=lo-ra#x"})
    assert entries(one)[0].after["settings"]["Địa chỉ dịch vụ"] == "https://giong-thu.example:8443/v5"
    assert account_rules.shown("không phải địa chỉ") == "không phải địa chỉ"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"deadline": 4}, "deadline"),
        ({"deadline": 301}, "deadline"),
        ({"settings": {"token": ""}}, "token"),
        ({"settings": {"token": "x" * 8001}}, "token"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    desk: Desk, admin: Person, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        made(desk, admin, **changes)
    assert set(refused.value.fields) == {field}
    assert "x" * 100 not in str(refused.value)


def test_what_the_provider_itself_finds_wrong_is_said_in_its_words_without_the_secret(
    desk: Desk, admin: Person
) -> None:
    with pytest.raises(AccountRefused) as refused:
        made(desk, admin, settings={"does": "wrong"})
    assert refused.value.fields == {"settings": "“Việc làm” không được là wrong (***)."}
    one = made(desk, admin, settings={"does": "unfit"})  # what the machine lacks is no fault of the account
    assert one.values["does"] == "unfit"


def test_what_is_as_the_provider_has_it_is_not_kept(desk: Desk, admin: Person) -> None:
    one = made(desk, admin, settings={"address": "https://giong-thu.example"})
    assert one.values == {"address": "", "does": ""}


def test_an_unknown_provider_a_place_that_is_over_and_too_many_are_refused(desk: Desk, admin: Person) -> None:
    with pytest.raises(AccountRefused, match="không dùng được trên máy chủ"):
        accounts.create(provider="la", terms=terms(desk), actor=admin, now=desk.now)
    for number in range(accounts.MOST):
        account(desk.here, now=desk.now, position=number)
    with pytest.raises(AccountRefused, match="nhiều nhất 20"):
        made(desk, admin)
    type(desk.here).objects.filter(pk=desk.here.pk).update(valid_to="2020-01-01")
    with pytest.raises(AccountRefused, match="thôi hiệu lực"):
        made(desk, admin)


@pytest.mark.parametrize("who", ["editor", "approver", "watcher", "neighbour", "stranger"])
def test_only_administrators_of_the_place_touch_an_account(desk: Desk, who: str) -> None:
    actor, one = getattr(desk, who), account(desk.here, now=desk.now)
    acts: list[Any] = [
        lambda: made(desk, actor),
        lambda: accounts.change(account=one, terms=terms(desk), actor=actor, now=desk.now),
        lambda: accounts.move(account=one, up=True, actor=actor, now=desk.now),
        lambda: accounts.set_enabled(account=one, enabled=False, actor=actor, now=desk.now),
        lambda: accounts.remove(account=one, actor=actor, now=desk.now),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert VoiceAccount.objects.get().enabled
    assert not Entry.objects.exists()


def test_an_account_does_not_go_where_its_administrator_has_no_say(desk: Desk, admin: Person) -> None:
    one = made(desk, admin)
    with pytest.raises(Forbidden):
        accounts.change(account=one, terms=terms(desk, place_id=desk.there.pk), actor=admin, now=desk.now)
    accounts.change(account=one, terms=terms(desk, place_id=desk.one.pk), actor=admin, now=desk.now)
    assert VoiceAccount.objects.get().place_id == desk.one.pk
    assert token(one) == TOKEN


def test_the_order_is_changed_step_by_step_among_those_of_the_place(desk: Desk, admin: Person) -> None:
    a, b, c = (made(desk, admin, name=name) for name in "abc")
    account(desk.root, now=desk.now, name="trên")

    def order() -> str:
        found = voice_sources.accounts_for(desk.here.pk, desk.now.date())
        return " ".join(one.name for one in found)

    assert order() == "a b c trên"
    accounts.move(account=c, up=True, actor=admin, now=desk.now)
    accounts.move(account=c, up=True, actor=admin, now=desk.now)
    accounts.move(account=c, up=True, actor=admin, now=desk.now)
    assert order() == "c a b trên"
    accounts.move(account=a, up=False, actor=admin, now=desk.now)
    accounts.move(account=a, up=False, actor=admin, now=desk.now)
    assert order() == "c b a trên"
    assert entries(b) == entries(b)[:1]
    assert [each.after["order"] for each in entries(a) if each.verb == "media.account-order"] == [["c", "b", "a"]]


def test_switching_off_and_on_forgets_what_went_wrong(desk: Desk, admin: Person) -> None:
    one = account(desk.here, now=desk.now, failing="key", failed_in_a_row=3, resting_until=desk.now)
    accounts.set_enabled(account=one, enabled=False, actor=admin, now=desk.now)
    accounts.set_enabled(account=one, enabled=False, actor=admin, now=desk.now)
    accounts.set_enabled(account=one, enabled=True, actor=admin, now=desk.now)
    found = VoiceAccount.objects.get()
    assert (found.enabled, found.failing, found.failed_in_a_row, found.resting_until) == (True, "", 0, None)
    assert [each.after["active"] for each in entries(one)] == [False, True]


def test_what_never_spoke_is_deleted_and_what_did_is_ended_without_its_secret(desk: Desk, admin: Person) -> None:
    never, spoke = made(desk, admin), made(desk, admin, name="Đã dùng")
    for one, characters in ((never, 0), (spoke, 500)):
        VoiceUse.objects.create(account=one, month=desk.now.date().replace(day=1), characters=characters, calls=1)
    assert accounts.remove(account=never, actor=admin, now=desk.now) is True
    assert accounts.remove(account=spoke, actor=admin, now=desk.now) is False
    kept = VoiceAccount.objects.get()
    assert (kept.pk, bytes(kept.secrets), kept.enabled, kept.ended_at) == (spoke.pk, b"", False, desk.now)
    assert [entries(never)[-1].verb, entries(spoke)[-1].verb] == ["media.account-delete", "media.account-end"]
    with pytest.raises(AccountRefused, match="đã kết thúc"):
        accounts.change(account=kept, terms=terms(desk), actor=admin, now=desk.now)
    assert [card.account.pk for card in account_queries.ended(admin, desk.now)] == [spoke.pk]
    assert account_queries.by_place(admin, desk.now) == []


def test_a_key_that_cannot_be_opened_is_typed_in_anew(desk: Desk, admin: Person) -> None:
    one = made(desk, admin)
    VoiceAccount.objects.update(secrets=b"\x01" + bytes(60))
    card = account_queries.cards([VoiceAccount.objects.get()], desk.now)[0]
    assert (card.standing.words, card.standing.kind) == ("Chưa dùng được", "bad")
    assert "nhập lại khóa" in card.standing.advice
    with pytest.raises(AccountRefused) as refused:
        accounts.change(account=one, terms=terms(desk, settings={"token": ""}), actor=admin, now=desk.now)
    assert set(refused.value.fields) == {"token"}
    accounts.change(account=one, terms=terms(desk), actor=admin, now=desk.now)
    assert token(one) == TOKEN


def test_a_place_begins_with_the_voice_it_chose_or_the_place_above_did(desk: Desk) -> None:
    account(desk.here, now=desk.now)
    assert offers.default_voice(desk.one.pk, desk.now) == "espeak/vi-vn-x-central"
    accounts.choose_voice(place_id=desk.here.pk, voice="thu/mai", actor=desk.editor, now=desk.now)
    assert offers.default_voice(desk.one.pk, desk.now) == "thu/mai"
    accounts.choose_voice(place_id=desk.one.pk, voice="espeak/vi", actor=desk.editor, now=desk.now)
    assert offers.default_voice(desk.one.pk, desk.now) == "espeak/vi"
    assert offers.default_voice(desk.two.pk, desk.now) == "thu/mai"
    assert offers.default_voice(desk.there.pk, desk.now) == "espeak/vi-vn-x-central"
    accounts.choose_voice(place_id=desk.one.pk, voice="", actor=desk.editor, now=desk.now)
    assert offers.default_voice(desk.one.pk, desk.now) == "thu/mai"
    VoiceAccount.objects.update(enabled=False)
    assert offers.default_voice(desk.one.pk, desk.now) == "espeak/vi-vn-x-central"  # what is off begins nothing
    said = [(each.verb, each.after["voice"]) for each in Entry.objects.order_by("pk")]
    assert said == [("media.choose-voice", voice) for voice in ("thu/mai", "espeak/vi", "")]


def test_a_voice_the_place_does_not_have_and_strangers_choose_nothing(desk: Desk) -> None:
    account(desk.there, now=desk.now)
    with pytest.raises(MediaError, match="không có giọng đó"):
        accounts.choose_voice(place_id=desk.here.pk, voice="thu/mai", actor=desk.editor, now=desk.now)
    for actor in (desk.watcher, desk.approver, desk.neighbour, desk.stranger):
        with pytest.raises(Forbidden):
            accounts.choose_voice(place_id=desk.here.pk, voice="espeak/vi", actor=actor, now=desk.now)
    assert not PlaceVoice.objects.exists()


def test_accounts_and_the_voice_follow_their_place_when_it_is_merged(desk: Desk) -> None:
    one, two = account(desk.here, now=desk.now, position=3), account(desk.there, now=desk.now)
    accounts.choose_voice(place_id=desk.here.pk, voice="thu/mai", actor=desk.editor, now=desk.now)
    split = account(desk.one, now=desk.now)
    heirs: dict[UUID, tuple[UUID, ...]] = {
        desk.here.pk: (desk.root.pk,),
        desk.there.pk: (desk.root.pk,),
        desk.one.pk: (desk.two.pk, desk.far.pk),
    }
    assert accounts.follow(heirs=heirs, actor="nguon demo", now=desk.now) == 2
    found = voice_sources.accounts_for(desk.root.pk, desk.now.date())
    assert {each.pk for each in found} == {one.pk, two.pk}
    assert sorted(each.position for each in found) == [0, 1]
    assert VoiceAccount.objects.get(pk=split.pk).place_id == desk.one.pk
    assert offers.chosen_at(desk.root.pk) == "thu/mai"
    assert token(one) == TOKEN  # bound to the account, not to the place


def test_marks_of_a_list_are_those_of_the_account_that_would_speak(desk: Desk) -> None:
    mine = account(desk.here, now=desk.now, budget=1000, price=Decimal(300))
    VoiceUse.objects.create(account=mine, month=desk.now.date().replace(day=1), characters=850, calls=1)

    def mark() -> str:
        return next(one.mark for one in offers.voices(desk.here.pk, desk.now) if one.name == "thu/mai")

    assert mark() == "near"
    VoiceUse.objects.update(characters=950)
    assert mark() == "over"
    label = next(one.label for one in offers.voices(desk.here.pk, desk.now) if one.name == "thu/mai")
    assert label == "Mai (Giọng Thử, nữ, tin tức, cần mạng) – hết hạn mức"
    account(desk.root, now=desk.now)
    assert mark() == ""  # that of the district speaks
    VoiceAccount.objects.update(enabled=False)
    assert next(one.name for one in offers.voices(desk.here.pk, desk.now)) == "espeak/vi-vn-x-central"


def test_nothing_printed_of_an_account_holds_its_secret(desk: Desk, admin: Person) -> None:
    one = made(desk, admin)
    source = voice_sources.sources(desk.here.pk, desk.now)[0]
    assert source.hidden == (TOKEN,)
    printed = f"{source!r} {terms(desk)!r} {one!r} {VoiceAccount.objects.values_list()!r}"
    assert TOKEN not in printed


def test_an_account_that_became_wrong_is_marked_with_the_providers_own_words(desk: Desk) -> None:
    one = account(desk.here, now=desk.now, does="wrong")
    card = account_queries.cards([one], desk.now)[0]
    assert (card.standing.words, card.standing.kind) == ("Chưa dùng được", "bad")
    assert card.standing.advice == "“Việc làm” không được là wrong (***)."
    assert card.voices == 3  # what it has is known all the same
    mark = next(one.mark for one in offers.voices(desk.here.pk, desk.now) if one.name == "thu/mai")
    assert mark == "broken"
