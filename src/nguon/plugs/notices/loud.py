"""The harmless twin: it writes into the log, loudly, and nobody is told."""

import logging

from nguon.kit.words import gettext_noop
from nguon.ports.notice import WITHIN, Notice, Recipient

log = logging.getLogger(__name__)


class Loud:
    """Says in the log what would have been told. Not a way to reach anybody, and shown as such."""

    kind = "log"
    label = gettext_noop("Nhật ký máy chủ")
    real = False

    def check(self) -> None:
        """It works anywhere."""

    def address(self, to: Recipient) -> str:
        """Everybody, by whatever is known of them."""
        return to.phone or to.email or to.name

    def tell(self, notice: Notice, *, within: float = WITHIN) -> str:
        """One line, as a warning. Neither number nor address of the person: a log is read by others."""
        log.warning("NOBODY IS TOLD (no way of telling is set): %s: %s", notice.to.name, notice.short)
        return ""
