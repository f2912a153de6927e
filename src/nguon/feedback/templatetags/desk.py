"""Tags of the desk: states, deadlines and shares as an officer reads them."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nguon.feedback import desk_words, setup
from nguon.feedback.desk import Left
from nguon.feedback.models import Case, CaseState, Held, Route
from nguon.feedback.rules import State
from nguon.feedback.setup_forms import STATES
from nguon.journal import words
from nguon.kit import clock
from nguon.people.queries import rights
from nguon.people.rules import Right
from nguon.ui.templatetags import ui

register = template.Library()


@register.simple_tag
def case_state(state: str) -> SafeString:
    """`{% case_state case.state %}`: the state as a badge."""
    return ui.badge(CaseState(state).label, desk_words.kind_of(state))


@register.simple_tag
def time_left(left: Left) -> SafeString | str:
    """`{% time_left row.left %}`: "còn 3 giờ làm việc", "quá hạn 2 ngày" as a badge; nothing where nothing is due."""
    if left.due is None:
        return ""
    now = clock.now()
    return ui.badge(desk_words.left(left.due, now, left.worked), desk_words.urgency(left.due, now, left.worked))


@register.simple_tag(takes_context=True)
def crumb(context: Context, view: str, label: str, right: str) -> SafeString | str:
    """`{% crumb "feedback:list" _("Phản ánh") "cases" %}`: the way up, for whoever has the right to go there."""
    if Right(right) not in rights(context["request"].user):
        return ""
    return format_html('<a href="{}">{}</a>', reverse(view), label)


@register.filter
def held_why(held: str) -> str:
    """`{{ case.held|held_why }}`: why a case is held as perhaps abuse."""
    return str(Held(held).label) if held in Held else held


@register.filter
def case_title(case: Case) -> str:
    """`{{ case|case_title }}`: a case in one line."""
    return desk_words.title(case)


@register.filter
def percent(share: float | None) -> str:
    """`{{ line.in_time|percent }}`: "86,5 %", or a dash for nothing to count."""
    return "–" if share is None else _("%(number)s %%") % {"number": number_format(f"{share:.1f}".removesuffix(".0"))}


@register.filter
def figure(number: float | None) -> str:
    """`{{ line.days|figure }}`: one decimal, or a dash for nothing to count."""
    return "–" if number is None else number_format(f"{number:.1f}".removesuffix(".0"))


@register.filter
def did(verb: str) -> str:
    """`{{ event.verb|did }}`: what was done, in the words of the journal."""
    return words.verb(verb)


@register.filter
def template_use(state: str) -> str:
    """Which step prepared words are for."""
    return str(dict(STATES).get(State(state), CaseState(state).label))


@register.filter
def conditions(route: Route) -> str:
    """What must be so for a rule, in one line."""
    return setup.conditions(route)
