"""Taking in by an officer: the form, and the slip with the code to read out and to print."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from nguon.devices import basemap
from nguon.feedback import actions, deadlines, desk_words, queries
from nguon.feedback.errors import CaseError, WrongTelling
from nguon.feedback.intake_forms import IntakeForm
from nguon.feedback.views import find, worker
from nguon.kit import clock
from nguon.people.asking import person_of

FIELDS = {"place_id": "place", "field_id": "field", "consents": "contact"}  # of what was told, as the form has them
SLIPS = "feedback-slips"  # in the session: the digits that go with codes given in it
MOST_SLIPS = 20


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take in what somebody tells; then the slip with the code."""
    person = worker(person_of(request))
    form = IntakeForm(person, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.take_in(told=form.told(), actor=person, now=clock.now())
        except WrongTelling as error:
            name = FIELDS.get(error.field, error.field)
            form.add_error(name if name in form.fields else None, str(error))
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            slips = dict(request.session.get(SLIPS, {}))
            slips[taken.case.pk.hex] = taken.tail
            request.session[SLIPS] = dict(list(slips.items())[-MOST_SLIPS:])
            return redirect("feedback:slip", pk=taken.case.pk)
    context = {
        "form": form,
        "sheet": basemap.picker(form.points(person)),
        "wording": queries.wording(clock.now()),
    }
    return render(request, "feedback/intake.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def slip(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The code, and the digits that go with it as long as the session that gave them lasts: nobody else knows them."""
    case = find(person_of(request), pk)
    tail = request.session.get(SLIPS, {}).get(case.pk.hex, "")
    if not tail:
        messages.info(request, _("Số tra cứu chỉ hiện một lần, ngay sau khi tiếp nhận."))
        return redirect("feedback:detail", pk=pk)
    spelled = " ".join(case.code.replace("-", ""))
    context = {
        "case": case,
        "tail": tail,
        "spelled": spelled,
        "due": deadlines.of_case(case),
        "title": desk_words.title(case),
    }
    return render(request, "feedback/slip.html", context)
