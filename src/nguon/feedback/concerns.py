"""What a person should look after of cases, for the first page: those that climbed to them, and what is held."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.feedback import climbing, queries
from nguon.feedback.models import Case, Reminder
from nguon.feedback.rules import State
from nguon.kit.clock import LOCAL
from nguon.people.models import Person
from nguon.ports.channel import Concern

SHOWN = 5
DESK = "/xu-ly-phan-anh/"


def of(person: Person, now: datetime) -> Iterator[Concern]:
    """One line for each case that waits for this person, the most urgent first; one for all that is held."""
    told = Reminder.objects.filter(person=person).values("case")
    mine = queries.cases(person).filter(pk__in=told, state__in=climbing.WAITING, held="", reminded__gt=0)
    found = list(mine.select_related("place", "field").order_by("answer_by")[: SHOWN + 1])
    yield from (_line(case, now) for case in found[:SHOWN])
    if len(found) > SHOWN:
        rest = mine.count() - SHOWN
        words = ngettext("Và %(count)d phản ánh khác", "Và %(count)d phản ánh khác", rest) % {"count": rest}
        yield Concern(words, _("Sắp hoặc đã quá hạn."), _("Cần xử lý"), "warn", DESK)
    held = queries.cases(person).exclude(held="").filter(state=State.NEW).count()
    if held:
        words = ngettext("%(count)d phản ánh để riêng", "%(count)d phản ánh để riêng", held) % {"count": held}
        yield Concern(words, _("Có thể là thư rác. Hãy xem để không bỏ sót ai."), _("Chờ xem"), "wait", DESK)


def _line(case: Case, now: datetime) -> Concern:
    due = climbing.deadline(case) or case.answer_by
    title = f"{case.code}, {case.field.name if case.field else case.place}"
    said = {"place": case.place, "due": due.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")}
    why = _("%(place)s: hạn trả lời %(due)s") % said
    if case.state == State.NEW:
        why = _("%(place)s: hạn tiếp nhận %(due)s") % said
    state, kind = (_("Quá hạn"), "bad") if now >= due else (_("Sắp đến hạn"), "warn")
    return Concern(title, why, state, kind, f"{DESK}{case.pk}")
