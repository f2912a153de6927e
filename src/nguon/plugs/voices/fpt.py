"""FPT.AI Text to Speech v5 (docs.fpt.ai): a link comes at once, its sound after seconds or minutes."""

from nguon.kit.words import gettext_noop
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply, guess
from nguon.ports.voice import Failure, Setting, Terms

LEAST = 3  # characters that a text must have
NOT_YET = frozenset({403, 404})  # what the storage says of a file that is still being made


class Fpt(Remote):
    """Steps of speed from −3 to +3; what a step is worth is not documented: a tenth is assumed."""

    key = "fpt"
    label = "FPT.AI"
    terms = Terms(limit=5000, site="https://console.fpt.ai")
    settings = (
        Setting("key", gettext_noop("Khóa API"), secret=True),
        *common("https://api.fpt.ai", terms),
    )
    scale = Scale(0.7, 1.3, 0.1)

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece. The key goes in both spellings of its header: proxies before the service drop the one with `_`."""
        key = self.account["key"]
        headers = {"api_key": key, "api-key": key, "voice": voice, "format": "wav"}
        headers["speed"] = str(round((speed - 1) * 10))
        body = text.ljust(LEAST, ".").encode()
        reply = call.ask("POST", self.url("/hmi/tts/v5"), judge=self.judge, headers=headers, content=body)
        link = str(reply.json()["async"])
        return Said((call.fetch(link, near=self.account["url"], absent=NOT_YET),), speed)

    def judge(self, reply: Reply) -> None:
        """`error` other than 0 is a failure whatever the status; the codes are not documented, so the words decide."""
        reply.check()
        answer = reply.json()
        if answer.get("error") != 0 or not answer.get("async"):
            raise reply.failed(guess(reply.words(), Failure.AWAY))
