"""VNPT SmartVoice: the token service, v2 standard and v1 check-status of smartvoice.vnpt.vn."""

import itertools
from typing import Any

from nguon.speech import sentences
from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, told

REGIONS = {
    *("female_north", "female_north_ngochoa", "female_central", "female_south"),
    *("male_north", "male_central", "male_south"),
}
ACCESS = "phien-bi-mat"  # how every access token begins; must never be seen either


class VnptFake(Fake):
    """Long texts come as several sounds in any order; `pending` is how often an answer is not ready yet."""

    def __init__(self) -> None:
        super().__init__()
        self.pending = 0
        self.whole = False  # the playlist is also there in one piece
        self.life: object = 28_800
        self.valid: set[str] = set()
        self.refresh = ""
        self.grants: list[str] = []
        self._texts: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    def is_speech(self, asked: Asked) -> bool:
        return asked.path == "/tts-service/v2/standard"

    def reply(self, asked: Asked) -> Answer:
        question = asked.json()
        if asked.path == "/auth-service/oauth/token":
            return self.grant(question)
        access = asked.headers.get("authorization", "").removeprefix("Bearer ")
        names = (asked.headers.get("token-id"), asked.headers.get("token-key"))
        if access not in self.valid or names != (f"{KEY}-id", f"{KEY}-key"):
            return told(401, error="invalid_token", error_description=f"Invalid access token: {access}")
        if asked.path == "/tts-service/v1/check-status":
            return self.shown(question["text_id"])
        return self.speak(question)

    def grant(self, question: dict[str, Any]) -> Answer:
        self.grants.append(question["grant_type"])
        known = question.get("client_id") == "ung-dung" and question.get("client_secret") == f"{KEY}-secret"
        password = (question.get("username"), question.get("password")) == ("xa@example.vn", f"{KEY}-password")
        refreshed = bool(self.refresh) and question.get("refresh_token") == self.refresh
        if not known or not (password if question["grant_type"] == "password" else refreshed):
            return told(400, error="invalid_grant", error_description="Bad credentials")
        number = next(self._numbers)
        self.valid = {f"{ACCESS}-{number}"}
        self.refresh = f"{ACCESS}-refresh-{number}"
        kinds = {"token_type": "bearer", "scope": "read", "expires_in": self.life}
        return told(200, access_token=f"{ACCESS}-{number}", refresh_token=self.refresh, **kinds)

    def speak(self, question: dict[str, Any]) -> Answer:
        text, region = question.get("text", ""), question.get("region")
        if not 1 <= len(text) <= 2000 or region not in REGIONS or not 0.5 <= question["speed"] <= 2:
            errors = {"messageObjects": None, "messageFields": None, "status": "BAD_REQUEST", "error": "Bad input"}
            return told(400, message="IDG-00010102", statusCode=400, **errors)
        assert question["use_abbr_converter"] is False, "the reader must own the reading"
        found = sentences(text)
        playlist = [
            {
                "idx": str(at),
                "text": sentence,
                "text_len": len(sentence),
                "total": str(len(found)),
                "audio_link": self.keep(self.say(sentence, question["speed"])),
            }
            for at, sentence in enumerate(found)
        ]
        playlist = playlist[::-1]  # in any order
        full = self.keep(self.say(text, question["speed"])) if self.whole else ""
        made = {"code": "success", "playlist": playlist, "r_audio_full": full, "r_audio_full_finished": self.whole}
        name = f"text-{next(self._numbers)}"
        self._texts[name] = {**made, "text_id": name, "version": "1.0.0"}
        return self.shown(name)

    def shown(self, name: str) -> Answer:
        found = self._texts[name]
        if self.pending:
            self.pending -= 1
            part = [*found["playlist"][:1]] if self.pending % 2 else []
            found = found | {"code": "pending", "playlist": part, "r_audio_full": "", "r_audio_full_finished": False}
        return told(200, message="IDG-00000000", object=found)
