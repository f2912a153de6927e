"""The outbox of tellings: what is due, its words, what became of it. Compare-and-set, as the outbox of orders."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nguon.alerts import duty_queries
from nguon.alerts.models import Alert, Silence, State, Telling, Told
from nguon.delivery.rules import joined
from nguon.kit.clock import LOCAL
from nguon.places.models import Place
from nguon.ports.notice import Notice, NoticeFailed, Recipient, again

CLAIM = timedelta(seconds=60)  # longer than a try may take
SHOWN = 4  # places in a short message
SHORT = 300  # letters of it


def due(now: datetime, free: Mapping[str, int]) -> list[tuple[Telling, Notice]]:
    """Tellings that are now the caller's to send, with their words: at most so many of each way as are free.

    What need not be told any more, because the clusters answered or the alert is over, is closed.
    """
    found = []
    for way, most in free.items():
        ready = Telling.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), way=way, next_at__lte=now)
        for telling in ready.select_related("alert__place", "alert__sound").order_by("next_at")[:most]:
            if not ready.filter(pk=telling.pk).update(claimed_until=now + CLAIM):
                continue
            notice = words(telling)
            if notice is None:
                _close(telling, state=Told.NEEDLESS)
            else:
                found.append((telling, notice))
    return found


def told(telling: Telling, answer: str, now: datetime) -> None:
    """It is told."""
    _close(telling, state=Told.TOLD, told_at=now, answer=answer[:300], failure="", tries=F("tries") + 1)


def failed(telling: Telling, error: NoticeFailed, now: datetime) -> None:
    """It is not told: again later, or given up."""
    tries = telling.tries + 1
    wait = again(tries, error.failure, error.after)
    said = {"tries": tries, "failure": error.failure.value, "answer": str(error)[:300]}
    if wait is None:
        _close(telling, state=Told.FAILED, **said)
    else:
        Telling.objects.filter(pk=telling.pk).update(next_at=now + wait, claimed_until=None, **said)


def _close(telling: Telling, **values: object) -> None:
    Telling.objects.filter(pk=telling.pk).update(next_at=None, claimed_until=None, **values)


def words(telling: Telling) -> Notice | None:
    """What is said to this person now; None if there is nothing left to say."""
    alert = telling.alert
    answered = duty_queries.answered(alert).values("device")
    silent = list(telling.silences.exclude(device__in=answered).select_related("device", "place"))
    if not silent or alert.state != State.LIVE:
        return None
    by_place = _by_place(silent)
    count = len(silent)
    kind = _("DIỄN TẬP") if alert.drill else _("KHẨN")
    silence = ngettext("%(count)d cụm loa không trả lời", "%(count)d cụm loa không trả lời", count) % {"count": count}
    return Notice(
        id=telling.pk,
        to=Recipient(telling.name, telling.phone, telling.email),
        subject=f"[{kind}] {silence}: {alert.headline}",
        text=_long(alert, telling, by_place, silence),
        short=_short(alert, by_place, kind),
        at=telling.created_at,
        drill=alert.drill,
        level=alert.level,
        url=_url(alert),
    )


def _by_place(silent: list[Silence]) -> list[tuple[Place, list[str]]]:
    found: defaultdict[Place, list[str]] = defaultdict(list)
    for one in silent:
        found[one.place].append(str(one.device))
    return sorted(found.items(), key=lambda item: item[0].folded)


def _long(alert: Alert, telling: Telling, by_place: list[tuple[Place, list[str]]], silence: str) -> str:
    assert alert.live_at is not None
    lines = [
        _("Kính gửi %(name)s,") % {"name": telling.name},
        "",
        _("Cảnh báo: %(headline)s") % {"headline": alert.headline},
        _("%(place)s phát lúc %(time)s.")
        % {"place": _big(alert.place), "time": alert.live_at.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")},
        "",
        _("%(silence)s, bà con ở đó có thể chưa nghe:") % {"silence": silence},
        *(f"- {_big(place)}: {', '.join(names)}" for place, names in by_place),
        "",
        _("Hãy gọi điện hoặc đến tận nơi báo cho bà con. Nội dung cảnh báo:"),
        "",
        alert.text,
    ]
    if url := _url(alert):
        lines += ["", _("Báo xong, bấm “Đã báo tận nơi” ở trang: %(url)s") % {"url": url}]
    if alert.drill:
        lines += ["", _("Đây là diễn tập, không phải cảnh báo thật.")]
    return "\n".join(lines) + "\n"


def _short(alert: Alert, by_place: list[tuple[Place, list[str]]], kind: str) -> str:
    named = [f"{_big(place)} ({len(names)})" for place, names in by_place]
    where = joined(named, _("và"), SHOWN, more=_("%d nơi khác"))
    end = _("Cụm loa không trả lời: %(where)s. Hãy báo tận nơi.") % {"where": where}
    room = max(40, SHORT - len(end) - len(kind) - 4)
    headline = alert.headline if len(alert.headline) <= room else f"{alert.headline[: room - 1].rstrip()}…"
    return f"{kind}: {headline.rstrip('.')}. {end}"


def _big(place: Place) -> str:
    name = str(place)
    return name[:1].upper() + name[1:]


def _url(alert: Alert) -> str:
    """The alert's page, where the settings say by which address people come."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}/canh-bao/{alert.pk}" if origins else ""
