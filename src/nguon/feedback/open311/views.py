"""The addresses of GeoReport v2. No session, no CSRF token; a refusal has the form that was asked for."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from nguon.feedback.open311 import actions, contract, queries, reading
from nguon.feedback.open311.contract import JSON, REQUESTS, SERVICES, Refused
from nguon.kit import clock

NAMES = {"email": 120, "phone": 20}
View = Callable[..., bytes]


def _open(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """An address of the contract: for every program, in Vietnamese; what is refused is said as it asks."""

    def around(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, form: str, **named: str) -> HttpResponse:
            status = 200
            with translation.override("vi"):
                try:
                    if request.method not in methods:
                        raise Refused(400, _("Địa chỉ này không nhận phương thức %(name)s.") % {"name": request.method})
                    body = view(request, form, **named)
                except Refused as error:
                    status, body = error.status, contract.refusal(error, form)
            answer = HttpResponse(body, status=status, content_type=contract.MIMES[form])
            answer.headers["Access-Control-Allow-Origin"] = "*"  # what it shows is public
            answer.headers["Cache-Control"] = "no-store"
            return answer

        return csrf_exempt(login_not_required(answered))

    return around


@_open("GET", "HEAD")
def discovery(request: HttpRequest, form: str) -> bytes:
    """Where the interface is and what it speaks."""
    address = request.build_absolute_uri(reverse("open311:services", args=[JSON])).rpartition("/services")[0]
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": address,
        "changeset": "2026-11-26T00:00:00Z",
        "type": "production",
        "formats": ["application/json", "text/xml"],
    }
    row = {"changeset": "2026-11-26T00:00:00Z", "contact": None, "key_service": None, "endpoints": [endpoint]}
    return contract.single("discovery", row, form)


@_open("GET", "HEAD")
def services(request: HttpRequest, form: str) -> bytes:
    """What may be told."""
    found = queries.services(_place(request.GET), clock.now())
    return contract.listed(SERVICES, [queries.service_row(one) for one in found], form)


@_open("GET", "HEAD")
def definition(request: HttpRequest, form: str, code: str) -> bytes:
    """What more is asked of one service."""
    field = queries.service(code, _place(request.GET), clock.now())
    return contract.single("service_definition", queries.definition_row(field), form)


@_open("GET", "HEAD", "POST")
def requests(request: HttpRequest, form: str) -> bytes:
    """The register; or a new case."""
    if request.method == "POST":
        return _posted(request.POST, form, clock.now())
    found = queries.found(reading.asked(request.GET), _place(request.GET), clock.now())
    return contract.listed(REQUESTS, [queries.request_row(one) for one in found], form)


@_open("GET", "HEAD")
def request_(request: HttpRequest, form: str, code: str) -> bytes:
    """How one case stands."""
    return contract.listed(REQUESTS, [queries.one(code, _place(request.GET), clock.now())], form)


@_open("GET", "HEAD")
def token(request: HttpRequest, form: str, token: str) -> bytes:
    """The number of a posted case. Numbers are given at once, so that a token is the number itself."""
    case = queries.posted(token, _place(request.GET), clock.now())
    return contract.listed(REQUESTS, [{"service_request_id": case.pk.hex, "token": token}], form)


def _posted(post: QueryDict, form: str, now: datetime) -> bytes:
    client = actions.client_of(post.get("api_key", ""))
    place_id = _place(post) or client.place_id
    code = post.get("service_code", "").strip()
    if not code:
        raise Refused(400, _("Thiếu service_code."))
    field = queries.service(code, place_id, now)
    position, where = reading.position(post), reading.text(post, "address_string", 300)
    if position is None and not where:
        raise Refused(400, _("Thiếu nơi xảy ra: gửi lat và long, hoặc address_string."))
    answers = reading.attributes(post)
    for question in field.questions:
        if question.get("needed") and question["key"] not in answers:
            raise Refused(400, _("Thiếu attribute[%(key)s].") % {"key": question["key"]})
    case, said = actions.post(
        client=client,
        place_id=place_id,
        field=field,
        words=_words(post),
        where=where,
        position=position,
        answers=answers,
        personal=_personal(post),
        now=now,
    )
    row = {"service_request_id": case.pk.hex, "service_notice": said, "account_id": None}
    return contract.listed(REQUESTS, [row], form)


def _words(post: QueryDict) -> str:
    """What is told; the address of a picture stands below it, as we fetch nothing from strangers."""
    words, picture = reading.text(post, "description", reading.LONGEST), reading.text(post, "media_url", 500)
    return "\n".join(one for one in (words, picture) if one)


def _personal(post: QueryDict) -> dict[str, str]:
    parts = (reading.text(post, name, 60) for name in ("last_name", "first_name"))  # as names are said in Vietnam
    found = {name: reading.text(post, name, longest) for name, longest in NAMES.items()}
    return {"name": " ".join(part for part in parts if part)} | found


def _place(given: QueryDict) -> UUID | None:
    return queries.jurisdiction(given.get("jurisdiction_id", "").strip(), clock.now())
