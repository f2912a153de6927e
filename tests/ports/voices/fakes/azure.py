"""Azure Speech: learn.microsoft.com, Text to speech REST API."""

from xml.etree import ElementTree

from tests.ports.voices.fakes.server import KEY, Answer, Asked, Fake, heard

VOICES = {"vi-VN-HoaiMyNeural", "vi-VN-NamMinhNeural"}
FORMS = {"riff-24khz-16bit-mono-pcm": "wav", "audio-24khz-48kbitrate-mono-mp3": "mp3"}


class AzureFake(Fake):
    """Errors have a status and no body worth reading."""

    def reply(self, asked: Asked) -> Answer:
        if asked.path != "/cognitiveservices/v1":
            return Answer(404)
        if asked.headers.get("ocp-apim-subscription-key") != KEY:
            return Answer(401)
        if asked.headers.get("content-type") != "application/ssml+xml":
            return Answer(415)
        try:
            speak = ElementTree.fromstring(asked.body)
        except ElementTree.ParseError:
            return Answer(400, b"bad SSML")
        voice, prosody = speak.find("voice"), speak.find("voice/prosody")
        if voice is None or prosody is None or voice.get("name") not in VOICES or not asked.headers.get("user-agent"):
            return Answer(400)
        speed = 1 + int(prosody.get("rate", "0%").rstrip("%")) / 100
        return heard(self.say(prosody.text or "", speed, FORMS[asked.headers["x-microsoft-outputformat"]]))
