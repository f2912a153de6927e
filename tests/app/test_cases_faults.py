"""Where cases went wrong once: two at the same moment, a rule gone round, words in the wrong language."""

from datetime import timedelta

import pytest

from nguon.feedback import actions, reminding
from nguon.feedback.errors import CaseError
from nguon.feedback.models import Case, CaseState
from tests.app.told import Hall, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return make_hall()


def test_an_answer_that_came_while_the_clock_looked_is_not_closed(hall: Hall) -> None:
    case = hall.answered()
    reminding.one(Case.objects.get(pk=case.pk), hall.now)
    case.refresh_from_db()
    assert case.state == CaseState.ANSWERED
    assert case.next_look_at == hall.now + timedelta(days=15)


def test_of_two_cases_only_one_is_the_others_duplicate(hall: Hall) -> None:
    """Two officers at once, each with the page from before."""
    one, other = hall.case(), hall.case()
    one_before, other_before = Case.objects.get(pk=one.pk), Case.objects.get(pk=other.pk)
    actions.mark_duplicate(case=one, of=other, actor=hall.clerk, now=hall.now)
    with pytest.raises(CaseError):
        actions.mark_duplicate(case=other_before, of=one_before, actor=hall.clerk, now=hall.now)
    other.refresh_from_db()
    assert (other.state, other.duplicate_of) == (CaseState.NEW, None)


def test_a_duplicate_that_is_none_counts_no_more_at_the_first(hall: Hall) -> None:
    first, other = hall.case(), hall.case()
    for _time in range(2):
        actions.mark_duplicate(case=other, of=Case.objects.get(pk=first.pk), actor=hall.clerk, now=hall.now)
        actions.accept(case=other, actor=hall.clerk, now=hall.now)
    first.refresh_from_db()
    assert first.too == 0
