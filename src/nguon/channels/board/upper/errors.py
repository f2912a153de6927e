"""Why something cannot be done about boards of two systems: in an officer's words, and with the status of HTTP."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UpperError(Exception):
    """The text is for the officer, or for the other system; `field` is what of a form is wrong."""

    status = 400
    message: str | Promise = _("Nội dung gửi lên không đúng dạng.")

    def __init__(self, message: str | Promise = "", field: str = "") -> None:
        super().__init__(message or self.message)
        self.field = field

    def __str__(self) -> str:
        return str(self.args[0])


class Refused(UpperError):
    """What was filled in cannot be kept so."""


class Ended(UpperError):
    """It is in use no more."""

    message = _("Mục này đã thôi dùng.")


class NotApproved(UpperError):
    """Only what is approved, and can be shown, is given on."""

    message = _("Chỉ chọn được bản tin đã duyệt và có trang cho bảng tin.")


class NoToken(UpperError):
    """No token, none that is known, or one that was taken back."""

    status = 401
    message = _("Mã liên kết không đúng hoặc đã bị thu hồi. Hãy xin cấp trên mã mới.")


class NotGiven(UpperError):
    """It is not there, or not for this token."""

    status = 404
    message = _("Không có nội dung này cho mã liên kết đã dùng.")


class TooMuch(UpperError):
    """A report over the limit."""

    status = 413
    message = _("Báo cáo quá lớn.")


class TooOften(UpperError):
    """Asked more often than a system needs to."""

    status = 429
    message = _("Hỏi quá nhiều lần. Hãy đợi một phút.")


class Changed(UpperError):
    """Another key signs now than the one that was read aloud."""

    message = _("Dấu vân đã khác lúc xem. Hãy đọc đối chiếu lại với cấp trên.")
