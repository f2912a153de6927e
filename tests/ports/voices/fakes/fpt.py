"""FPT.AI v5: docs.fpt.ai/docs/en/speech/api/text-to-speech."""

from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, told

VOICES = {"banmai", "thuminh", "leminh", "myan", "giahuy", "lannhi", "linhsan", "ngoclam", "minhquang"}


class FptFake(Fake):
    """The link comes at once; the file is absent `absences` times, then it is there.

    Behind a proxy as nginx is set up by default, headers with an underscore never arrive (`drops_underscores`).
    """

    def __init__(self) -> None:
        super().__init__()
        self.absences = 2
        self.drops_underscores = False
        self._misses: dict[str, int] = {}

    def reply(self, asked: Asked) -> Answer:
        names = ("api-key",) if self.drops_underscores else ("api_key", "api-key")
        if KEY not in [asked.headers.get(name) for name in names]:
            return told(401, message="Invalid authentication credentials")
        if asked.path != "/hmi/tts/v5":
            return told(404, message="no Route matched with those values")
        text = asked.body.decode()
        if not 3 <= len(text) <= 5000:
            return told(200, error=1, message="text length must be from 3 to 5000 characters", request_id="r")
        if asked.headers.get("voice", "banmai") not in VOICES:
            return told(200, error=1, message="voice is not supported", request_id="r")
        step = int(asked.headers.get("speed", "0"))
        assert -3 <= step <= 3, "speed out of range"
        link = self.keep(self.say(text, 1 + step / 10, asked.headers.get("format", "mp3")))
        message = "The content will be returned after a few seconds under the async link."
        return told(200, **{"async": link, "error": 0, "message": message, "request_id": "r"})

    def file(self, asked: Asked) -> Answer:
        self._misses[asked.path] = self._misses.get(asked.path, 0) + 1
        if self._misses[asked.path] <= self.absences:
            return Answer(404 if self._misses[asked.path] % 2 else 403, b"<Error><Code>AccessDenied</Code></Error>")
        return super().file(asked)
