"""The journal in words an officer reads. Entries keep what was written; this only says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.journal.rules import Fault, Verdict
from nguon.journal.vocabulary import FIELDS, VALUES, VERBS
from nguon.kit.clock import LOCAL

FAULTS: dict[Fault, str | Promise] = {
    Fault.ALTERED: gettext_lazy("Dòng %(row)s đã bị sửa sau khi ghi."),
    Fault.MISSING: gettext_lazy("Trước dòng %(row)s có dòng đã bị xóa hoặc bị viết lại."),
    Fault.MISPLACED: gettext_lazy("Dòng %(row)s không đứng sau đúng dòng mà nó được ghi tiếp."),
    Fault.CUT: gettext_lazy("Phần cuối nhật ký không khớp. Dòng cuối còn đúng thứ tự là dòng %(row)s."),
}
HIDDEN = frozenset(  # what only a machine reads
    {"text", "media", "audio", "text_hash", "media_hash", "sha256", "digest", "subject", "channel", "level", "pages"}
)
IDENTIFIER = re.compile(r"[0-9a-f]{32}")
LONGEST = 200


@dataclass(frozen=True)
class Change:
    """One thing that changed: what it is, how it was and how it is. Both in words; empty for nothing."""

    label: str
    before: str
    after: str


def verb(name: str) -> str:
    """What was done. A verb nobody has put in words yet is shown as it is."""
    return str(VERBS.get(name, name))


def subject(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What the thing it was done to is called, where the entry tells it. Its kind is in the words for the verb."""
    called = after.get("title") or after.get("name") or before.get("title") or before.get("name")
    return f"“{called}”" if called else ""


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], places: Mapping[UUID, str] | None = None
) -> list[Change]:
    """Before → after, field by field, without hashes and what stayed the same. `places`: id → name where known."""
    names_of = {key: name for pk, name in (places or {}).items() for key in (str(pk), pk.hex)}
    told_above = {name for name in ("title", "name") if not before.get(name)}  # the subject
    names = [name for name in dict.fromkeys([*before, *after]) if name not in HIDDEN | told_above]
    told = [
        Change(
            str(FIELDS.get(name, name)),
            *(said(_called(side.get(name), names_of)) for side in (before, after)),
        )
        for name in names
        if before.get(name) != after.get(name)
    ]
    return [change for change in told if change.before or change.after]


def _called(value: Any, names: Mapping[str, str]) -> Any:
    """Identifiers by the names they stand for; those in a list that nobody can name are counted."""
    if not isinstance(value, list):
        return names.get(str(value), value)
    called = [names.get(str(item), item) for item in value]
    known = [item for item in called if not (isinstance(item, str) and IDENTIFIER.fullmatch(item))]
    more = len(called) - len(known)
    return [*known, _("%(count)d mục khác") % {"count": more}] if more else known


def said(value: Any) -> str:
    """A value in words: yes and no, days and hours in Vietnam, lists one after the other. Long text is cut."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, Mapping):
        return "; ".join(f"{FIELDS.get(str(key), key)}: {said(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(said(item) for item in value)
    text = str(VALUES.get(value) or VERBS.get(value) or _moment(value)) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def verdict(found: Verdict) -> str:
    """The result of checking the chain."""
    if found.fault is None:
        return _("Nhật ký nguyên vẹn: đã đọc %(count)s dòng, không dòng nào bị sửa hay mất.") % {"count": found.checked}
    return str(FAULTS[found.fault]) % {"row": found.row}


def _moment(text: str) -> str:
    """A day or a moment as kept in JSON, in Vietnam's way; other text as it is."""
    try:
        if len(text) == 10:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        if len(text) > 18 and text[10:11] == "T":
            return f"{datetime.fromisoformat(text).astimezone(LOCAL):%H:%M %d/%m/%Y}"
    except ValueError:
        pass
    return text
