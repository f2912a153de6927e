"""What stands above every page while it matters: alerts that wait for one's hand, alerts on the air."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from nguon.alerts.models import Alert
from nguon.alerts.queries import bar
from nguon.people.models import Person


@dataclass(frozen=True)
class Strip:
    """One line that leads somewhere. `kind`: `bad` danger on the air, `busy` a drill, `wait` a person's turn."""

    kind: str
    icon: str
    title: str
    words: str
    go: str
    url: str


def strips(person: Person, here: str) -> list[Strip]:
    """The lines for a person, what waits for them first; none that leads to where they are."""
    found = bar(person)
    if found is None:
        return []
    every = [*map(_waiting, found.waiting), *map(_live, found.live)]
    return [one for one in every if one.url != here]


def _waiting(alert: Alert) -> Strip:
    title = _("Chờ bạn ký") if alert.drill else _("Cảnh báo chờ bạn ký")  # the headline of a drill says that it is one
    return Strip("wait", "edit", title, alert.headline, _("Xem và ký"), _address(alert))


def _live(alert: Alert) -> Strip:
    title = _("Đang phát") if alert.drill else _("Đang cảnh báo")
    return Strip("busy" if alert.drill else "bad", "siren", title, alert.headline, _("Xem"), _address(alert))


def _address(alert: Alert) -> str:
    return reverse("alerts:detail", args=[alert.pk])
