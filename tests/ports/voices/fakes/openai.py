"""Servers that speak as OpenAI does: OpenAI itself, VieNeu-TTS's and Supertonic's, each with its own ways."""

from typing import Any

from tests.ports.voices.fakes.server import KEY, RATE, Answer, Asked, Fake, heard, said, told

MIMES = {
    "wav": "audio/wav",
    "pcm": "audio/pcm",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "opus": "audio/ogg",
    "aac": "audio/aac",
}


def error(status: int, message: str, code: str = "") -> Answer:
    """An error as OpenAI writes it."""
    return told(status, error={"message": message, "type": "invalid_request_error", "param": None, "code": code})


def streamed(wav: bytes) -> bytes:
    """A WAV as it is written by who does not know yet how long it gets."""
    return wav[:4] + b"\xff\xff\xff\xff" + wav[8:40] + b"\xff\xff\xff\xff" + wav[44:]


class OpenAiFake(Fake):
    """developers.openai.com: WAV comes as a stream; the key is partly repeated in what it says of a wrong one."""

    longest = 4096
    forms: tuple[str, ...] = ("mp3", "opus", "aac", "flac", "wav", "pcm")
    voices: frozenset[str] = frozenset({"alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"})

    def reply(self, asked: Asked) -> Answer:
        if asked.path != "/v1/audio/speech":
            return error(404, "Invalid URL")
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            given = asked.headers.get("authorization", "").removeprefix("Bearer ")
            return error(401, f"Incorrect API key provided: {given}.", "invalid_api_key")
        question = asked.json()
        if not 1 <= len(question["input"]) <= self.longest:
            return error(400, f"string_above_max_length: at most {self.longest} characters")
        if question["voice"] not in self.voices:
            return error(400, f"unknown voice {question['voice']!r}")
        if question.get("response_format", "mp3") not in self.forms:
            return error(400, "unsupported response_format")
        return self.spoken(question)

    def spoken(self, question: dict[str, Any]) -> Answer:
        assert 0.25 <= question["speed"] <= 4.0
        form = question.get("response_format", "mp3")
        data = self.say(question["input"], question["speed"], form)
        answer = heard(streamed(data) if form == "wav" else data, MIMES.get(form, f"audio/{form}"))
        if form == "pcm":
            answer.headers["X-Sample-Rate"] = str(RATE)
        return answer


class VieNeuFake(OpenAiFake):
    """`apps/openai_speech.py` of VieNeu-TTS: WAV or PCM, any speed asked for is ignored and named as such."""

    longest = 20_000
    forms = ("wav", "pcm")
    voices = frozenset({"Ngọc Trân", "Quang Sơn", "Mai Anh", "Minh Đức", "Thùy Dung", "Minh Triết", "Trúc Ly"}) | {
        *("Ngọc Huyền", "Đoan Trang", "Hải Đăng", "Phạm Tuyên", "Xuân Vĩnh", "Quốc Tuấn", "Thiện Minh", "Ngọc Linh"),
        *("Thục Đoan", "Thái Sơn"),
    }

    def spoken(self, question: dict[str, Any]) -> Answer:
        answer = heard(streamed(self.say(question["input"], 1.0)))
        if question.get("speed") is not None:
            answer.headers["X-VieNeu-Ignored"] = "speed"
        return answer


class SupertonicFake(OpenAiFake):
    """`supertonic serve`: the loaded model only, speeds from 0.7 to 2, and the language must be named."""

    forms = ("wav", "flac", "ogg")
    voices = frozenset(f"{kind}{number}" for kind in "FM" for number in range(1, 6))

    def spoken(self, question: dict[str, Any]) -> Answer:
        if question["model"] != "supertonic-3":
            return error(400, "this server serves 'supertonic-3'", "model_not_loaded")
        if not 0.7 <= question["speed"] <= 2.0:
            return told(422, detail=[{"loc": ["body", "speed"], "msg": "Input should be from 0.7 to 2"}])
        if question.get("lang") != "vi":
            return heard(said(question["input"], question["speed"], language="en"))
        return heard(self.say(question["input"], question["speed"]))
