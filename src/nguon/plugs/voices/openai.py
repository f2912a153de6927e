"""Any server that speaks as OpenAI does: POST /v1/audio/speech. Also VieNeu and Supertonic, with their differences."""

from django.utils.translation import gettext as _

from nguon.kit.words import gettext_noop
from nguon.plugs.voices import sound
from nguon.plugs.voices.account import common, infos
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply
from nguon.ports.voice import Failure, Setting, Terms, VoiceInfo

FORMATS = ("wav", "mp3", "flac", "opus", "aac", "pcm")
PCM_RATE = 24_000  # Hz of OpenAI's pcm; others say theirs in a header


class OpenAi(Remote):
    """OpenAI itself, or a server like it; its own voices are named in the account, as nobody else knows them."""

    key = "openai"
    label = "OpenAI"
    terms = Terms(limit=4096, site="https://platform.openai.com")
    settings = (
        Setting("key", gettext_noop("Khóa API"), secret=True, optional=True),
        Setting("model", gettext_noop("Mô hình"), default="gpt-4o-mini-tts"),
        Setting(
            "format",
            gettext_noop("Dạng âm thanh"),
            default="wav",
            optional=True,
            rare=True,
            hint=gettext_noop("wav, mp3, flac, opus, aac hoặc pcm, tùy máy chủ."),
        ),
        Setting(
            "instructions",
            gettext_noop("Lời dặn cách đọc"),
            optional=True,
            rare=True,
            hint=gettext_noop("Chỉ một số mô hình nghe theo. Ví dụ: Đọc tiếng Việt, chậm rãi, trang trọng."),
        ),
        *common("https://api.openai.com", terms),
    )
    scale = Scale(0.25, 4.0)

    def check(self) -> None:
        """As every service; and the form of sound must be one that servers know."""
        super().check()
        if self.form not in FORMATS:
            raise ValueError(_("Dạng âm thanh phải là wav, mp3, flac, opus, aac hoặc pcm."))

    def voices(self) -> tuple[VoiceInfo, ...]:
        """Those the account names; if it names none, those of the documents."""
        try:
            return tuple(infos(self.account["voices"])) or super().voices()
        except ValueError:
            return super().voices()

    @property
    def form(self) -> str:
        """What is asked for as response_format."""
        return self.account["format"]

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece."""
        question: dict[str, object] = {"model": self.account["model"], "input": text, "voice": voice}
        question |= {"response_format": self.form, "speed": speed, **self.extras()}
        key = self.account["key"]
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = call.ask("POST", self.url("/v1/audio/speech"), judge=self.judge, headers=headers, json=question)
        body = reply.body
        if self.form == "pcm" and not sound.kind(body):
            body = sound.pcm(body, int(reply.headers.get("x-sample-rate", PCM_RATE)))
        ignored = [part.strip() for part in reply.headers.get("x-vieneu-ignored", "").split(",")]
        return Said((body,), 1.0 if "speed" in ignored else speed)

    def extras(self) -> dict[str, object]:
        """What more is asked with a text."""
        return {"instructions": self.account["instructions"]} if self.account["instructions"] else {}

    def judge(self, reply: Reply) -> None:
        """A quota that is used up is also 429, and no waiting helps."""
        if reply.status == 429 and b"insufficient_quota" in reply.body:
            raise reply.failed(Failure.CREDIT)
        if self.form == "pcm" and not reply.headers.get("content-type", "").startswith(("application/json", "text/")):
            reply.check()
        else:
            reply.check_sound()


class VieNeu(OpenAi):
    """VieNeu-TTS on a machine of one's own (`python -m apps.openai_speech`): WAV; it takes no speed: we change it."""

    key = "vieneu"
    label = "VieNeu-TTS"
    terms = Terms(limit=1500, site="https://github.com/pnnbao97/VieNeu-TTS")
    settings = (
        Setting("key", gettext_noop("Khóa API"), secret=True, optional=True),
        Setting("model", gettext_noop("Mô hình"), default="vieneu-v3-turbo"),
        *common("http://127.0.0.1:8000", terms),
    )

    @property
    def form(self) -> str:
        """It knows wav and pcm."""
        return "wav"

    def extras(self) -> dict[str, object]:
        """Nothing: it follows no instructions."""
        return {}


class Supertonic(OpenAi):
    """`supertonic serve` on a machine of one's own: speeds from 0.7 to 2; the language must be named."""

    key = "supertonic"
    label = "Supertonic"
    terms = Terms(limit=1500, site="https://github.com/supertone-inc/supertonic-py")
    settings = (
        Setting("key", gettext_noop("Khóa API"), secret=True, optional=True),
        Setting(
            "model",
            gettext_noop("Mô hình"),
            default="supertonic-3",
            hint=gettext_noop("Đúng tên mô hình mà máy chủ đã nạp."),
        ),
        *common("http://127.0.0.1:7788", terms),
    )
    scale = Scale(0.7, 2.0)

    @property
    def form(self) -> str:
        """It knows wav, flac and ogg."""
        return "wav"

    def extras(self) -> dict[str, object]:
        """The language: a voice of many languages is not left to guess."""
        return {"lang": "vi"}
