"""Why something cannot be done to an alert, in an officer's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AlertError(Exception):
    """The text is for the officer."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class NotNow(AlertError):
    """Its state does not allow it: somebody else was faster, or it is over."""

    message = _("Tin này vừa đổi trạng thái nên không làm được nữa. Hãy xem lại.")


class Changed(AlertError):
    """What is signed is not what stands there now."""

    message = _("Nội dung đã đổi từ lúc bạn mở trang. Hãy đọc lại rồi ký.")


class Unsaid(AlertError):
    """Words are missing, or too long to be heard."""


class Nowhere(AlertError):
    """No cluster would hear it."""

    message = _("Nơi nhận chưa có cụm loa nào đang dùng. Hãy chọn nơi khác.")


class NoLeader(AlertError):
    """Nobody who approves is among the signers."""

    message = _("Trong những người ký phải có ít nhất một người có quyền duyệt.")


class Full(AlertError):
    """The server can keep nothing more."""

    message = _("Ổ đĩa của máy chủ đã đầy nên chưa ghi được. Hãy báo kỹ thuật viên giải phóng ổ đĩa rồi làm lại.")
