"""The system above is another installation of this program: the interface of docs/boards-upper.md."""

import hashlib
from urllib.parse import urljoin, urlsplit

from nguon.channels.board.upper import interface
from nguon.channels.board.upper.interface import Item, Report
from nguon.channels.board.upper.ports import Came, Fault, UpperFailed
from nguon.outside.addresses import Fault as NetFault
from nguon.outside.addresses import Network
from nguon.outside.fetching import Answer, FetchFailed, Limits, get, post
from nguon.wire.codec import Malformed

SECONDS, PAGE_SECONDS = 20.0, 60.0  # for one answer
ANSWER_LIMIT = 64 * 1024  # bytes of the answer to a report
_STATUS = {"401": Fault.DENIED, "403": Fault.DENIED, "404": Fault.GONE}


class Between:
    """One class at one address (of its playlist). `trusted`: public keys whose signature holds."""

    def __init__(self, address: str, token: str, trusted: tuple[str, ...], near: tuple[Network, ...]) -> None:
        self._address, self._token, self._trusted, self._near = address, token, trusted, near

    def playlist(self, etag: str) -> Came | None:
        """As `ports.Upper`."""
        limits = Limits(interface.PLAYLIST_LIMIT * 2, SECONDS, self._near, "application/json")
        found = self._had(self._address, limits, etag)
        if found.body is None:
            return None
        try:
            return Came(interface.opened(found.body, self._trusted), found.etag)
        except Malformed as error:
            raise UpperFailed(Fault.FORM, str(error)) from error

    def page(self, item: Item) -> bytes:
        """As `ports.Upper`. It must stand on the server of the playlist: the token goes there only."""
        address = urljoin(self._address, item.url)
        if urlsplit(address)[:2] != urlsplit(self._address)[:2]:
            raise UpperFailed(Fault.FORM, f"a page elsewhere: {address}")
        body = self._had(address, Limits(item.size, PAGE_SECONDS, self._near)).body or b""
        if len(body) != item.size or hashlib.sha256(body).hexdigest() != item.hash:
            raise UpperFailed(Fault.FORM, f"the bytes at {address} are not those of the playlist")
        return body

    def report(self, report: Report) -> None:
        """As `ports.Upper`."""
        limits = Limits(ANSWER_LIMIT, SECONDS, self._near, "application/json")
        try:
            post(urljoin(self._address, "bao-cao"), limits, interface.encode(report), token=self._token)
        except FetchFailed as error:
            raise _failed(error) from error

    def _had(self, address: str, limits: Limits, etag: str = "") -> Answer:
        try:
            return get(address, limits, etag=etag, token=self._token)
        except FetchFailed as error:
            raise _failed(error) from error


def _failed(error: FetchFailed) -> UpperFailed:
    fault = _STATUS.get(error.detail) if error.fault is NetFault.STATUS else None
    return UpperFailed(fault or error.fault.value, error.detail)
