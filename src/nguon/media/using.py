"""What accounts are used for, by month, and how they are: booked by single updates, so that workers side by side agree.

Characters are booked before a voice is asked: so no number of workers at once gets over a budget.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from nguon.kit.clock import local_day
from nguon.media import chain
from nguon.media.models import VoiceAccount, VoiceUse
from nguon.ports.voice import Failure

MOST_IN_A_ROW = 99


def reserve(account: VoiceAccount, characters: int, now: datetime) -> VoiceUse | None:
    """Book a call of so many characters for this month; None, and nothing booked, if they do not fit the budget."""
    use, _new = VoiceUse.objects.get_or_create(account=account, month=chain.month_of(local_day(now)))
    fitting = VoiceUse.objects.filter(pk=use.pk)
    if account.budget is not None:
        fitting = fitting.filter(characters__lte=account.budget - characters)
    booked = fitting.update(characters=F("characters") + characters, calls=F("calls") + 1)
    return use if booked else None


def spoke(account: VoiceAccount) -> None:
    """The account spoke well: what went wrong before does not count any more."""
    VoiceAccount.objects.filter(pk=account.pk).exclude(failing="", resting_until=None).update(
        failing="", failed_in_a_row=0, resting_until=None
    )


def failed(use: VoiceUse, characters: int, failure: Failure, words: str, now: datetime) -> None:
    """Count a failure of what was booked, give the characters back if no provider charges them, and let it rest."""
    back = 0 if chain.charged(failure) else characters
    VoiceUse.objects.filter(pk=use.pk).update(
        failures=F("failures") + 1,
        characters=F("characters") - back,
        last_failure=words[:400],
        last_failed_at=now,
    )
    if failure is Failure.TEXT:
        return
    account = VoiceAccount.objects.filter(pk=use.account_id)
    account.filter(failed_in_a_row__lt=MOST_IN_A_ROW).update(failed_in_a_row=F("failed_in_a_row") + 1)
    in_a_row = account.values_list("failed_in_a_row", flat=True).first() or 1
    pause = chain.rest(failure, in_a_row)
    account.update(failing=failure.value, resting_until=now + pause if pause else None)


def month(accounts: list[UUID], now: datetime) -> dict[UUID, VoiceUse]:
    """This month's use of some accounts, where there is any."""
    found = VoiceUse.objects.filter(account__in=accounts, month=chain.month_of(local_day(now)))
    return {use.account_id: use for use in found}
