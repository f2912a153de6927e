"""Passkeys (WebAuthn level 2), through python-fido2.

The browser is the other party: `…_begin` gives what it is asked and what must be kept meanwhile (in the session: a
challenge counts once and five minutes), `…_finish` takes its answer. The name a passkey is bound to is the host the
page was asked under, which ALLOWED_HOSTS limits; the origin must be exactly that of the page, by https or on this
machine.
"""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from nguon.people import factors
from nguon.people.errors import PeopleError
from nguon.people.models import Factor, FactorKind, Person

LONGEST = 64 * 1024  # characters of an answer
MINUTES = 5  # that a challenge counts


class PasskeyRefused(PeopleError):
    """The browser's answer does not hold. The reason is for the log."""

    message = _("Khóa truy cập chưa dùng được. Hãy thử lại, hoặc chọn cách khác.")


class PasskeyKnown(PeopleError):
    """This passkey is kept already."""

    message = _("Khóa truy cập này đã được ghi từ trước.")


@dataclass(frozen=True)
class Asked:
    """What the browser is asked (JSON), and what is to be kept until it answers."""

    options: dict[str, Any]
    state: dict[str, Any]


def possible(request: HttpRequest) -> bool:
    """Whether browsers make passkeys for this host: it has a name, and comes by https or from this machine itself."""
    host = _host(request)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def register_begin(request: HttpRequest, person: Person, now: datetime) -> Asked:
    """Ask the browser for a new passkey of the person."""
    user = PublicKeyCredentialUserEntity(name=person.username, id=person.pk.bytes, display_name=str(person))
    options, state = _server(request).register_begin(
        user,
        [_data(one) for one in _of(person)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _asked(options, state, now)


@transaction.atomic
def register_finish(
    *, request: HttpRequest, actor: Person, answer: str, state: Mapping[str, Any], name: str, now: datetime
) -> Factor:
    """Keep the new passkey. Raises PasskeyRefused, PasskeyKnown, TooManyFactors."""
    said = _read(answer)
    try:
        found = _server(request).register_complete(_state(state, now), said)
    except (ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused from error
    data = found.credential_data
    if data is None:
        raise PasskeyRefused
    credential = websafe_encode(data.credential_id)
    if Factor.objects.filter(credential=credential).exists():
        raise PasskeyKnown
    made = Factor(person=actor, kind=FactorKind.PASSKEY, credential=credential, public_key=bytes(data), created_at=now)
    made.name = factors.called(name) or str(_("Khóa truy cập"))
    made.counter = found.counter
    factors.keep(made, now)
    return made


def sign_in_begin(request: HttpRequest, person: Person | None, now: datetime) -> Asked:
    """Ask for a passkey of the person; of anybody, with finger or PIN, if nobody has given a name yet."""
    wanted = UserVerificationRequirement.PREFERRED if person else UserVerificationRequirement.REQUIRED
    known = [_data(one) for one in _of(person)] if person else None
    options, state = _server(request).authenticate_begin(known, user_verification=wanted)
    return _asked(options, state, now)


@transaction.atomic
def sign_in_finish(
    *, request: HttpRequest, person: Person | None, answer: str, state: Mapping[str, Any], now: datetime
) -> Person:
    """Whose passkey it was. Raises PasskeyRefused, also for another person's when one has given a name already."""
    said = _read(answer)
    try:
        parsed = AuthenticationResponse.from_dict(said)
        credential = websafe_encode(parsed.raw_id)
        row = Factor.objects.select_for_update().select_related("person").get(credential=credential)
        _server(request).authenticate_complete(_state(state, now), [_data(row)], parsed)
    except (ValueError, TypeError, KeyError, Factor.DoesNotExist) as error:
        raise PasskeyRefused from error
    handle = parsed.response.user_handle
    if (handle and bytes(handle) != row.person_id.bytes) or (person and person.pk != row.person_id):
        raise PasskeyRefused
    counter = parsed.response.authenticator_data.counter
    if counter <= row.counter and (counter or row.counter):  # a copy of the key has signed meanwhile
        raise PasskeyRefused
    row.counter, row.used_at = counter, now
    row.save(update_fields=["counter", "used_at"])
    return row.person


def _server(request: HttpRequest) -> Fido2Server:
    own = f"{request.scheme}://{request.get_host()}"
    allowed = {own, *settings.CSRF_TRUSTED_ORIGINS}
    relying = PublicKeyCredentialRpEntity(name=factors.ISSUER, id=_host(request))
    return Fido2Server(relying, verify_origin=lambda origin: origin in allowed)


def _host(request: HttpRequest) -> str:
    return urlsplit(f"//{request.get_host()}").hostname or ""


def _of(person: Person) -> list[Factor]:
    return list(Factor.objects.filter(person=person, kind=FactorKind.PASSKEY))


def _data(row: Factor) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(row.public_key))


def _asked(options: Any, state: Any, now: datetime) -> Asked:
    kept = {**state, "user_verification": str(state["user_verification"].value), "at": int(now.timestamp())}
    return Asked(json.loads(json.dumps(dict(options)["publicKey"], default=dict)), kept)


def _state(state: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """What was kept, if it is not too old. Raises PasskeyRefused."""
    if not state or int(now.timestamp()) - int(state["at"]) > MINUTES * 60:
        raise PasskeyRefused
    return {**state, "user_verification": UserVerificationRequirement(state["user_verification"])}


def _read(answer: str) -> dict[str, Any]:
    """The browser's answer. Raises PasskeyRefused."""
    try:
        found = json.loads(answer) if len(answer) <= LONGEST else None
    except ValueError as error:
        raise PasskeyRefused from error
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found
