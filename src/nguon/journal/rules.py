"""The chain: the exact bytes of an entry, and the digest that ties it to the one before."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

GENESIS = "0" * 64  # what the first entry follows
_LARGEST_FLOAT = 1e15  # above it a database may write the same number in another way, and the bytes would change


@dataclass(frozen=True)
class Row:
    """All that an entry says; exactly this is hashed."""

    at: datetime
    actor: str
    actor_name: str
    verb: str
    subject: str
    place: UUID | None
    before: dict[str, Any]
    after: dict[str, Any]


class Fault(StrEnum):
    """What can be wrong with the chain."""

    ALTERED = "altered"  # the row does not say what it said when it was written
    MISSING = "missing"  # a row that stood before this one is gone or was rewritten
    MISPLACED = "misplaced"  # the row follows another one than it was written after
    FORGOTTEN = "forgotten"  # a digest that was kept elsewhere is in no row
    CUT = "cut"  # the end of the chain is not where it should be


@dataclass(frozen=True)
class Verdict:
    """The result of reading the chain: `checked` rows in order, and the first fault, if any.

    `row` is the number of the first broken row; for `Fault.CUT` the last row that is still there (0: none).
    `digest` is that of the last sound row: kept elsewhere, it tells a rewritten chain from the true one.
    """

    checked: int
    fault: Fault | None = None
    row: int = 0
    digest: str = GENESIS

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return self.fault is None


def plain(value: Any) -> Any:
    """The value as JSON keeps it in every database. Raises ValueError for what would not come back the same."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(plain(item)) for item in value)
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) >= _LARGEST_FLOAT:
            raise ValueError(f"the journal cannot keep the number {value!r}")
        return value + 0.0  # no minus zero
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def canonical(row: Row) -> bytes:
    """The row as UTF-8 JSON with sorted keys and no blanks; its time in UTC to the microsecond."""
    fields = asdict(row)
    fields["at"] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields["place"] = row.place.hex if row.place else None
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(previous: str, row: Row) -> str:
    """SHA-256 in hex over the digest of the entry before and the canonical bytes of this one."""
    return hashlib.sha256(previous.encode() + canonical(row)).hexdigest()


class Chain:
    """Reads rows in order and remembers the last sound one."""

    def __init__(self, last_row: int = 0, last_digest: str = GENESIS) -> None:
        self.last_row = last_row
        self.last_digest = last_digest
        self.checked = 0

    def read(self, number: int, previous: str, sealed: str, row: Row) -> Fault | None:
        """Check the next row. A fault leaves the chain at the row before."""
        if digest(previous, row) != sealed:
            return Fault.ALTERED
        if previous != self.last_digest:
            return Fault.MISSING
        self.last_row, self.last_digest = number, sealed
        self.checked += 1
        return None

    def broken(self, fault: Fault, number: int, *, elsewhere: bool) -> Verdict:
        """The verdict at a broken row. `elsewhere`: the row it follows is still there, only not in front of it."""
        if fault is Fault.MISSING and elsewhere:
            fault = Fault.MISPLACED
        return Verdict(self.checked, fault, number, self.last_digest)

    def ended(self, *, matches: bool) -> Verdict:
        """The verdict after the last row. `matches`: the head of the chain names that row."""
        return Verdict(self.checked, None if matches else Fault.CUT, 0 if matches else self.last_row, self.last_digest)
