"""The channel of boards: what is shown, how long, and whether it can be read."""

from nguon.channels.board import document, findings, readability
from nguon.kit.words import gettext_noop
from nguon.ports.channel import Glass, Page, Preview, Wording

GLASSES = (
    Glass(gettext_noop("Màn ngang"), 1920, 1080),
    Glass(gettext_noop("Màn dọc"), 1080, 1920),
    Glass(gettext_noop("Bảng LED"), 320, 96),
)


class Board:
    """Screens of any size that are a page of ours."""

    kind = "board"
    label = gettext_noop("Bảng tin")
    preview = Preview(gettext_noop("Trên bảng tin"), "board:preview", GLASSES)

    def check(self) -> None:
        """Nothing outside is needed: the page has what it shows with it."""

    def page(self, wording: Wording) -> Page | None:
        """The document and how long it takes to be read once. Raises ValueError (Vietnamese) if it cannot be shown."""
        try:
            body = document.document(wording.title, wording.body, wording.issuer, lang=wording.language)
        except document.TooLarge as error:
            raise ValueError(
                gettext_noop("Nội dung dài quá, bảng tin không nhận. Hãy cắt bớt hoặc chia ra.")
            ) from error
        made = document.read(body)
        if not made.title and not made.text:
            raise ValueError(gettext_noop("Chưa có chữ nào để hiện."))
        return Page(body, document.MIME, document.reading_ms(made.title, made.text))

    def judge(self, wording: Wording) -> tuple[str, ...]:
        """What keeps it from being read on any of the usual screens."""
        page = self.page(wording)
        shown = document.read(page.body) if page else None
        screens = [(glass.width, glass.height) for glass in GLASSES]
        return tuple(map(findings.say, readability.judged(shown, screens))) if shown else ()
