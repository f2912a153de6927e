"""Google Cloud Text-to-Speech (cloud.google.com, text:synthesize): the sound comes in JSON; what counts is bytes."""

import base64
import binascii

from nguon.kit.words import gettext_noop
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply
from nguon.ports.voice import Failure, Setting, Terms, VoiceFailed

RATE = 24_000  # Hz


class Google(Remote):
    """5,000 bytes of UTF-8 in one call: about 3,800 characters of Vietnamese."""

    key = "google"
    label = "Google Cloud"
    terms = Terms(limit=5000, unit="bytes", site="https://console.cloud.google.com")
    settings = (
        Setting("key", gettext_noop("Khóa API"), secret=True),
        *common("https://texttospeech.googleapis.com", terms),
    )
    scale = Scale(0.25, 2.0)

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece. LINEAR16 comes with the head of a WAV."""
        question = {
            "input": {"text": text},
            "voice": {"languageCode": "-".join(voice.split("-")[:2]), "name": voice},
            "audioConfig": {"audioEncoding": "LINEAR16", "speakingRate": speed, "sampleRateHertz": RATE},
        }
        headers = {"X-Goog-Api-Key": self.account["key"]}
        reply = call.ask("POST", self.url("/v1/text:synthesize"), judge=self.judge, headers=headers, json=question)
        try:
            data = base64.b64decode(reply.json()["audioContent"], validate=True)
        except (binascii.Error, TypeError):
            raise VoiceFailed("google sent sound that is not base64", Failure.SOUND) from None
        return Said((data,), speed)

    def judge(self, reply: Reply) -> None:
        """A wrong key is answered with 400, and a project without billing with 403."""
        body = reply.body
        if reply.status == 400 and b"API_KEY_INVALID" in body:
            raise reply.failed(Failure.KEY)
        if reply.status == 403 and (b"BILLING_DISABLED" in body or b"billing" in body.lower()):
            raise reply.failed(Failure.CREDIT)
        reply.check()
        if not reply.json().get("audioContent"):
            raise reply.failed(Failure.SOUND)
