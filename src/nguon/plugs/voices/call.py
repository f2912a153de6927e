"""Asking a service within the time that is left: again where that helps; its key is never shown or taken elsewhere."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from nguon.agent import tls
from nguon.plugs.voices.account import is_near
from nguon.plugs.voices.reply import Again, Reply
from nguon.ports.voice import Failure, VoiceFailed

log = logging.getLogger(__name__)
TRIES = 4  # of one question, where another try makes sense
DEAF_TRIES = 2  # where nobody even takes the call: the next voice is better than patience
FIRST_WAIT = 0.5  # seconds before the second try; doubled each time
CONNECT, SILENT = 10.0, 90.0  # seconds for a connection; without a byte, where an answer is being made
LARGEST = 100 * 1024 * 1024  # bytes of one answer
REDIRECTS = 5
Found = TypeVar("Found")


class Call:
    """All that is asked of one service to speak one text: one connection, one deadline (seconds from now).

    `secrets` are taken out of everything that is said of it. The first wait is `first_wait` seconds, also the half of
    that between two looks at what is being made.
    """

    def __init__(
        self, name: str, within: float, secrets: tuple[str, ...] = (), *, first_wait: float = FIRST_WAIT
    ) -> None:
        self._name, self._within, self._secrets, self._first_wait = name, within, secrets, first_wait
        self._end = time.monotonic() + within
        self._client = httpx.Client(verify=tls.context(), headers={"User-Agent": "nguon", "Accept": "*/*"})

    def __enter__(self) -> "Call":
        return self

    def __exit__(self, *_raised: object) -> None:
        self._client.close()

    def clean(self, text: str) -> str:
        """The text without any secret in it."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    def hide(self, *secrets: str) -> None:
        """More secrets, got on the way (a token)."""
        self._secrets = (*filter(None, secrets), *self._secrets)

    def left(self) -> float:
        """Seconds until the deadline. Raises VoiceFailed when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self._late()
        return left

    def ask(self, method: str, url: str, *, judge: Callable[[Reply], None] = Reply.check, **question: Any) -> Reply:
        """The answer to a question of the account (`headers`, `json`, `content`, `data`), once `judge` accepts it.

        `judge` raises Again where the same question may be answered better later, VoiceFailed where not.
        """

        def look() -> Reply:
            reply = self._send(method, url, **question)
            if 300 <= reply.status < 400:  # a key is taken nowhere but where the account says
                raise VoiceFailed(
                    f"{self._name} moved to {self._host(reply.headers.get('location', ''))}: set its address"
                )
            judge(reply)
            return reply

        return self.until(look)

    def fetch(self, link: str, *, near: str, absent: frozenset[int] = frozenset()) -> bytes:
        """The sound behind a link, asked for without the account. `near` is the address the link came from.

        Statuses in `absent` mean that it is still being made: it is looked for until the deadline.
        """

        return self.until(lambda: self.fetch_once(link, near=near, absent=absent))

    def fetch_once(self, link: str, *, near: str, absent: frozenset[int]) -> bytes | None:
        """The same, looked for once: None if it is not there. Raises Again, VoiceFailed."""
        reply = self._follow(link, near)
        if reply.status in absent:
            return None
        reply.check_sound()
        return reply.body

    def until(self, look: Callable[[], Found | None]) -> Found:
        """What `look` finds, looked for until it is not None, and after Again a few times more. Raises VoiceFailed."""
        tries, poll = 0, 2 * self._first_wait
        while True:
            try:
                found = look()
            except Again as failed:
                tries += 1
                pause = max(self._first_wait * 2 ** (tries - 1), failed.after)
                if tries >= (DEAF_TRIES if failed.deaf else TRIES) or pause >= self.left():
                    raise
                log.info("%s; again in %.1f s", failed, pause)
            else:
                if found is not None:
                    return found
                tries, pause, poll = 0, poll, min(1.5 * poll, 10 * self._first_wait)
            time.sleep(min(pause, self.left()))

    def _follow(self, link: str, near: str) -> Reply:
        """The answer at the end of a link's redirects."""
        for _hop in range(REDIRECTS):
            self._allow(link, near)
            reply = self._send("GET", link)
            if not (300 <= reply.status < 400 and "location" in reply.headers):
                return reply
            link = urljoin(link, reply.headers["location"])
        raise VoiceFailed(f"{self._name}: a link leads in circles")

    def _allow(self, link: str, near: str) -> None:
        """A service of the web leads neither off https nor into our own network."""
        try:
            there, here = urlsplit(link), urlsplit(near)
            host = there.hostname or ""
        except ValueError:
            host = ""
        secure = there.scheme == "https" or (there.scheme == "http" and here.scheme == "http") if host else False
        if not secure or (is_near(host) and not is_near(here.hostname or "")):
            raise VoiceFailed(f"{self._name} gave a link that is not followed (to {self._host(link)})")

    def _send(self, method: str, url: str, **question: Any) -> Reply:
        """One question, one answer, none of it after the deadline: also where a name is slowly found or bytes drip."""
        answers: queue.Queue[Reply | VoiceFailed] = queue.Queue(1)
        left = self.left()

        def work() -> None:
            try:
                answers.put(self._exchange(method, url, left, question))
            except VoiceFailed as failed:
                answers.put(failed)

        threading.Thread(target=work, daemon=True, name=f"voice-{self._name}").start()
        try:
            answer = answers.get(timeout=left)
        except queue.Empty:
            raise self._late() from None
        if isinstance(answer, VoiceFailed):
            raise answer
        return answer

    def _exchange(self, method: str, url: str, left: float, question: dict[str, Any]) -> Reply:
        timeout = httpx.Timeout(min(left, SILENT), connect=min(left, CONNECT))
        try:
            with self._client.stream(method, url, timeout=timeout, **question) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    self.left()
                    if len(body) > LARGEST:
                        raise VoiceFailed(f"{self._name} sent more than {LARGEST >> 20} MB", Failure.SOUND)
                return Reply(self._name, response.status_code, response.headers, bytes(body), self.clean)
        except VoiceFailed:
            raise
        except httpx.ConnectTimeout:
            raise Again(f"{self._name} took no connection within {CONNECT:g} s", deaf=True) from None
        except httpx.TimeoutException:
            raise VoiceFailed(f"{self._name} sent nothing for {min(left, SILENT):.0f} s", Failure.LATE) from None
        except httpx.ConnectError as error:
            raise Again(f"{self._name} cannot be reached: {self.clean(str(error))}", deaf=True) from None
        except httpx.UnsupportedProtocol:
            raise VoiceFailed(f"{self._name}: no such address") from None
        except httpx.HTTPError as error:
            raise Again(f"{self._name} broke off: {self.clean(str(error)) or type(error).__name__}") from None
        except Exception as error:  # an address or a header that cannot be sent: never shown, it may hold the key
            raise VoiceFailed(f"{self._name} cannot be asked: {type(error).__name__}") from None

    def _host(self, url: str) -> str:
        """The host of an address, for the log: the rest may hold what opens it."""
        try:
            return self.clean(urlsplit(url).hostname or "nowhere")
        except ValueError:
            return "nowhere"

    def _late(self) -> VoiceFailed:
        return VoiceFailed(f"{self._name} gave nothing within {self._within:g} s", Failure.LATE)
