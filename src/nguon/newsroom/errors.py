"""Why a verb of the newsroom was refused, in an officer's words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from nguon.newsroom.linked import LONGEST, LONGEST_LABEL
from nguon.newsroom.rules import TITLE_LIMIT, Problem

if TYPE_CHECKING:
    from nguon.newsroom.models import Version


class NewsroomError(Exception):
    """Anything refused; the text is for the officer."""


class Unfit(NewsroomError):
    """The wording or its details cannot be kept. `fields` maps the field of the form to its message."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class Conflict(NewsroomError):
    """Somebody saved another version meanwhile: `theirs`. Nothing of either is lost."""

    def __init__(self, theirs: "Version") -> None:
        said = _("%(who)s đã lưu phiên bản %(number)d trong lúc bạn đang soạn.")
        super().__init__(said % {"who": theirs.created_by, "number": theirs.number})
        self.theirs = theirs


class NotReady(NewsroomError):
    """There is no audio of the newest version yet, or its film is not made."""


class Closed(NewsroomError):
    """The bulletin was withdrawn or has expired."""


def told(found: list[Problem], *, title: int, body: int, limit: int) -> dict[str, str]:
    """The problems of a draft by field. `title` and `body` are lengths, `limit` the most of a body, in characters."""
    said = {
        Problem.NO_TITLE: ("title", _("Hãy đặt tên cho bản tin.")),
        Problem.LONG_TITLE: (
            "title",
            _("Tên bản tin dài %(length)s ký tự, nhiều nhất là %(limit)s.")
            % {"length": grouped(title), "limit": grouped(TITLE_LIMIT)},
        ),
        Problem.NO_BODY: ("body", _("Chưa có nội dung. Hãy gõ hoặc dán nội dung, hoặc dùng tệp âm thanh.")),
        Problem.LONG_BODY: (
            "body",
            _("Nội dung dài %(length)s ký tự, nhiều nhất là %(limit)s. Hãy cắt bớt hoặc chia thành nhiều bản tin.")
            % {"length": grouped(body), "limit": grouped(limit)},
        ),
        Problem.NOTHING_TO_SAY: ("body", _("Nội dung chưa có chữ nào đọc được.")),
        Problem.LONG_LINK: (
            "link_url",
            _("Đường dẫn dài quá %(limit)s ký tự, điện thoại không quét được. Hãy dùng đường dẫn ngắn hơn.")
            % {"limit": LONGEST},
        ),
        Problem.LINK_WITHOUT_HTTP: (
            "link_url",
            _("Đường dẫn phải bắt đầu bằng https:// hoặc http://. Hãy mở trang đó rồi chép cả dòng địa chỉ."),
        ),
        Problem.NO_LINK: (
            "link_url",
            _("Đường dẫn này không mở được trang nào. Hãy mở trang đó rồi chép cả dòng địa chỉ."),
        ),
        Problem.LABEL_WITHOUT_LINK: ("link_url", _("Có lời mời xem thêm nhưng chưa có đường dẫn. Hãy dán đường dẫn.")),
        Problem.LONG_LABEL: (
            "link_label",
            _("Lời mời dài quá %(limit)s ký tự. Hãy viết ngắn lại.") % {"limit": LONGEST_LABEL},
        ),
    }
    return dict(said[problem] for problem in found)


def grouped(number: int) -> str:
    """A number with dots between thousands, as it is written in Vietnamese."""
    return f"{number:,}".replace(",", ".")
