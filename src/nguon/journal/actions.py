"""The one verb of the journal: to record. There is no other way to write it, and none to change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from nguon.journal.models import Entry, Head
from nguon.journal.rules import GENESIS, Row, digest, plain


class Actor(Protocol):
    """Whoever acts: a person. `str()` of it is the name an officer reads."""

    @property
    def pk(self) -> Any: ...


class OutsideTransaction(RuntimeError):
    """`record` was called outside the transaction of the act it records: the two could come apart."""


def record(
    *,
    actor: Actor | str,
    verb: str,
    subject: str,
    now: datetime,
    place: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Append one entry inside the caller's transaction. A service passes its name as `actor`.

    The head of the chain stays locked until that transaction ends, so entries of two acts never cross.
    Raises OutsideTransaction without a transaction, ValueError for values the journal cannot keep.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{verb} on {subject}: record() needs the transaction of the act it records")
    head, _ = Head.objects.select_for_update().get_or_create(pk=1, defaults={"digest": GENESIS})
    row = Row(
        at=now,
        actor=actor if isinstance(actor, str) else str(actor.pk),
        actor_name=str(actor),
        verb=verb,
        subject=subject,
        place=place,
        before=plain(before or {}),
        after=plain(after or {}),
    )
    sealed = digest(head.digest, row)
    entry = Entry.objects.create(previous=head.digest, digest=sealed, **vars(row))
    head.digest, head.count = sealed, head.count + 1
    head.save(update_fields=["digest", "count"])
    return entry
