"""The device API over HTTP: what MQTT does not carry. JSON; a refusal is `{"error": words}`."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from nguon.api import forms, queries
from nguon.api.actions import keep_photo, keep_proof, keep_shown
from nguon.api.errors import ApiError, Gone, status_of
from nguon.api.openapi import document
from nguon.devices import actions as devices
from nguon.devices import screens as waiting
from nguon.devices.errors import DeviceError
from nguon.devices.models import Device
from nguon.kit import clock
from nguon.live.relaying import relay
from nguon.media import ranged

View = Callable[..., HttpResponseBase]


def _for_devices(view: View) -> View:
    """No session, no CSRF token; a refusal becomes JSON with its status."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (ApiError, DeviceError) as error:
            return _refusal(error)
        except Http404:
            return _refusal(Gone())

    return csrf_exempt(login_not_required(answered))


def _refusal(error: ApiError | DeviceError) -> JsonResponse:
    answer = JsonResponse({"error": str(error)}, status=status_of(error), json_dumps_params={"ensure_ascii": False})
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="nguon", charset="UTF-8"'
    if answer.status_code == 429:
        answer.headers["Retry-After"] = "600"
    return answer


def _device(request: HttpRequest) -> Device:
    said = forms.credentials(request)
    return devices.sign_in(device_id=said.device, password=said.password, now=clock.now(), address=said.address)


@_for_devices
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """`POST /api/1/enrol`"""
    body, now = forms.read(request, forms.Enrol), clock.now()
    enrolled = devices.enrol(
        code=body.code,
        public_key=body.public_key,
        software=body.software,
        now=now,
        address=forms.address(request),
        host=forms.host(request),
    )
    return HttpResponse(queries.enrolment(enrolled, forms.host(request), now), content_type="application/json")


@_for_devices
@require_POST
def screens(request: HttpRequest) -> JsonResponse:
    """`POST /api/1/screens`: a code to show, for a device that waits to be named."""
    body, now = forms.read(request, forms.Show), clock.now()
    shown = waiting.show(software=body.software, address=forms.address(request), now=now)
    return JsonResponse({"code": shown.code, "ticket": shown.ticket, "expires": clock.ms(shown.expires)}, status=201)


@_for_devices
@require_POST
def screens_ask(request: HttpRequest) -> JsonResponse:
    """`POST /api/1/screens/ask`: whether it was named; then, once, the code to enrol with."""
    return JsonResponse({"code": waiting.ask(ticket=forms.read(request, forms.Ask).ticket, now=clock.now())})


@_for_devices
@require_safe
def content(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """`GET /api/1/content/<sha256>`: the audio, whole or a range."""
    return ranged.respond(request, queries.content_for(_device(request), sha256, clock.now()))


@_for_devices
@require_safe
def plan(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """`GET /api/1/plan/<sha256>`: the plan of this device, whole or a range."""
    return ranged.respond_bytes(request, queries.plan_for(_device(request), sha256), sha256, "application/json")


@_for_devices
@require_http_methods(["PUT"])
def proof(request: HttpRequest, broadcast: str) -> HttpResponse:
    """`PUT /api/1/proof/<broadcast>`: the sound the device played."""
    device = _device(request)
    with forms.upload(request) as upload:
        keep_proof(device=device, broadcast=forms.hex_id(broadcast), path=upload.path, now=clock.now())
    return HttpResponse(status=204)


@_for_devices
@require_http_methods(["PUT"])
def photo(request: HttpRequest, photo: str) -> HttpResponse:
    """`PUT /api/1/photo/<photo>`: what the device's screen shows."""
    device = _device(request)
    keep_photo(device=device, taken=forms.photo(request, photo), now=clock.now())
    return HttpResponse(status=204)


@_for_devices
@require_http_methods(["PUT"])
def shown(request: HttpRequest, day: str) -> HttpResponse:
    """`PUT /api/1/shown/<day>`: what the device showed by itself."""
    device, now = _device(request), clock.now()
    told, rows = forms.shown(request, day, now)
    keep_shown(device=device, day=told, rows=rows, now=now)
    return HttpResponse(status=204)


@_for_devices
@require_GET
def live(request: HttpRequest, session: str) -> HttpResponseRedirect:
    """`GET /api/1/live/<session>`: on to where the voice is heard, which nobody else is told."""
    name = queries.live_for(_device(request), forms.hex_id(session))
    answer = HttpResponseRedirect(relay().address(name, forms.host(request)), status=307)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@_for_devices
@require_GET
def time(request: HttpRequest) -> JsonResponse:
    """`GET /api/1/time`: the server's clock, in milliseconds."""
    return JsonResponse({"now": clock.ms(clock.now())})


@_for_devices
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """`GET /api/1/openapi.json`: this API, for programs and for makers of devices."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
