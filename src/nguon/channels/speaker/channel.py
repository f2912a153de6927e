"""The loudspeaker channel: what is said."""

from nguon.channels.wired import Wired
from nguon.kit.words import gettext_noop
from nguon.ports.channel import Page, SpeechJob, Wording
from nguon.speech import again, read, speakable

DEFAULT_VOICE = "espeak/vi-vn-x-central"
DEFAULT_RATE = 210  # syllables a minute: slower than talk, for horns outdoors


class Speaker(Wired):
    """Clusters of loudspeakers, whatever maker, that speak the wire protocol."""

    kind = "speaker"
    label = gettext_noop("Cụm loa")
    audible = True
    pictured = False
    driven = True
    preview = None
    opens_at = ""
    arranged_at = ""

    def check(self) -> None:
        """Nothing outside is needed: voices and the bus have their own checks."""

    def speech(self, wording: Wording) -> SpeechJob:
        """The wording read aloud: title, body, its key facts again if asked for.

        Raises ValueError (Vietnamese) if nothing in it can be spoken.
        """
        text = f"{wording.title.strip()}.\n{wording.body.strip()}" if wording.options.get("say_title") else wording.body
        if not speakable(text):
            raise ValueError(gettext_noop("Nội dung chưa có chữ nào đọc được."))
        voice = str(wording.options.get("voice") or DEFAULT_VOICE)
        rate = int(wording.options.get("rate") or DEFAULT_RATE)
        said = read(text, readings=wording.readings)
        lines = [said.text, again(said) if wording.options.get("repeat") else ""]
        return SpeechJob(spoken="\n".join(filter(None, lines)), voice=voice, rate=rate)

    def page(self, wording: Wording) -> Page | None:
        """Nothing is seen of it."""
        return None

    def judge(self, wording: Wording) -> tuple[str, ...]:
        """Nothing is seen of it."""
        return ()
