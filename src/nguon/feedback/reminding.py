"""A case that waits climbs one step, or is closed after its answer; what officers are told of it waits in an outbox."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.delivery import notifiers
from nguon.feedback import climbing, deadlines, steps
from nguon.feedback.errors import NotNow
from nguon.feedback.models import Case, Reminder, Sent
from nguon.feedback.rules import State
from nguon.kit.clock import LOCAL
from nguon.people.models import Person
from nguon.ports.notice import Notice, NoticeFailed, Recipient, again, telephone

SERVICE = "cases"
CLIMB, CLOSE = "feedback.climb", "feedback.close"
AT_ONCE = 50  # cases in one look
RETRY = timedelta(minutes=10)  # a case whose look failed
CLAIM = timedelta(seconds=60)  # longer than a try may take
LISTED = 20  # cases in one letter
log = logging.getLogger(__name__)


def look(now: datetime) -> int:
    """Look at the cases whose time has come, each one step; how many."""
    due = Case.objects.filter(next_look_at__lte=now).order_by("next_look_at").values_list("pk", flat=True)
    found = list(due[:AT_ONCE])
    for pk in found:
        if not Case.objects.filter(pk=pk, next_look_at__lte=now).update(
            next_look_at=now + RETRY
        ):  # one that fails waits
            continue  # somebody worked on it meanwhile
        try:
            one(Case.objects.select_related("office", "person", "place", "field").get(pk=pk), now)
        except NotNow:
            log.info("somebody worked on a case meanwhile: %s", pk.hex)
    return len(found)


@transaction.atomic
def one(case: Case, now: datetime) -> None:
    """One look at one case. Raises NotNow if somebody does something with it at the same moment."""
    if case.state == State.ANSWERED:
        until = climbing.next_look(case)
        if until is not None and until <= now:
            steps.go(case, State.CLOSED, CLOSE, actor=SERVICE, now=now, closed_at=now)
        else:
            _rest(case, until)
        return
    silent = climbing.silent_at(case)
    if silent is not None and silent <= now:
        _silent(case, now)
    if climbing.deadline(case) is None:
        _rest(case, climbing.next_look(case))
        return
    if case.news_by is None and now >= case.answer_by:
        case.news_by = deadlines.next_news(case, case.answer_by)
        Case.objects.filter(pk=case.pk).update(news_by=case.news_by)
    rungs = climbing.rungs(case, now)
    at = climbing.step_at(case)
    if case.reminded < len(rungs) and at is not None and at <= now:
        _climb(case, rungs[case.reminded], now)
    elif (news := climbing.news_at(case)) is not None and news <= now:
        _remind(case, rungs[0], Reminder.NEWS, now)
        note = _("Đã nhắc báo tiến độ cho người gửi: %(people)s.") % {"people": _names(rungs[0])}
        steps.event(case, climbing.NEWS, actor=None, now=now, note=note)
    _rest(case, climbing.next_look(case, top=case.reminded >= len(rungs)))


def _climb(case: Case, people: list[Person], now: datetime) -> None:
    """One step higher, unless another look or an officer was first."""
    seen = {"reminded": case.reminded, "state": case.state, "office": case.office_id, "person": case.person_id}
    if not Case.objects.filter(pk=case.pk, **seen).update(reminded=F("reminded") + 1):
        raise NotNow
    case.refresh_from_db(fields=["reminded"])
    _remind(case, people, case.reminded, now)
    steps.event(case, CLIMB, actor=None, now=now, note=_why(case, people))
    steps.note_down(case, CLIMB, SERVICE, now, {"count": case.reminded})


def _silent(case: Case, now: datetime) -> None:
    """Whoever has the case hears that its reporter never said what was asked: it may be answered all the same."""
    people = climbing.rungs(case, now)[0]
    _remind(case, people, Reminder.SILENT, now)
    note = _("Người gửi chưa bổ sung. Đã nhắc xem có trả lời được không: %(people)s.") % {"people": _names(people)}
    steps.event(case, climbing.SILENT, actor=None, now=now, note=note)


def _why(case: Case, people: list[Person]) -> str:
    if case.reminded == 1:
        why = _("Sắp đến hạn, nhắc:")
    elif case.reminded == 2:
        why = _("Đến hạn mà chưa xong, báo cơ quan:")
    else:
        why = _("Quá hạn, báo cấp trên:")
    return f"{why} {_names(people)}."


def _names(people: list[Person]) -> str:
    return ", ".join(str(person) for person in people) or _("chưa có ai được giao quyền xử lý phản ánh")


def _rest(case: Case, until: datetime | None) -> None:
    Case.objects.filter(pk=case.pk).update(next_look_at=until)


def _remind(case: Case, people: list[Person], step: int, now: datetime) -> None:
    """A row for each way that reaches each of them; one that says so if there is none."""
    for person in people:
        to = recipient(person)
        ways = [way.kind for way in notifiers.active().values() if way.address(to)]
        Reminder.objects.bulk_create(
            Reminder(
                case=case,
                person=person,
                step=step,
                way=kind,
                created_at=now,
                state=Sent.WAITING if kind else Sent.FAILED,
                failure="" if kind else "none",
                next_at=now if kind else None,
            )
            for kind in ways or [""]
        )


def recipient(person: Person) -> Recipient:
    """How an officer is reached, as far as their account says."""
    try:
        phone = telephone(person.phone)
    except ValueError:
        phone = ""
    return Recipient(str(person), phone, person.email)


def due(now: datetime, free: Mapping[str, int]) -> list[tuple[Reminder, Notice]]:
    """Reminders that are now the caller's to send, with their words: one letter for all that waits for one person.

    What need not be told any more, because the case is answered meanwhile, is closed.
    """
    found = []
    for way, most in free.items():
        ready = Reminder.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), way=way, next_at__lte=now)
        ready.exclude(_still()).update(state=Sent.NEEDLESS, next_at=None)
        people = dict.fromkeys(ready.order_by("next_at").values_list("person", flat=True))
        for person in list(people)[:most]:
            rows = ready.filter(person=person).select_related("person", "case__place").order_by("created_at", "pk")
            claimed = _claimed(list(rows), now)
            if claimed:
                found.append((claimed[0], words(claimed)))
    return found


def _still() -> Q:
    """What is still to be told: of cases that wait for us, or, of those that wait for their reporter, just that."""
    waits = Q(case__state__in=climbing.WAITING) & ~Q(step=Reminder.SILENT)
    return waits | Q(case__state=State.ASKED, step=Reminder.SILENT)


def told(row: Reminder, answer: str, now: datetime) -> None:
    """The letter is with them."""
    _of(row).update(state=Sent.TOLD, told_at=now, failure="", next_at=None, claimed_until=None, tries=F("tries") + 1)


def failed(row: Reminder, error: NoticeFailed, now: datetime) -> None:
    """It is not: again later, or given up."""
    wait = again(row.tries + 1, error.failure, error.after)
    said = {"tries": F("tries") + 1, "failure": error.failure.value, "claimed_until": None}
    if wait is None:
        _of(row).update(state=Sent.FAILED, next_at=None, **said)
    else:
        _of(row).update(next_at=now + wait, **said)


def words(rows: list[Reminder]) -> Notice:
    """One letter about one or more cases. It names no reporter and repeats nothing that was told."""
    first, person = rows[0], rows[0].person
    parts = _parts(rows)
    cases = [case for _title, listed in parts for case in listed]
    subject = ", ".join(title for title, _listed in parts)
    lines, left = [_("Kính gửi %(name)s,") % {"name": person}], LISTED
    for title, listed in parts:
        lines += ["", f"{title}:", *(f"- {_line(case)}" for case in listed[:left])]
        left = max(0, left - len(listed))
    if len(cases) > LISTED:
        lines.append(_("và %(count)d phản ánh khác.") % {"count": len(cases) - LISTED})
    codes = ", ".join(case.code for case in cases[:3])
    url = _url(cases[0]) if len(cases) == 1 else _url(None)
    if url:
        lines += ["", _("Mở trang xử lý: %(url)s") % {"url": url}]
    return Notice(
        id=first.bundle or first.pk,
        to=recipient(person),
        subject=f"{subject}: {codes}",
        text="\n".join(lines) + "\n",
        short=f"{subject}: {codes}.",
        at=first.created_at,
        url=url,
    )


def _parts(rows: list[Reminder]) -> list[tuple[str, list[Case]]]:
    """What a letter says of which cases, the most urgent first; each case is named once."""
    late = _cases(row for row in rows if row.step > 1 and row.step != Reminder.SILENT)
    soon = _cases(row for row in rows if row.step == 1)
    news = _cases(row for row in rows if row.step == Reminder.NEWS)
    silent = _cases(row for row in rows if row.step == Reminder.SILENT)
    told = [
        (ngettext("%(count)d phản ánh quá hạn", "%(count)d phản ánh quá hạn", len(late)), late),
        (ngettext("%(count)d phản ánh sắp đến hạn", "%(count)d phản ánh sắp đến hạn", len(soon)), soon),
        (
            ngettext(
                "%(count)d phản ánh cần báo tiến độ cho người gửi",
                "%(count)d phản ánh cần báo tiến độ cho người gửi",
                len(news),
            ),
            news,
        ),
        (
            ngettext(
                "%(count)d phản ánh chưa được người gửi bổ sung",
                "%(count)d phản ánh chưa được người gửi bổ sung",
                len(silent),
            ),
            silent,
        ),
    ]
    found, known = list[tuple[str, list[Case]]](), set[UUID]()
    for title, cases in told:
        fresh = [case for case in cases if case.pk not in known]
        known |= {case.pk for case in fresh}
        if fresh:
            found.append((title % {"count": len(fresh)}, fresh))
    return found


def _cases(rows: Iterable[Reminder]) -> list[Case]:
    return list({row.case_id: row.case for row in rows}.values())


def _line(case: Case) -> str:
    due = climbing.deadline(case) or case.answer_by
    said = {"code": case.code, "place": case.place, "due": due.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")}
    if case.state == State.NEW:
        return _("%(code)s, %(place)s: hạn tiếp nhận %(due)s") % said
    if case.state == State.ASKED:
        return f"{case.code}, {case.place}"
    return _("%(code)s, %(place)s: hạn trả lời %(due)s") % said


def _claimed(rows: list[Reminder], now: datetime) -> list[Reminder]:
    """Those of them that are this caller's: compare-and-set, as another process may look at the same moment.

    What was tried together is tried together again and nothing with it: a letter that came after all may be known by
    its id, and dropped the second time.
    """
    claimed: list[Reminder] = []
    together = [row for row in rows if row.bundle == rows[0].bundle]
    for row in together:
        mine = Reminder.objects.filter(pk=row.pk, next_at=row.next_at, claimed_until=row.claimed_until)
        bundle = row.bundle or (claimed[0].bundle if claimed else row.pk)
        if mine.update(claimed_until=now + CLAIM, bundle=bundle):
            row.bundle = bundle
            claimed.append(row)
    return claimed


def _of(row: Reminder) -> QuerySet[Reminder]:
    return Reminder.objects.filter(bundle=row.bundle, next_at__isnull=False)


def _url(case: Case | None) -> str:
    """The page of a case, or the list, where the settings say by which address people come."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}/xu-ly-phan-anh/{case.pk if case else ''}" if origins else ""
