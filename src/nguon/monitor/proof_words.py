"""Words and badges of a report."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nguon.delivery import rules
from nguon.monitor.proof import By, Line, Outcome

KINDS = {
    Outcome.PLAYED: "ok",
    Outcome.PARTIAL: "warn",
    Outcome.MISSED: "bad",
    Outcome.UNHEARD: "off",
    Outcome.OPEN: "wait",
}
OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.PLAYED: gettext_lazy("Đã phát trọn"),
    Outcome.PARTIAL: gettext_lazy("Phát một phần"),
    Outcome.MISSED: gettext_lazy("Không phát"),
    Outcome.UNHEARD: gettext_lazy("Chưa báo về"),
    Outcome.OPEN: gettext_lazy("Chưa xong"),
}
TABS: dict[By, str | Promise] = {
    By.SLOT: gettext_lazy("Theo khung giờ"),
    By.DEVICE: gettext_lazy("Theo cụm loa"),
    By.BULLETIN: gettext_lazy("Theo bản tin"),
    By.DAY: gettext_lazy("Theo ngày"),
}
BY_HAND = gettext_lazy("Phát tay, ngoài lịch")


def label(line: Line) -> str:
    """The name of a line."""
    return line.label or str(BY_HAND)


def shares(line: Line) -> list[tuple[str, int, str]]:
    """(kind, number, words) of each outcome."""
    return [(KINDS[outcome], line.counts[outcome], str(OUTCOMES[outcome])) for outcome in Outcome]


def reason(code: str) -> str:
    """Why something was not played, in an officer's words."""
    said = rules.words(code)
    return _(said) if said else ""
