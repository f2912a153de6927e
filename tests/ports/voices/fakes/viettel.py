"""Viettel AI: the document of viettelai.vn."""

from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, heard, told

FORMS = {1: "wav", 2: "wav", 3: "mp3"}


class ViettelFake(Fake):
    """The sound itself comes back. With `always_200` errors come with status 200, as has been seen."""

    def __init__(self) -> None:
        super().__init__()
        self.always_200 = False

    def error(self, code: int, en: str, vi: str) -> Answer:
        return told(200 if self.always_200 else code, code=code, en_message=en, vi_message=vi)

    def reply(self, asked: Asked) -> Answer:
        if asked.path != "/tts/speech_synthesis":
            return Answer(404, b"Not Found")
        question = asked.json()
        if question.get("token") != KEY:
            return self.error(401, "Unauthorized", "Chưa xác thực được người dùng")
        if question["speed"] not in (0.8, 0.9, 1.0, 1.1, 1.2):
            return self.error(400, "Invalid speed", "Sai dữ liệu đầu vào")
        if not question["text"] or len(question["text"]) > 2000:
            return self.error(400, "Invalid text", "Sai dữ liệu đầu vào")
        answer = heard(self.say(question["text"], question["speed"], FORMS[question["tts_return_option"]]))
        answer.headers["request_id"] = "r"
        return answer
