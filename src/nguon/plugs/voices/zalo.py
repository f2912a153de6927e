"""Zalo AI Text to Audio (zalo.ai): a form goes there, a link comes back. It has no voice of the centre."""

from nguon.kit.words import gettext_noop
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply, guess
from nguon.ports.voice import Failure, Setting, Terms

WAV = 0  # encode_type
NOT_YET = frozenset({403, 404})
_KINDS = {
    150: Failure.TEXT,  # a parameter is invalid
    155: Failure.TEXT,  # over 2,000 characters
    400: Failure.TEXT,
    401: Failure.KEY,
    403: Failure.KEY,
    413: Failure.TEXT,
    429: Failure.BUSY,
    500: Failure.AWAY,
}


class Zalo(Remote):
    """Voices are numbers; speeds from 0.8 to 1.2."""

    key = "zalo"
    label = "Zalo AI"
    terms = Terms(limit=2000, site="https://zalo.ai")
    settings = (
        Setting("key", gettext_noop("Khóa API"), secret=True),
        *common("https://api.zalo.ai", terms),
    )
    scale = Scale(0.8, 1.2)

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece."""
        form = {"input": text, "speaker_id": voice, "speed": f"{speed:g}", "encode_type": str(WAV)}
        headers = {"apikey": self.account["key"]}
        reply = call.ask("POST", self.url("/v1/tts/synthesize"), judge=self.judge, headers=headers, data=form)
        link = str(reply.json()["data"]["url"])
        return Said((call.fetch(link, near=self.account["url"], absent=NOT_YET),), speed)

    def judge(self, reply: Reply) -> None:
        """`error_code` decides; `data` is an empty list where there is an error, an object with a link where not."""
        reply.check()
        answer = reply.json()
        data = answer.get("data")
        if answer.get("error_code") == 0 and isinstance(data, dict) and data.get("url"):
            return
        failure = _KINDS.get(answer.get("error_code", -1)) or guess(reply.words())
        raise reply.again(failure) if failure in (Failure.BUSY, Failure.AWAY) else reply.failed(failure)
