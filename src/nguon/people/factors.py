"""The verbs on second factors: figures of a telephone (TOTP, RFC 6238), codes on paper, and what all kinds share.

The secret of TOTP is sealed by the vault for its own row. Figures are taken one half minute late or early, and each
half minute once only: what was seen over a shoulder opens nothing. Passkeys are in `passkeys`.
"""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from nguon import vault
from nguon.journal.actions import record
from nguon.kit.clock import local_day
from nguon.kit.text import clean
from nguon.people import queries
from nguon.people.actions import ALPHABET, Actor
from nguon.people.errors import PeopleError
from nguon.people.models import Factor, FactorKind, Person, RecoveryCode
from nguon.people.rules import guarded

log = logging.getLogger(__name__)
ISSUER = "Nguồn"
CODES = 10
CODE_LENGTH = 12  # of 31 letters: about 59 bits
STEP = 30  # seconds of one set of figures
LATE = 1  # steps before and after that are still taken
MOST = 10  # second factors of one person


class WrongFigures(PeopleError):
    """These are not the figures of now, or they were used already."""

    message = _("Mã chưa đúng. Hãy gõ 6 số đang hiện trên điện thoại; nếu vẫn sai, chỉnh giờ điện thoại thành tự động.")


class LastFactor(PeopleError):
    """Whoever approves or administers keeps one second factor."""

    message = _("Vai trò của bạn cần hai bước đăng nhập nên phải giữ lại một cách. Hãy thêm cách khác rồi bỏ cách này.")


class TooManyFactors(PeopleError):
    """More than anybody needs."""

    message = _("Đã có đủ số cách xác nhận. Hãy bỏ bớt một cách không dùng nữa.")


def obliged(person: Person, now: datetime) -> bool:
    """Whether this person must have a second factor: by their roles, where the site requires it.

    The accounts of the demonstration are not: their password is told to everybody, so nothing is guarded by it.
    """
    if settings.NGUON_SECOND_FACTOR != "required" or person.is_demonstration:
        return False
    return guarded(queries.rights(person, local_day(now)))


def new_secret() -> str:
    """160 random bits in base32, as telephones take them."""
    return pyotp.random_base32()


def address(secret: str, person: Person) -> str:
    """What the QR code says (`otpauth://…`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.username, issuer_name=ISSUER)


@transaction.atomic
def add_totp(*, actor: Person, secret: str, figures: str, name: str, now: datetime) -> Factor:
    """Keep a telephone after it showed the right figures. Raises WrongFigures, TooManyFactors."""
    step = _step_of(secret, figures, 0, now)
    if step is None:
        raise WrongFigures
    made = Factor(person=actor, kind=FactorKind.TOTP, name=called(name) or str(_("Điện thoại")), created_at=now)
    made.last_step = step
    made.secrets = vault.seal({"secret": secret}, made.pk)
    keep(made, now)
    return made


@transaction.atomic
def keep(made: Factor, now: datetime) -> None:
    """Save a new second factor. Raises TooManyFactors."""
    if Factor.objects.select_for_update().filter(person=made.person).count() >= MOST:
        raise TooManyFactors
    made.used_at = now
    made.save(force_insert=True)
    _record("people.factor-add", made.person, made.person, now, after=_told(made))


@transaction.atomic
def rename(*, factor: Factor, name: str, actor: Person, now: datetime) -> None:
    """Call one's own second factor otherwise."""
    before, factor.name = factor.name, called(name) or factor.name
    if before == factor.name:
        return
    factor.save(update_fields=["name"])
    _record("people.factor-rename", actor, actor, now, before={"name": before}, after={"name": factor.name})


@transaction.atomic
def remove(*, factor: Factor, actor: Person, now: datetime) -> None:
    """Take away one of one's own. Raises LastFactor for the last of somebody who must have one."""
    others = Factor.objects.select_for_update().filter(person=actor).exclude(pk=factor.pk)
    if not others.exists():
        if obliged(actor, now):
            raise LastFactor
        RecoveryCode.objects.filter(person=actor).delete()
    factor.delete()
    _record("people.factor-remove", actor, actor, now, before=_told(factor))


@transaction.atomic
def take_away(*, person: Person, actor: Actor, now: datetime) -> int:
    """All second factors and codes of somebody who lost theirs; how many there were. The next sign-in asks for others.

    Who may do this is asked by `watched`; a command on the server always may.
    """
    count = Factor.objects.filter(person=person).delete()[0]
    RecoveryCode.objects.filter(person=person).delete()
    _record("people.factors-reset", actor, person, now, before={"count": count})
    return count


def figures_right(*, person: Person, figures: str, now: datetime) -> bool:
    """Whether these are the figures that a telephone of the person shows now. They are then used up."""
    for factor in Factor.objects.filter(person=person, kind=FactorKind.TOTP):
        try:
            secret = vault.unseal(factor.secrets, factor.pk)["secret"]
        except vault.VaultError:  # the key of the vault is lost: a passkey or a code from paper still opens
            log.exception("a second step of %s does not open: see `nguon vault check`", person.username)
            continue
        step = _step_of(secret, figures, factor.last_step, now)
        if step is not None:  # compare and set: of two at once only one gets in
            same = Factor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(same.update(last_step=step, used_at=now))
    return False


@transaction.atomic
def new_codes(*, actor: Person, now: datetime) -> list[str]:
    """Ten codes to be put on paper; those before are void. They are kept nowhere else."""
    made = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.filter(person=actor).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=actor, digest=_digest(actor, code)) for code in made)
    _record("people.recovery-codes", actor, actor, now, after={"count": CODES})
    return ["-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4)) for code in made]


@transaction.atomic
def code_right(*, person: Person, code: str, now: datetime) -> bool:
    """Whether this is an unused code of the person. It is then used up."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    unused = RecoveryCode.objects.filter(person=person, digest=_digest(person, plain), used_at=None)
    if not unused.update(used_at=now):
        return False
    left = RecoveryCode.objects.filter(person=person, used_at=None).count()
    _record("people.recovery-used", person, person, now, after={"left": left})
    return True


def called(name: str) -> str:
    """A name for a second factor, cut to what is kept."""
    return " ".join(clean(name).split())[:60]


def _step_of(secret: str, figures: str, after: int, now: datetime) -> int | None:
    """The half minute whose figures these are, if it is close to now and later than `after`."""
    typed = "".join(letter for letter in figures if letter.isdigit())
    clock, found = pyotp.TOTP(secret), None
    for late in range(-LATE, LATE + 1):
        moment = now + timedelta(seconds=late * STEP)
        step = int(moment.timestamp()) // STEP
        if constant_time_compare(typed, clock.at(moment)) and step > after:
            found = step
    return found


def _digest(person: Person, code: str) -> str:
    return salted_hmac("nguon.people.recovery", f"{person.pk.hex} {code}", algorithm="sha256").hexdigest()


def _told(factor: Factor) -> dict[str, str]:
    return {"name": factor.name, "factor": factor.kind}


def _record(verb: str, actor: Actor, person: Person, now: datetime, **values: Mapping[str, object]) -> None:
    where = person.office.place_id if person.office else None
    record(actor=actor, verb=verb, subject=f"people.person:{person.pk.hex}", now=now, place=where, **values)
