"""Why something cannot be done with a source or a message, in an officer's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.links.rules import Bar
from nguon.outside.addresses import Fault
from nguon.outside.words import UNHAD


class LinkError(Exception):
    """The text is for the officer."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class SourceRefused(LinkError):
    """A source that cannot be kept so; `field` is what of it is wrong."""

    def __init__(self, message: str | Promise, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class SourceEnded(LinkError):
    """Nothing is taken from it any more."""

    message = _("Nguồn này đã thôi dùng. Hãy chọn nguồn khác.")


class TooLarge(LinkError):
    """More than CAP needs."""

    message = _("Tệp lớn hơn 1 MB nên không nhận. Tin CAP chỉ vài chục KB: hãy xin lại tệp gốc.")


class Barred(LinkError):
    """No alert may be made of it."""

    def __init__(self, why: Bar) -> None:
        super().__init__(BARS[why])


class NoMore(LinkError):
    """Since it came, its source stopped trusting who signed it."""

    message = _("Nguồn không còn tin chữ ký của tin này (chứng thư đã bỏ hoặc đã thay). Hãy hỏi lại nơi gửi.")


BARS: dict[Bar, str | Promise] = {
    Bar.UNTRUSTED: _("Tin chưa tin được nên không dùng để soạn. Hãy gọi hỏi nơi gửi; nếu đúng thì soạn cảnh báo mới."),
    Bar.NOT_PUBLIC: _("Tin không dành cho mọi người nên không được phát ra loa."),
    Bar.NOT_REAL: _("Đây là tin thử hoặc tin giữa các hệ thống, không phải để phát."),
    Bar.ANSWER: _("Đây là tin trả lời hoặc báo lỗi, không phải cảnh báo."),
    Bar.EMPTY: _("Tin không có nội dung để phát."),
    Bar.NOTHING_TO_END: _("Tin này kết thúc một tin chưa được phát ở đây nên không cần làm gì."),
    Bar.EXPIRED: _("Tin đã hết hiệu lực nên không soạn được nữa."),
    Bar.ENDED: _("Đã có tin mới hơn thay tin này. Hãy dùng tin mới."),
}
FAULTS: dict[str, str | Promise] = {
    **UNHAD,
    Fault.CONTENT: _("nội dung không phải danh sách tin cũng không phải tin CAP"),
}
