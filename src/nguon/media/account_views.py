"""Pages of the accounts with providers of voices, for the administrators of a place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nguon.kit import clock
from nguon.media import account_queries, accounts, trial_queries, trials, voices
from nguon.media.errors import AccountRefused, MediaError
from nguon.media.models import VoiceAccount
from nguon.media.voice_forms import AccountForm, TryForm
from nguon.media.voice_words import sample
from nguon.people import scope
from nguon.people.asking import person_of
from nguon.people.models import Person
from nguon.people.rules import Right

require_form = require_http_methods(["GET", "HEAD", "POST"])


def _keeper(request: HttpRequest) -> Person:
    """The person, who administers some place. Raises PermissionDenied."""
    person = person_of(request)
    if not scope.place_ids(person, Right.PEOPLE):
        raise PermissionDenied
    return person


def _account(request: HttpRequest, pk: UUID) -> VoiceAccount:
    return get_object_or_404(account_queries.managed(person_of(request)), pk=pk)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The accounts of my places, in the order they are tried."""
    person, now = _keeper(request), clock.now()
    context = {
        "groups": account_queries.by_place(person, now),
        "above": account_queries.from_above(person, now),
        "ended": account_queries.ended(person, now),
        "own": voices.own(),
        "addable": bool(voices.providers()),
    }
    return render(request, "media/voices/accounts.html", context)


@sensitive_post_parameters()
@require_form
def new(request: HttpRequest) -> HttpResponse:
    """A new account: first with whom (`?voi=`), then what that provider asks for."""
    person, known = _keeper(request), voices.providers()
    key = request.GET.get("voi", "")
    if not key:
        return render(
            request, "media/voices/providers.html", {"providers": [(one.key, one.label) for one in known.values()]}
        )
    if key not in known:
        raise Http404
    form = AccountForm(person, known[key], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = accounts.create(provider=key, terms=form.terms(), actor=person, now=clock.now())
        except AccountRefused as refused:
            form.refuse(refused.fields)
        else:
            messages.success(request, _("Đã thêm tài khoản. Hãy nghe thử để biết khóa dùng được."))
            return redirect("media:account", pk=account.pk)
    return _form(request, form, None)


@sensitive_post_parameters()
@require_form
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an account. A key that is not typed stays as it was."""
    account, person = _account(request, pk), person_of(request)
    provider = voices.providers().get(account.provider)
    if provider is None or account.ended_at is not None:
        messages.error(request, _("Tài khoản này không sửa được nữa."))
        return redirect("media:account", pk=pk)
    form = AccountForm(person, provider, request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change(account=account, terms=form.terms(), actor=person, now=clock.now())
        except AccountRefused as refused:
            form.refuse(refused.fields)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("media:account", pk=pk)
    return _form(request, form, account)


def _form(request: HttpRequest, form: AccountForm, account: VoiceAccount | None) -> HttpResponse:
    context = {"form": form, "account": account, "provider": form.provider.label, "terms": _terms(form)}
    return render(request, "media/voices/account_form.html", context, status=422 if form.errors else 200)


def _terms(form: AccountForm) -> dict[str, str]:
    """What is publicly known of a provider's conditions, where its plug says anything."""
    known = getattr(form.provider, "terms", None)
    return {"price": str(getattr(known, "price", "")), "site": str(getattr(known, "site", ""))}


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One account: how it stands, what it spoke, and a sentence to try it with."""
    account = _account(request, pk)
    return render(request, "media/voices/account.html", _shown(account))


def _shown(account: VoiceAccount, form: TryForm | None = None) -> dict[str, Any]:
    now = clock.now()
    found = account_queries.cards([account], now)[0]
    return {
        "card": found,
        "account": account,
        "source": voices.of_account(account),
        "held": account_queries.held(account),
        "failure": account_queries.newest_failure(account),
        "months": account_queries.months(account),
        "heard": trial_queries.newest_of(account),
        "form": form or TryForm(_voices(account), initial={"text": sample()}),
        "plain": _plain(account),
    }


def _plain(account: VoiceAccount) -> list[tuple[str, str]]:
    """The settings that are no secret, by what they are called."""
    provider = voices.providers().get(account.provider)
    known = provider.settings if provider else ()
    return [(_(one.label), account.values[one.name]) for one in known if account.values.get(one.name)]


def _voices(account: VoiceAccount) -> list[tuple[str, str]]:
    return [(one.name.partition("/")[2], one.label) for one in trial_queries.voices_of(account)]


@require_POST
def attempt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have a voice of the account say a sentence; the page of the account shows how far it is."""
    account = _account(request, pk)
    form = TryForm(_voices(account), request.POST)
    if form.is_valid():
        try:
            trials.try_account(account=account, **form.cleaned_data, actor=person_of(request), now=clock.now())
        except MediaError as error:
            form.add_error(None, str(error))
        else:
            return redirect("media:account", pk=pk)
    return render(request, "media/voices/account.html", _shown(account, form), status=422)


@require_POST
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One step up or down."""
    up = request.POST.get("do") == "up"
    accounts.move(account=_account(request, pk), up=up, actor=person_of(request), now=clock.now())
    return redirect("media:accounts")


@require_POST
def active(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Switch off, or on again."""
    enabled = request.POST.get("active") == "1"
    accounts.set_enabled(account=_account(request, pk), enabled=enabled, actor=person_of(request), now=clock.now())
    messages.success(request, _("Đã bật tài khoản.") if enabled else _("Đã tắt tài khoản."))
    return redirect("media:account", pk=pk)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an account up."""
    gone = accounts.remove(account=_account(request, pk), actor=person_of(request), now=clock.now())
    messages.success(request, _("Đã xóa tài khoản.") if gone else _("Đã kết thúc tài khoản và xóa khóa của nó."))
    return redirect("media:accounts")
