"""What an officer sees of an article beforehand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from nguon.people.asking import person_of
from nguon.ui.middleware import FRAMED


@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest) -> HttpResponse:
    """A page of a site in a frame, empty until the page around it hands over the article: it knows none of anybody."""
    person_of(request)
    answer = render(request, "site/preview.html")
    answer.headers["Content-Security-Policy"] = FRAMED
    return answer
