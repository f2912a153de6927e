"""The vault: what is sealed opens for its own account only, and its keys can be changed while the server runs."""

import base64
import os
import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from pytest_django.fixtures import Settings

from nguon import vault
from nguon.cli.vault import command
from nguon.kit import ids
from nguon.media.models import VoiceAccount
from nguon.vault import VaultError, rows
from tests.app.desk import place
from tests.app.test_media import NOW
from tests.app.voicing import TOKEN, account

SECRETS = {"token": TOKEN, "password": "mật khẩu có dấu"}
ONE, TWO = ids.new(), ids.new()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    settings.NGUON_VAULT_KEY = ""
    return tmp_path


def key() -> str:
    return base64.b64encode(os.urandom(vault.KEY)).decode()


def test_secrets_come_back_and_cannot_be_read_without_the_key() -> None:
    kept = vault.seal(SECRETS, ONE)
    assert vault.unseal(kept, ONE) == vault.unseal(memoryview(kept), ONE) == SECRETS
    assert TOKEN.encode() not in kept
    assert vault.seal(SECRETS, ONE) != kept  # a nonce of its own each time
    assert vault.unseal(vault.seal({}, ONE), ONE) == {}


def test_what_is_of_another_account_or_was_changed_does_not_open() -> None:
    kept = vault.seal(SECRETS, ONE)
    with pytest.raises(VaultError, match="another row"):
        vault.unseal(kept, TWO)
    for at in range(len(kept)):
        changed = kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :]
        with pytest.raises(VaultError):
            vault.unseal(changed, ONE)
    for cut in range(1, len(kept)):
        with pytest.raises(VaultError):
            vault.unseal(kept[:cut], ONE)


def test_the_key_is_made_once_for_its_owner_alone(folder: Path) -> None:
    vault.seal(SECRETS, ONE)
    path = folder / "vault.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    vault.seal(SECRETS, TWO)
    assert path.read_text() == before
    assert [one.name for one in folder.iterdir()] == ["vault.key"]  # nothing half written is left


def test_many_at_once_make_one_key() -> None:
    kept: list[bytes] = []
    threads = [threading.Thread(target=lambda: kept.append(vault.seal(SECRETS, ONE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [vault.unseal(one, ONE) for one in kept] == [SECRETS] * 8


def test_a_lost_key_says_so_and_opens_nothing(folder: Path) -> None:
    kept = vault.seal(SECRETS, ONE)
    (folder / "vault.key").unlink()
    with pytest.raises(VaultError, match="no key named"):
        vault.unseal(kept, ONE)


@pytest.mark.parametrize("content", ["", "\n", "no base64!", "c2hvcnQ=", "khóa"])
def test_a_broken_key_file_is_never_replaced(folder: Path, content: str) -> None:
    (folder / "vault.key").write_text(content)
    with pytest.raises(VaultError) as failed:
        vault.seal(SECRETS, ONE)
    assert TOKEN not in str(failed.value)
    assert (folder / "vault.key").read_text() == content


def test_keys_of_the_environment_go_before_the_file(settings: Settings, folder: Path) -> None:
    old, new = key(), key()
    settings.NGUON_VAULT_KEY = old
    kept = vault.seal(SECRETS, ONE)
    assert not (folder / "vault.key").exists()
    settings.NGUON_VAULT_KEY = f"{new}, {old}"
    assert vault.unseal(kept, ONE) == SECRETS
    fresh = vault.seal(SECRETS, ONE)
    settings.NGUON_VAULT_KEY = new
    assert vault.unseal(fresh, ONE) == SECRETS
    with pytest.raises(VaultError):
        vault.unseal(kept, ONE)
    with pytest.raises(VaultError, match="NGUON_VAULT_KEY"):
        vault.add_key()


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, words)
    return done.exit_code, done.output


@pytest.mark.django_db
def test_the_key_is_changed_by_command_and_every_account_opens_all_the_time(folder: Path) -> None:
    here = place("Phước Thuận", "xã")
    accounts = [account(here, now=NOW, token=f"{TOKEN}-{n}") for n in range(3)]
    plain = VoiceAccount.objects.create(
        place=here, provider="thu", name="Không có khóa", created_at=NOW, updated_at=NOW
    )
    old = vault.name_of(vault.keys()[0]).hex()
    assert run("check") == (0, f"key {old}: seals 3 secrets\n3 secrets open, 0 do not.\n")
    code, said = run("rotate")
    assert (code, said.split(" secrets")[0]) == (0, "3")
    new = vault.name_of(vault.keys()[0]).hex()
    assert new != old
    assert len(vault.keys()) == 2
    assert set(rows.look().used) == {new}
    assert run("forget") == (0, f"Only key {new} is left.\n")
    assert len(vault.keys()) == 1
    assert tokens(accounts) == [f"{TOKEN}-{n}" for n in range(3)]
    assert bytes(VoiceAccount.objects.get(pk=plain.pk).secrets) == b""
    assert stat.S_IMODE((folder / "vault.key").stat().st_mode) == 0o600


@pytest.mark.django_db
def test_a_key_in_use_is_not_forgotten_and_what_does_not_open_is_named(folder: Path) -> None:
    here = place("Phước Thuận", "xã")
    good, bad = account(here, now=NOW), account(here, now=NOW, name="Zalo của xã")
    VoiceAccount.objects.filter(pk=bad.pk).update(secrets=good.secrets)
    vault.add_key()
    code, said = run("forget")
    assert code == 1
    assert "still in use" in said
    code, said = run("check")
    assert code == 1
    assert "does not open: Zalo của xã (thu, xã Phước Thuận)" in said
    assert TOKEN not in said
    code, said = run("rotate")
    assert code == 0
    assert "left as it is: Zalo của xã" in said
    assert tokens([good]) == [TOKEN]


def tokens(accounts: list[VoiceAccount]) -> list[str]:
    pks: list[UUID] = [one.pk for one in accounts]
    found = VoiceAccount.objects.in_bulk(pks)
    return [vault.unseal(found[pk].secrets, pk)["token"] for pk in pks]
