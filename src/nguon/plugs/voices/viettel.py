"""Viettel AI (viettelai.vn): the sound itself comes back; an error is JSON, now and then with status 200."""

from nguon.kit.words import gettext_noop
from nguon.plugs.voices import sound
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply, guess
from nguon.ports.voice import Failure, Setting, Terms

WAV = 2  # tts_return_option
_KINDS = {"400": Failure.TEXT, "401": Failure.KEY, "403": Failure.KEY, "500": Failure.AWAY}


class Viettel(Remote):
    """Speeds from 0.8 to 1.2 in tenths. The longest text is not documented: 2,000 characters are what clients send."""

    key = "viettel"
    label = "Viettel AI"
    terms = Terms(limit=2000, site="https://viettelai.vn/dashboard/token")
    settings = (
        Setting("key", gettext_noop("Token"), secret=True),
        *common("https://viettelai.vn", terms),
    )
    scale = Scale(0.8, 1.2, 0.1)

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece. The document wants the token in the body; it is in no address."""
        question = {
            "text": text,
            "voice": voice,
            "speed": speed,
            "tts_return_option": WAV,
            "token": self.account["key"],
            "without_filter": False,
        }
        reply = call.ask("POST", self.url("/tts/speech_synthesis"), judge=self.judge, json=question)
        return Said((reply.body,), speed)

    def judge(self, reply: Reply) -> None:
        """Sound is what is sound; else the code in the answer decides, or its words: 429 may be a quota used up."""
        if reply.status == 429 and guess(reply.words()) is Failure.CREDIT:
            raise reply.failed(Failure.CREDIT)
        reply.check()
        if sound.kind(reply.body):
            return
        code = str(reply.json().get("code", ""))
        failure = _KINDS.get(code) or guess(reply.words())
        raise reply.again(failure) if failure is Failure.AWAY else reply.failed(failure)
