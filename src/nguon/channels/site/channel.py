"""The channel of websites: a wording as an article. It drives no device: who asks for a page is its reader."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from nguon.channels.site import document, readability
from nguon.kit.words import gettext_noop
from nguon.ports.channel import (
    Glass,
    Outgoing,
    Page,
    Preview,
    Publication,
    Scene,
    Schedule,
    Seal,
    Shown,
    SpeechJob,
    Wording,
)

GLASSES = (Glass(gettext_noop("Điện thoại"), 390, 844), Glass(gettext_noop("Máy tính"), 1280, 800))
HINT = gettext_noop("Tên bản tin là tên bài: trong danh sách và khi chia sẻ, người xem chỉ thấy dòng này.")


class Site:
    """The websites of localities."""

    kind = "site"
    label = gettext_noop("Trang thông tin điện tử")
    audible = False
    pictured = False
    driven = False
    preview = Preview(gettext_noop("Trên trang thông tin"), "site-office:preview", GLASSES, HINT)
    opens_at = ""
    arranged_at = ""

    def check(self) -> None:
        """Nothing outside is needed: a site is pages of this server."""

    def speech(self, wording: Wording) -> SpeechJob:
        """An article is read aloud by the voice of its bulletin."""
        raise ValueError(gettext_noop("Trang thông tin điện tử không có giọng đọc riêng."))

    def page(self, wording: Wording) -> Page | None:
        """The article that stands on a site. A film is not shown there: its bulletin is read and heard.

        None for a warning (`alert` in the options): it stands above every page, as long as it is in force.
        """
        if wording.options.get("alert"):
            return None
        return Page(document.document(wording), document.MIME, 0)

    def judge(self, wording: Wording) -> tuple[str, ...]:
        """What keeps it from being read on a telephone."""
        return readability.remarks(document.read(document.document(wording)))

    def announce(self, outgoing: Outgoing, seal: Seal) -> tuple[Publication, ...]:
        """Nobody waits for an order."""
        return ()

    def remind(self, outgoing: Outgoing, device: UUID, seal: Seal) -> Publication:
        """There is no device to remind."""
        raise LookupError(self.kind)

    def plan(self, schedule: Schedule, seal: Seal) -> bytes:
        """There is no device that lives by a plan."""
        raise LookupError(self.kind)

    def announce_plan(self, device: UUID, version: int, sha256: str, size: int, seal: Seal) -> Publication:
        """There is no device to tell."""
        raise LookupError(self.kind)

    def silence(self, outgoing: Outgoing, seal: Seal) -> tuple[Publication, ...]:
        """Nothing sounds."""
        return ()

    def scene(self, device: UUID) -> Scene | None:
        """There is no screen."""
        return None

    def tend(self, now: datetime) -> None:
        """What stands on a site follows from the clock when it is asked for."""

    def shown(self, device: UUID, day: date, rows: Sequence[Shown], now: datetime) -> bool:
        """Nobody tells of anything."""
        return False
