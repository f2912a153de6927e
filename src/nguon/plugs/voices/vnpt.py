"""VNPT SmartVoice (smartvoice.vnpt.vn): a token first, then a playlist at once, or after asking for it some times."""

import hashlib
import threading
import time
from typing import Any

from django.utils.translation import gettext as _

from nguon.kit.words import gettext_noop
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Again, Reply, guess
from nguon.ports.voice import Failure, Setting, Terms, VoiceFailed

EARLY = 60.0  # seconds before its end at which a token is not used any more
TOKEN_LIFE = 3600.0  # seconds, where the service does not say
MODEL = "news"
NOT_YET = frozenset({403, 404})
_tokens: dict[str, tuple[str, str, float]] = {}  # by account: access token, refresh token, end (monotonic)
_lock = threading.Lock()


class Vnpt(Remote):
    """Speeds from 0.5 to 2. Texts may have 5,000 characters by its document, 2,000 by clients, which is the default.

    The account gives either user, password, client id and client secret, or an access token that lasts some hours.
    """

    key = "vnpt"
    label = "VNPT SmartVoice"
    terms = Terms(limit=2000, site="https://smartvoice.vnpt.vn")
    settings = (
        Setting("token_id", gettext_noop("Token-id"), secret=True),
        Setting("token_key", gettext_noop("Token-key"), secret=True),
        Setting("username", gettext_noop("Tên đăng nhập"), optional=True),
        Setting("password", gettext_noop("Mật khẩu"), secret=True, optional=True),
        Setting("client_id", gettext_noop("Mã ứng dụng (client id)"), optional=True),
        Setting("client_secret", gettext_noop("Khóa ứng dụng (client secret)"), secret=True, optional=True),
        Setting(
            "access_token",
            gettext_noop("Access token"),
            secret=True,
            optional=True,
            hint=gettext_noop("Thay cho tên đăng nhập và mật khẩu, nhưng chỉ dùng được vài giờ."),
        ),
        *common("https://api.idg.vnpt.vn", terms),
    )
    scale = Scale(0.5, 2.0)

    def check(self) -> None:
        """As every service; and one of the two ways in must be there."""
        super().check()
        if not self.account["access_token"] and not all(map(self.account.__getitem__, _WAY_IN)):
            raise ValueError(_("Điền tên đăng nhập, mật khẩu, mã và khóa ứng dụng, hoặc access token."))

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece. Our reader has spelled everything out: the service's own expansion stays off."""
        question = {
            "text": text,
            "model": MODEL,
            "region": voice,
            "speed": speed,
            "audio_format": "wav",
            "sample_rate": 22_050,
            "use_abbr_converter": False,
            "text_split": False,
        }
        answer = self._ask(call, "/tts-service/v2/standard", question)
        links = _links(answer) or call.until(lambda: self._look(call, answer))
        near = self.account["url"]
        sounds = tuple(call.fetch(link, near=near, absent=NOT_YET) for link in links)
        return Said(sounds, speed, tuple(links.values()))

    def _look(self, call: Call, answer: dict[str, Any]) -> dict[str, str] | None:
        """Where the sounds are of what is pending, if they are there by now."""
        return _links(self._ask(call, "/tts-service/v1/check-status", {"text_id": answer["text_id"]}))

    def _ask(self, call: Call, path: str, question: dict[str, Any]) -> dict[str, Any]:
        """`object` of the answer; with a new token if the old one is not taken any more."""
        for renewed in (False, True):
            headers = {
                "Authorization": f"Bearer {self._token(call, renew=renewed)}",
                "Token-id": self.account["token_id"],
                "Token-key": self.account["token_key"],
            }
            try:
                reply = call.ask("POST", self.url(path), judge=self.judge, headers=headers, json=question)
            except VoiceFailed as failed:
                if failed.failure is not Failure.KEY or renewed or self.account["access_token"]:
                    raise
            else:
                found: dict[str, Any] = reply.json()["object"]
                return found
        raise AssertionError

    def judge(self, reply: Reply) -> None:
        """All is well where `object.code` is success or pending; else a message, or a status inside the answer."""
        reply.check()
        answer = reply.json()
        found = answer.get("object")
        if isinstance(found, dict) and found.get("code") in ("success", "pending") and found.get("text_id"):
            return
        if isinstance(found, dict) and found.get("code") == "success" and _links(found):
            return
        inner = str(answer.get("statusCode", ""))
        failure = {"401": Failure.KEY, "403": Failure.KEY, "400": Failure.TEXT}.get(inner[:3]) or guess(reply.words())
        raise reply.again(failure) if failure is Failure.AWAY else reply.failed(failure)

    def _token(self, call: Call, *, renew: bool) -> str:
        """The access token: the account's own, or one kept in memory, or a new one by refreshing or by the password."""
        if own := self.account["access_token"]:
            return own.removeprefix("Bearer ").removeprefix("bearer ")
        name = hashlib.sha256("\n".join([self.account["url"], *map(self.account.__getitem__, _WAY_IN)]).encode())
        with _lock:  # one asks, the others wait for what it gets
            access, refresh, end = _tokens.get(name.hexdigest(), ("", "", 0.0))
            if renew or time.monotonic() > end - EARLY:
                access, refresh, end = self._new_token(call, refresh)
                _tokens[name.hexdigest()] = access, refresh, end
            call.hide(access, refresh)
        return access

    def _new_token(self, call: Call, refresh: str) -> tuple[str, str, float]:
        who = {"client_id": self.account["client_id"], "client_secret": self.account["client_secret"]}
        if refresh:
            try:
                return self._grant(call, who | {"grant_type": "refresh_token", "refresh_token": refresh})
            except Again:
                raise
            except VoiceFailed:  # it lasts longer than the token, but not for ever
                pass
        password = {"username": self.account["username"], "password": self.account["password"]}
        return self._grant(call, who | password | {"grant_type": "password"})

    def _grant(self, call: Call, question: dict[str, str]) -> tuple[str, str, float]:
        def judge(reply: Reply) -> None:
            if reply.status in (400, 401, 403):  # OAuth says 400 where the password is wrong
                raise VoiceFailed(f"vnpt gave no token ({reply.status})", Failure.KEY)
            reply.check()
            if not isinstance(reply.json().get("access_token"), str):
                raise VoiceFailed("vnpt gave no token", Failure.KEY)

        answer = call.ask("POST", self.url("/auth-service/oauth/token"), judge=judge, json=question).json()
        try:
            life = float(answer.get("expires_in", TOKEN_LIFE))
        except (TypeError, ValueError):
            life = TOKEN_LIFE
        return answer["access_token"], str(answer.get("refresh_token") or ""), time.monotonic() + life


_WAY_IN = ("username", "password", "client_id", "client_secret")


def _links(answer: dict[str, Any]) -> dict[str, str] | None:
    """Where the sounds are, in the order of the text, with what each says; None while any of them is missing.

    The whole is preferred where it is finished; else the items by their number, which come in any order.
    """
    items = answer.get("playlist") or []
    if answer.get("r_audio_full_finished") and answer.get("r_audio_full"):
        return {str(answer["r_audio_full"]): " ".join(str(item.get("text", "")) for item in _ordered(items))}
    if answer.get("code") == "pending" or not items:
        return None
    found = {str(item.get("audio_link") or ""): str(item.get("text", "")) for item in _ordered(items)}
    total = max(int(item.get("total") or 0) for item in items)
    return found if all(found) and len(found) >= max(total, len(items)) else None


def _ordered(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: int(item.get("idx", 0)))
