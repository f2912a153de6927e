"""The channel of boards: what is shown."""

import json

from nguon.channels.wired import Wired
from nguon.kit.words import gettext_noop
from nguon.ports.channel import Page, SpeechJob, Wording

MIME = "application/json"


class Board(Wired):
    """Anything that shows the page of a board: televisions, LED walls, small computers."""

    kind = "board"
    label = gettext_noop("Bảng tin")
    audible = False
    opens_at = "/bang/"

    def check(self) -> None:
        """Nothing outside is needed: a board is a page of this server."""

    def speech(self, wording: Wording) -> SpeechJob:
        """It has no voice."""
        raise ValueError(gettext_noop("Bảng tin không đọc thành tiếng."))

    def page(self, wording: Wording) -> Page | None:
        """The words, to be laid out where they are shown."""
        body = {
            "v": 1,
            "title": wording.title,
            "text": wording.body.split("\n"),
            "look": "notice",
            "lang": "vi",
            "issuer": wording.options.get("issuer", ""),
            "link": None,
            "alert": wording.options.get("alert"),
        }
        return Page(json.dumps(body, ensure_ascii=False, sort_keys=True, default=str).encode(), MIME, 30_000)
