"""Azure Speech (learn.microsoft.com, Text to speech REST API): SSML goes there, a WAV comes back."""

import re
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from nguon.kit.words import gettext_noop
from nguon.plugs.voices.account import common
from nguon.plugs.voices.call import Call
from nguon.plugs.voices.remote import Remote, Said, Scale
from nguon.plugs.voices.reply import Reply
from nguon.ports.voice import Setting, Terms

FORM = "riff-24khz-16bit-mono-pcm"


class Azure(Remote):
    """What would last over ten minutes is cut off there without a word, so much less goes in one call."""

    key = "azure"
    label = "Azure AI Speech"
    terms = Terms(limit=3000, site="https://portal.azure.com")
    settings = (
        Setting("key", gettext_noop("Khóa tài nguyên"), secret=True),
        Setting(
            "region",
            gettext_noop("Vùng của tài nguyên"),
            default="southeastasia",
            hint=gettext_noop("Khóa chỉ dùng được ở vùng đã tạo tài nguyên."),
        ),
        *common("https://{region}.tts.speech.microsoft.com", terms),
    )
    scale = Scale(0.5, 2.0)

    def check(self) -> None:
        """As every service; and the region is part of the address."""
        super().check()
        if not re.fullmatch(r"[a-z0-9]+", self.account["region"]):
            raise ValueError(_("Vùng của tài nguyên viết liền, chữ thường. Ví dụ: southeastasia"))

    def url(self, path: str) -> str:
        """A path of the service in the account's region."""
        return super().url(path).replace("{region}", self.account["region"])

    def say(self, call: Call, text: str, voice: str, speed: float) -> Said:
        """One piece."""
        headers = {
            "Ocp-Apim-Subscription-Key": self.account["key"],
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": FORM,
        }
        body = (
            f'<speak version="1.0" xml:lang="vi-VN"><voice name={quoteattr(voice)}>'
            f'<prosody rate="{round((speed - 1) * 100):+d}%">{escape(text)}</prosody></voice></speak>'
        )
        reply = call.ask(
            "POST", self.url("/cognitiveservices/v1"), judge=self.judge, headers=headers, content=body.encode()
        )
        return Said((reply.body,), speed)

    def judge(self, reply: Reply) -> None:
        """By status; the sound is the answer."""
        reply.check_sound()
