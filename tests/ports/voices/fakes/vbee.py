"""Vbee v1: api-docs.vbee.vn."""

import itertools

from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, heard, told

AT_ONCE = ("ngochuyen", "tuongvy", "maiphuong", "lantrinh", "thaotrinh")


class VbeeFake(Fake):
    """Requests take `looks` looks; the link redirects to where the file is, and runs out `expiries` times."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 2
        self.expiries = 0
        self.fails = ""
        self.elsewhere: Fake | None = None  # another host that has the files
        self._requests: dict[str, tuple[bytes, int]] = {}
        self._numbers = itertools.count(1)

    def reply(self, asked: Asked) -> Answer:
        if asked.path.startswith("/short/"):
            return self.redirect(asked)
        if asked.headers.get("authorization") != f"Bearer {KEY}" or asked.headers.get("app-id") != "ung-dung":
            return told(401, error="UNAUTHORIZED", message="Unauthorized")
        if asked.method == "GET":
            return self.look(asked.path.removeprefix("/v1/tts/requests/"))
        question = asked.json()
        text, voice, speed = question["text"].strip(), question["voiceCode"], question["speed"]
        if not text or not 0.25 <= speed <= 1.9 or question["outputFormat"] not in ("mp3", "wav"):
            return told(400, error="BAD_REQUEST", message="invalid field")
        if question["mode"] == "sync":
            if len(text) > 300:
                return told(400, error="BAD_REQUEST", message="text must be at most 300 characters")
            if not any(name in voice for name in AT_ONCE):
                return told(400, error="BAD_REQUEST", message=f"Voice {voice} does not support TTS sync")
            return heard(self.say(text, speed, question["outputFormat"]))
        if not str(question.get("webhookUrl", "")).startswith("https://"):
            return told(400, error="BAD_REQUEST", message="webhookUrl must be defined")
        if len(text) > 100_000:
            return told(400, error="BAD_REQUEST", message="text must be at most 100000 characters")
        name = f"request-{next(self._numbers)}"
        self._requests[name] = self.say(text, speed, question["outputFormat"]), self.looks
        return told(200, requestId=name, status="PROCESSING")

    def look(self, name: str) -> Answer:
        data, looks = self._requests[name]
        self._requests[name] = data, looks - 1
        if looks > 0:
            return told(200, requestId=name, status="PROCESSING")
        if self.fails:
            return told(200, requestId=name, status="FAILED", error_code="E", error_message=self.fails)
        return told(200, requestId=name, status="COMPLETED", audioLink=f"{self.url}/short/{name}")

    def redirect(self, asked: Asked) -> Answer:
        assert not any(KEY in value for value in asked.headers.values()), "a key went to a link"
        if self.expiries:
            self.expiries -= 1
            return Answer(403, b"<Error>expired</Error>")
        data = self._requests[asked.path.removeprefix("/short/")][0]
        return Answer(302, b"", {"Location": (self.elsewhere or self).keep(data)})
