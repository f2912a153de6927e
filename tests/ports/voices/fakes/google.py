"""Google Cloud Text-to-Speech: cloud.google.com, text:synthesize."""

import base64

from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, told


def error(code: int, status: str, message: str, reason: str = "") -> Answer:
    """An error as all of Google's services write it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return told(code, error={"code": code, "message": message, "status": status, "details": details})


class GoogleFake(Fake):
    """The limit is of bytes; a wrong key is 400."""

    def reply(self, asked: Asked) -> Answer:
        if asked.path != "/v1/text:synthesize":
            return Answer(404, b"<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>")
        if asked.headers.get("x-goog-api-key") != KEY:
            message = "API key not valid. Please pass a valid API key."
            return error(400, "INVALID_ARGUMENT", message, "API_KEY_INVALID")
        question = asked.json()
        text, config = question["input"]["text"], question["audioConfig"]
        if len(text.encode()) > 5000:
            return error(400, "INVALID_ARGUMENT", "`input.text` is longer than the limit of 5000 bytes.")
        if question["voice"]["languageCode"] != "vi-VN" or not question["voice"]["name"].startswith("vi-VN-"):
            return error(400, "INVALID_ARGUMENT", "Voice does not exist.")
        assert 0.25 <= config["speakingRate"] <= 2.0
        form = {"LINEAR16": "wav", "MP3": "mp3", "OGG_OPUS": "ogg"}[config["audioEncoding"]]
        return told(200, audioContent=base64.b64encode(self.say(text, config["speakingRate"], form)).decode())
