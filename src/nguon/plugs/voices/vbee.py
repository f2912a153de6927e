"""Vbee (api-docs.vbee.vn, v1): short texts of some voices at once, all others as a request that is asked after."""

from collections.abc import Callable
from typing import Any

from nguon.kit.words import gettext_noop
from nguon.plugs.voices import pieces
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.pieces import Piece
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply, guess
from nguon.ports.voice import Failure, Setting, Terms, VoiceFailed

SHORT = 300  # characters, the most that is spoken at once
AT_ONCE = ("ngochuyen", "tuongvy", "maiphuong", "lantrinh", "thaotrinh")  # voices documented to speak at once
NOT_AT_ONCE = b"support TTS sync"  # what it says of the others
NO_CREDIT = b"TTS_SPEND_CREDITS_FAILED"  # with status 500
GONE = frozenset({403, 404, 410})  # a link lasts about three minutes


class Vbee(Remote):
    """Speeds from 0.25 to 1.9. Requests may have 100,000 characters; pieces are smaller, so that work is seen to go on.

    A request must name a `webhook`. The account gives it, as the service tells that address which text is done where;
    what comes there is not needed: we ask. Without one, everything goes in short pieces and voices must speak at once.
    """

    key = "vbee"
    label = "Vbee"
    terms = Terms(limit=5000, site="https://studio.vbee.vn/apps")
    settings = (
        Setting("key", gettext_noop("Token"), secret=True),
        Setting("app", gettext_noop("App ID")),
        Setting(
            "webhook",
            gettext_noop("Địa chỉ nhận báo (webhook)"),
            optional=True,
            hint=gettext_noop(
                "Vbee đòi một địa chỉ https do đơn vị quản lý cho bài trên 300 chữ; địa chỉ này không cần trả lời gì. "
                "Để trống: chỉ dùng được vài giọng, bài được gửi thành đoạn ngắn."
            ),
        ),
        *common("https://api.vbee.vn", terms),
    )
    scale = Scale(0.3, 1.9, 0.1)

    def cut(self, text: str, voice: str) -> tuple[Piece, ...]:
        """Short pieces only where there is no other way."""
        return pieces.cut(text, self.limit if self.account["webhook"] else min(SHORT, self.limit))

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece: at once where that may work, else as a request."""
        hooked = bool(self.account["webhook"])
        if len(text) <= SHORT and (not hooked or any(name in voice for name in AT_ONCE)):
            reply = self._ask(call, self._question(text, voice, speed, "sync"), self._judge_sound)
            if NOT_AT_ONCE not in reply.body:
                return Said((reply.body,), speed)
            if not hooked:
                raise reply.failed(Failure.TEXT)
        question = self._question(text, voice, speed, "async") | {"webhookUrl": self.account["webhook"]}
        answer = self._ask(call, question, self.judge).json()
        if not answer.get("requestId"):
            raise VoiceFailed("vbee took a text and named no request")
        return Said((call.until(lambda: self._look(call, str(answer["requestId"]))),), speed)

    def _question(self, text: str, voice: str, speed: float, mode: str) -> dict[str, Any]:
        return {"text": text, "mode": mode, "voiceCode": voice, "outputFormat": "wav", "speed": speed}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.account['key']}", "App-Id": self.account["app"]}

    def _ask(self, call: Call, question: dict[str, Any], judge: Callable[[Reply], None]) -> Reply:
        return call.ask("POST", self.url("/v1/tts"), judge=judge, headers=self._headers(), json=question)

    def _look(self, call: Call, request: str) -> bytes | None:
        """The sound of a request if it is there by now; a link that has run out is asked for again."""
        url = self.url(f"/v1/tts/requests/{request}")
        reply = call.ask("GET", url, judge=self.judge, headers=self._headers())
        answer = reply.json()
        if answer.get("status") == "FAILED":
            raise reply.failed(guess(reply.words(), Failure.AWAY))
        link = answer.get("audioLink")
        if answer.get("status") != "COMPLETED" or not link:
            return None
        return call.fetch_once(str(link), near=self.account["url"], absent=GONE)

    def judge(self, reply: Reply) -> None:
        """By status, but for credit that is used up; and it must be JSON."""
        self._judge_credit(reply)
        reply.check()
        reply.json()

    def _judge_sound(self, reply: Reply) -> None:
        """The same where the sound is the answer, unless this voice does not speak at once."""
        if reply.status == 400 and NOT_AT_ONCE in reply.body:
            return
        self._judge_credit(reply)
        reply.check_sound()

    def _judge_credit(self, reply: Reply) -> None:
        """It comes with status 500, and no other try helps."""
        if reply.status >= 400 and NO_CREDIT in reply.body:
            raise reply.failed(Failure.CREDIT)
