"""The accounts of the demonstration, kept in the data folder for whoever runs it."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from nguon.config.demo.load import Account
from nguon.people.actions import new_password

VARIABLE = "NGUON_DEMO_PASSWORD"


def path() -> Path:
    """Where they are kept; readable by the owner only."""
    return Path(settings.DATA) / "demo-accounts.txt"


def password() -> str:
    """The password for all of them: from the environment, or a new one."""
    return os.environ.get(VARIABLE) or new_password()


def keep(accounts: Sequence[Account], given: str) -> None:
    """Write them down, one a line: name, password, duty, separated by tabs."""
    lines = [f"{account.username}\t{given}\t{account.name}: {account.duty}\n" for account in accounts]
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(lines)


def kept() -> list[tuple[str, str, str]]:
    """(name, password, duty) of each account that was written down; empty if there are none."""
    try:
        lines = path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    rows = [line.split("\t", 2) for line in lines]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]
