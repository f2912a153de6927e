"""Zalo AI: zalo.ai/docs/api/text-to-audio-converter."""

from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, told


class ZaloFake(Fake):
    """Errors are codes in the answer, and then `data` is an empty list; the file is absent once."""

    def __init__(self) -> None:
        super().__init__()
        self.absences = 1

    def error(self, code: int, message: str) -> Answer:
        return told(200, error_code=code, error_message=message, data=[])

    def reply(self, asked: Asked) -> Answer:
        form = asked.form()
        if asked.headers.get("apikey") != KEY:
            return self.error(401, "Unauthorized")
        if asked.path != "/v1/tts/synthesize":
            return Answer(404, b"")
        if asked.headers.get("content-type") != "application/x-www-form-urlencoded":
            return self.error(150, "Invalid parameter")
        if len(form.get("input", "")) > 2000:
            return self.error(155, "Your input is over 2000 characters")
        if form.get("speaker_id") not in set("123456") or not 0.8 <= float(form["speed"]) <= 1.2:
            return self.error(150, "Invalid parameter")
        forms = {"0": "wav", "1": "mp3", "2": "aac"}
        link = self.keep(self.say(form["input"], float(form["speed"]), forms[form.get("encode_type", "0")]))
        return told(200, error_code=0, error_message="Successful.", data={"url": link})

    def file(self, asked: Asked) -> Answer:
        if self.absences:
            self.absences -= 1
            return Answer(404, b"")
        return super().file(asked)
