"""The doors: two steps for whoever approves or administers, waits after wrong tries, sessions that end."""

import base64
import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from click.testing import CliRunner
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from nguon import vault
from nguon.cli.vault import command as vault_command
from nguon.journal.models import Entry
from nguon.kit import clock
from nguon.people import factors, visits
from nguon.people.models import Factor, Person, RecoveryCode, Tries, Visit
from nguon.people.rules import GUARDED, Right, guarded, wait_after
from tests.app.test_people import PASSWORD, District

pytestmark = pytest.mark.django_db
NOON = clock.now().replace(hour=5, minute=0, second=10, microsecond=0) + timedelta(days=1)


@pytest.fixture
def required(settings: Settings) -> None:
    settings.NGUON_SECOND_FACTOR = "required"


@pytest.fixture
def district() -> District:
    return District()


def page(answer: Any) -> str:
    return str(answer.content.decode())


def sign_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post("/dang-nhap", {"username": name, "password": password})


def set_up(client: Client) -> tuple[str, list[str]]:
    """Add a telephone by the page: its secret, and the codes for paper."""
    shown = page(client.get("/bao-mat/dien-thoai"))
    found = re.search(r'doors-secret">([A-Z2-7 ]+)<', shown)
    assert found
    assert 'src="data:image/svg+xml;base64,' in shown
    secret = found[1].replace(" ", "")
    done = client.post("/bao-mat/dien-thoai", {"figures": pyotp.TOTP(secret).at(clock.now()), "name": "Máy của Lan"})
    return secret, re.findall(r"<code>([a-z0-9-]+)</code>", page(done))


def with_telephone(person: Person) -> str:
    secret = factors.new_secret()
    figures = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
    factors.add_totp(actor=person, secret=secret, figures=figures, name="", now=clock.now())
    return secret


@given(st.sets(st.sampled_from(list(Right))))
def test_who_approves_or_administers_is_guarded(rights: set[Right]) -> None:
    assert guarded(rights) is bool(rights & GUARDED)
    assert guarded(rights | {Right.APPROVE})
    assert not guarded(rights - GUARDED)


@given(st.integers(0, 10_000), st.integers(1, 20), st.integers(30, 3600))
def test_waits_grow_and_are_never_for_good(wrong: int, allowed: int, longest: int) -> None:
    wait = wait_after(wrong, allowed, longest)
    assert wait <= longest
    assert (wait == 0) is (wrong < allowed)
    assert wait <= wait_after(wrong + 1, allowed, longest)


@pytest.mark.usefixtures("required")
def test_an_administrator_sets_up_a_second_step_before_anything_else(district: District, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        assert sign_in(client, "chief").headers["Location"] == "/"
        for path in ("/", "/can-bo/", "/ban-tin/", "/nhat-ky"):
            assert client.get(path).headers["Location"] == "/bao-mat"
        assert "Cần thêm bước thứ hai" in page(client.get("/bao-mat"))
        secret, codes = set_up(client)
        assert len(codes) == 10
        assert client.get("/can-bo/").status_code == 200
        client.post("/dang-xuat")
        now.shift(30)
        assert sign_in(client, "chief").headers["Location"] == "/dang-nhap/buoc-hai"
        assert client.get("/can-bo/").status_code == 302, "half in is not in"
        figures = pyotp.TOTP(secret).at(clock.now())
        assert "chưa đúng" in page(client.post("/dang-nhap/buoc-hai", {"code": "000000"}))
        assert client.post("/dang-nhap/buoc-hai", {"code": figures}).headers["Location"] == "/"
        assert client.get("/can-bo/").status_code == 200
        told = str(list(Entry.objects.values()))
        assert secret not in told
        assert not any(code in told for code in codes)


@pytest.mark.usefixtures("required")
def test_figures_open_once(district: District, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        secret = with_telephone(district.chief)
        figures = pyotp.TOTP(secret).at(clock.now())
        sign_in(client, "chief")
        assert client.post("/dang-nhap/buoc-hai", {"code": figures}).status_code == 302
        other = Client()
        sign_in(other, "chief")
        assert "vừa được dùng" in page(other.post("/dang-nhap/buoc-hai", {"code": figures}))
        now.shift(30)
        assert other.post("/dang-nhap/buoc-hai", {"code": pyotp.TOTP(secret).at(clock.now())}).status_code == 302
        old = pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30))
        assert not factors.figures_right(person=district.chief, figures=old, now=clock.now())


def test_a_code_from_paper_opens_once_and_new_ones_void_the_old(district: District, client: Client) -> None:
    with_telephone(district.chief)
    first = factors.new_codes(actor=district.chief, now=clock.now())
    assert not RecoveryCode.objects.filter(digest__in=first).exists()
    sign_in(client, "chief")
    assert client.post("/dang-nhap/buoc-hai", {"code": first[0].upper()}).status_code == 302
    assert not factors.code_right(person=district.chief, code=first[0], now=clock.now())
    assert not factors.code_right(person=district.admin, code=first[1], now=clock.now())
    second = factors.new_codes(actor=district.chief, now=clock.now())
    assert not factors.code_right(person=district.chief, code=first[1], now=clock.now())
    assert factors.code_right(person=district.chief, code=second[1].replace("-", " "), now=clock.now())


def test_the_secret_is_sealed_for_its_own_row(district: District) -> None:
    secret = with_telephone(district.chief)
    with_telephone(district.admin)
    one, other = Factor.objects.order_by("created_at")
    assert secret.encode() not in bytes(one.secrets)
    assert vault.unseal(one.secrets, one.pk) == {"secret": secret}
    with pytest.raises(vault.VaultError):
        vault.unseal(one.secrets, other.pk)


@pytest.mark.usefixtures("required")
def test_the_last_one_stays_where_it_must(district: District, client: Client) -> None:
    sign_in(client, "chief")
    set_up(client)
    only = Factor.objects.get()
    client.post(f"/bao-mat/{only.pk}/bo")
    assert Factor.objects.count() == 1
    with_telephone(district.chief)
    client.post(f"/bao-mat/{only.pk}/bo")
    assert Factor.objects.exclude(pk=only.pk).count() == Factor.objects.count() == 1


@pytest.mark.usefixtures("required")
def test_others_and_the_demonstration_are_only_offered_it(district: District, client: Client) -> None:
    district.person("lan", district.one, "editor")
    sign_in(client, "lan")
    assert client.get("/can-bo/").status_code == 403
    Person.objects.filter(username="admin").update(is_demonstration=True)
    client = Client()
    sign_in(client, "admin")
    assert client.get("/can-bo/").status_code == 200
    set_up(client)
    assert sign_in(Client(), "admin").headers["Location"] == "/dang-nhap/buoc-hai"
    client.post(f"/bao-mat/{Factor.objects.get().pk}/bo")
    assert (Factor.objects.count(), RecoveryCode.objects.count()) == (0, 0)


@pytest.mark.usefixtures("required")
def test_a_session_from_before_the_second_step_is_asked_for_it(district: District, client: Client) -> None:
    with_telephone(district.chief)
    client.force_login(district.chief)
    assert client.get("/can-bo/?text=a").headers["Location"] == "/xac-nhan-lai?next=%2Fcan-bo%2F%3Ftext%3Da"
    code = factors.new_codes(actor=district.chief, now=clock.now())[0]
    again = client.post("/xac-nhan-lai", {"code": code, "next": "/can-bo/?text=a"})
    assert again.headers["Location"] == "/can-bo/?text=a"
    assert client.get("/can-bo/").status_code == 200


def test_the_first_second_step_throws_other_sessions_out(district: District, client: Client) -> None:
    other = Client()
    sign_in(other, "chief")
    sign_in(client, "chief")
    assert other.get("/can-bo/").status_code == 200
    set_up(client)
    assert other.get("/can-bo/").headers["Location"].startswith("/dang-nhap")
    assert client.get("/can-bo/").status_code == 200


def test_nobody_touches_the_doors_of_another(district: District, client: Client) -> None:
    with_telephone(district.chief)
    sign_in(client, "admin")
    one = Factor.objects.get()
    assert client.post(f"/bao-mat/{one.pk}/bo").status_code == 404
    assert client.post(f"/bao-mat/{one.pk}/ten", {"name": "x"}).status_code == 404
    own = Client()
    own.force_login(district.chief)
    own.get("/can-bo/")
    client.post(f"/bao-mat/phien/{Visit.objects.get(person=district.chief).pk}/ket-thuc")
    assert own.get("/can-bo/").status_code == 200
    assert "Máy của Lan" not in page(client.get("/bao-mat"))


def test_sessions_are_seen_and_ended(district: District, client: Client) -> None:
    other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Windows NT 10.0) Chrome/120 Safari/537"})
    sign_in(other, "chief")
    sign_in(client, "chief")
    assert "Chrome, Windows" in page(client.get("/bao-mat"))
    there = Visit.objects.get(browser__startswith="Chrome")
    client.post(f"/bao-mat/phien/{there.pk}/ket-thuc")
    assert other.get("/can-bo/").headers["Location"].startswith("/dang-nhap")
    sign_in(other, "chief")
    client.post("/bao-mat/phien/ket-thuc")
    assert other.get("/can-bo/").headers["Location"].startswith("/dang-nhap")
    assert client.get("/can-bo/").status_code == 200


def test_a_session_ends_when_left_alone_and_after_its_day(district: District, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        sign_in(client, "chief")
        for _ in range(7):
            now.shift(100 * 60)
            assert client.get("/can-bo/").status_code == 200
        now.shift(30 * 60)
        assert client.get("/can-bo/").headers["Location"].startswith("/dang-nhap"), "after twelve hours"
        sign_in(client, "chief")
        now.shift(121 * 60)
        assert client.get("/can-bo/").headers["Location"].startswith("/dang-nhap"), "after two hours alone"
        assert not Visit.objects.filter(person=district.chief).exists()


def test_a_guesser_does_not_lock_the_officer_out(district: District, client: Client) -> None:
    sign_in(client, "chief")
    client.post("/dang-xuat")
    guesser = Client()
    for _ in range(50):
        sign_in(guesser, "chief", "sai")
    assert "Thử sai quá nhiều lần" in page(sign_in(guesser, "chief"))
    assert sign_in(client, "chief").status_code == 302, "their own computer is known"
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert sign_in(Client(), "chief").status_code == 302, "nor for good anywhere else"


def test_an_address_that_guesses_at_many_names_waits_too(district: District) -> None:
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    for number in range(40):
        sign_in(guesser, f"ten{number}", "sai")
    assert "Thử sai quá nhiều lần" in page(sign_in(guesser, "chief"))
    assert sign_in(Client(REMOTE_ADDR="203.0.113.8"), "chief").status_code == 302
    assert not Tries.objects.filter(key__contains="203.").exists()


def test_guessing_figures_is_stopped(district: District, client: Client) -> None:
    with_telephone(district.chief)
    sign_in(client, "chief")
    for _ in range(8):
        client.post("/dang-nhap/buoc-hai", {"code": "000000"})
    code = factors.new_codes(actor=district.chief, now=clock.now())[0]
    assert "Thử sai quá nhiều lần" in page(client.post("/dang-nhap/buoc-hai", {"code": code}))
    assert RecoveryCode.objects.filter(used_at=None).count() == 10, "what is tried meanwhile is not used up"


def test_a_new_session_key_at_each_step(district: District, client: Client) -> None:
    with_telephone(district.chief)
    client.get("/dang-nhap")
    sign_in(client, "chief")
    half = client.session.session_key
    code = factors.new_codes(actor=district.chief, now=clock.now())[0]
    client.post("/dang-nhap/buoc-hai", {"code": code})
    assert client.session.session_key != half
    assert client.session["proof"] in visits.STRONG


def test_being_half_in_ends_after_ten_minutes(district: District, client: Client) -> None:
    with_telephone(district.chief)
    code = factors.new_codes(actor=district.chief, now=clock.now())[0]
    with time_machine.travel(NOON, tick=False) as now:
        sign_in(client, "chief")
        now.shift(601)
        assert client.post("/dang-nhap/buoc-hai", {"code": code}).headers["Location"] == "/dang-nhap"


@pytest.mark.usefixtures("required")
def test_who_waited_too_long_before_setting_up_proves_it_again(district: District, client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as now:
        sign_in(client, "chief")
        now.shift(31 * 60)
        assert client.get("/bao-mat/dien-thoai").headers["Location"] == "/xac-nhan-lai?next=%2Fbao-mat"
        assert client.get("/xac-nhan-lai?next=%2Fbao-mat").status_code == 200
        client.post("/xac-nhan-lai", {"password": PASSWORD, "next": "/bao-mat"})
        set_up(client)
        assert client.get("/can-bo/").status_code == 200


def test_a_computer_left_alone_is_no_place_for_guessing(district: District, client: Client) -> None:
    sign_in(client, "chief")
    new = {"new_password1": "con-duong-lang-12", "new_password2": "con-duong-lang-12"}
    for _ in range(8):
        client.post("/mat-khau", {**new, "old_password": "sai"})
    assert "Thử sai quá nhiều lần" in page(client.post("/mat-khau", {**new, "old_password": PASSWORD}))


def test_a_new_password_leaves_this_session_alone_open(district: District, client: Client) -> None:
    other = Client()
    sign_in(other, "chief")
    sign_in(client, "chief")
    new = {"new_password1": "con-duong-lang-12", "new_password2": "con-duong-lang-12"}
    client.post("/mat-khau", {**new, "old_password": PASSWORD})
    assert client.get("/can-bo/").status_code == 200
    assert other.get("/can-bo/").headers["Location"].startswith("/dang-nhap")
    assert Visit.objects.filter(person=district.chief).count() == 1


def test_the_vault_changes_its_key_under_second_steps_too(
    district: District, settings: Settings, tmp_path: Any
) -> None:
    settings.DATA, settings.NGUON_VAULT_KEY = tmp_path, ""
    secret = with_telephone(district.chief)
    runner = CliRunner()
    assert "1 secrets" in runner.invoke(vault_command, ["rotate"]).output
    assert runner.invoke(vault_command, ["forget"]).exit_code == 0
    assert runner.invoke(vault_command, ["check"]).exit_code == 0
    one = Factor.objects.get()
    assert vault.unseal(one.secrets, one.pk) == {"secret": secret}


def test_a_lost_vault_shuts_the_telephone_only(district: District, client: Client, settings: Settings) -> None:
    secret = with_telephone(district.chief)
    code = factors.new_codes(actor=district.chief, now=clock.now())[0]
    settings.NGUON_VAULT_KEY = base64.b64encode(b"x" * 32).decode()
    sign_in(client, "chief")
    answer = client.post("/dang-nhap/buoc-hai", {"code": pyotp.TOTP(secret).at(clock.now())})
    assert (answer.status_code, "chưa đúng" in page(answer)) == (200, True)
    assert client.post("/dang-nhap/buoc-hai", {"code": code}).status_code == 302


def test_the_challenge_of_a_stranger_is_kept_for_minutes_only(client: Client) -> None:
    asked = client.post("/dang-nhap/khoa-truy-cap/hoi").json()
    assert (asked["userVerification"], asked["rpId"]) == ("required", "testserver")
    assert client.session.get_expiry_age() <= 600


@pytest.mark.parametrize("answer", ["", "{", "[]", "{}", '{"id": 1, "rawId": "x", "response": {}}', "x" * 100_000])
def test_a_passkey_that_is_none_is_refused_with_words(district: District, client: Client, answer: str) -> None:
    client.post("/dang-nhap/khoa-truy-cap/hoi")
    refused = client.post("/dang-nhap/khoa-truy-cap", {"credential": answer}, follow=True)
    assert "Khóa truy cập chưa dùng được" in page(refused)
    sign_in(client, "chief")
    client.post("/bao-mat/khoa-truy-cap/hoi")
    kept = client.post("/bao-mat/khoa-truy-cap", {"credential": answer}, follow=True)
    assert "Khóa truy cập chưa dùng được" in page(kept)
    assert not Factor.objects.exists()
