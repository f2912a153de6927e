"""How every step of a case is taken: a right, a compare-and-set, an event, a line in the journal.

`words` of an event are for the reporter, `note` for officers; neither goes into the journal.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from nguon.feedback import climbing, deadlines, personal, queries, rules
from nguon.feedback.errors import CaseError, NotNow
from nguon.feedback.models import Case, CaseState, Event
from nguon.feedback.rules import State
from nguon.journal.actions import record
from nguon.kit.text import clean
from nguon.people import scope
from nguon.people.models import Office, Person

LONGEST = 5000  # letters of what is told, asked or answered


def require(actor: Person, case: Case) -> None:
    """Nothing, if the person may work on the case. Raises Forbidden."""
    if not queries.workable(actor).filter(pk=case.pk).exists():
        raise scope.forbidden()


def go(
    case: Case,
    to: str,
    verb: str,
    *,
    actor: Person | str,
    now: datetime,
    words: str = "",
    note: str = "",
    **values: Any,
) -> Case:
    """The case in its next state, with what else changes in it. Raises NotNow if it is no longer as `case` shows it."""
    if not rules.may_become(case.state, to):
        raise NotNow(
            _("Phản ánh %(code)s đang ở bước “%(state)s” nên không làm việc này được. Hãy tải lại trang.")
            % {"code": case.code, "state": CaseState(case.state).label}
        )
    change(case, verb, actor=actor, now=now, words=words, note=note, state=to, **values)
    return case


def change(
    case: Case, verb: str, *, actor: Person | str, now: datetime, words: str = "", note: str = "", **values: Any
) -> None:
    """Change the case where it stands as `case` shows it, and set when it is looked at next. Raises NotNow."""
    seen = {"state": case.state, "office": case.office_id, "person": case.person_id, "held": case.held}
    before, waited = case.state, climbing.waits_for(case)
    if not Case.objects.filter(pk=case.pk, **seen).update(**values):
        case.refresh_from_db()
        raise NotNow(
            _("Người khác vừa xử lý phản ánh %(code)s: nay ở bước “%(state)s”. Hãy tải lại trang.")
            % {"code": case.code, "state": CaseState(case.state).label}
        )
    case.refresh_from_db()
    event(case, verb, actor=actor, now=now, words=words, note=note)
    if climbing.waits_for(case) != waited:
        case.reminded = climbing.begins_at(case, now)
        Case.objects.filter(pk=case.pk).update(reminded=case.reminded)
    case.next_look_at = climbing.next_look(case)
    Case.objects.filter(pk=case.pk).update(next_look_at=case.next_look_at)
    note_down(case, verb, actor, now, {"state": case.state}, {"state": before} if before != case.state else None)


def event(
    case: Case,
    verb: str,
    *,
    actor: Person | str | None,
    now: datetime,
    words: str = "",
    note: str = "",
    office: Office | None = None,
) -> Event:
    """One line of the case's own history. `office`: the one it is about, if not the one that has the case."""
    return Event.objects.create(
        case=case,
        at=now,
        state=case.state,
        verb=verb,
        words=words,
        note=note,
        actor=actor if isinstance(actor, Person) else None,
        office=office or case.office,
    )


def subject_of(case: Case) -> str:
    """What the journal calls a case."""
    return f"feedback.case:{case.pk.hex}"


def note_down(
    case: Case,
    verb: str,
    actor: Person | str,
    now: datetime,
    after: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
) -> None:
    """The line in the journal: code, state, office. Never what was told, and never who told it."""
    said = {"code": case.code, **({"office": case.office.name} if case.office else {}), **(after or {})}
    record(actor=actor, verb=verb, subject=subject_of(case), now=now, place=case.place_id, before=before, after=said)


def check_public(case: Case, *words: str, register: bool = True) -> None:
    """Nothing if everybody may read the words. Raises CaseError that names what must go.

    A name that is shared is shared in the `register`, nowhere else, and while its reporter agrees.
    """
    whose = queries.whose(case)
    whose = replace(whose, share=register and whose.share)
    if found := personal.leaked("\n".join(words), whose):
        named = ", ".join(str(personal.NAMES[one]) for one in found)
        raise CaseError(
            _("Nội dung công khai còn %(what)s của người phản ánh. Hãy bỏ đi hoặc viết chung là “người dân”.")
            % {"what": named}
        )


def said(words: str, missing: str) -> str:
    """Words as they are kept. Raises CaseError with `missing` if there are none, or if they are too many."""
    kept = clean(words)
    if not kept:
        raise CaseError(missing)
    if len(kept) > LONGEST:
        raise CaseError(_("Nội dung dài quá %(max)d chữ cái. Hãy viết ngắn lại.") % {"max": LONGEST})
    return kept


def clock_goes_on(case: Case, now: datetime) -> dict[str, Any]:
    """What changes in a case whose clock stood while its reporter was asked."""
    if case.state != State.ASKED or case.asked_at is None:
        return {}
    stood = (case.stood or timedelta()) + (now - case.asked_at)
    return {"stood": stood, "answer_by": deadlines.shifted(case, now), "asked_at": None}


def begun_again(case: Case, now: datetime) -> dict[str, Any]:
    """What changes in a finished case that is looked at again: its answer is due as if it had come in now."""
    due = deadlines.due(
        place_id=case.place_id,
        field_id=case.field_id,
        severity=case.severity,
        received_at=now,
        stood=timedelta(),
    )
    return {
        "reopened": case.reopened + 1,
        "answer_by": due.answer_by,
        "answered_at": None,  # the answer that counts is still to come
        "closed_at": None,
        "news_by": None,
        "stood": None,
    }
