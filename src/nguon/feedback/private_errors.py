"""Why something about somebody's data cannot be done, in words for whoever asked."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PrivateError(Exception):
    """It cannot be done; `str()` says why and what to do next."""

    message: str | Promise = _("Không làm được việc này. Hãy tải lại trang rồi thử lại.")

    def __str__(self) -> str:
        return str(self.message)


class NotProven(PrivateError):
    """Neither code and four digits, nor a fresh proof of them."""

    message = _("Mã phản ánh hoặc bốn số chưa đúng. Hãy xem lại phiếu nhận khi bạn gửi phản ánh.")


class ProofOld(PrivateError):
    """The proof was given too long ago."""

    message = _("Đã quá 30 phút kể từ khi bạn nhập mã. Hãy nhập lại mã phản ánh và bốn số.")


class AskedAlready(PrivateError):
    """The same was asked for and is not done yet."""

    message = _("Bạn đã gửi yêu cầu này rồi và cơ quan đang xử lý.")


class AlreadyDone(PrivateError):
    """The request has been carried out."""

    message = _("Yêu cầu này đã làm xong.")


class ExtendedAlready(PrivateError):
    """A request may be put off once."""

    message = _("Yêu cầu này đã được gia hạn một lần; không gia hạn thêm được.")


class NoReason(PrivateError):
    """Nothing was said where a reason is needed."""

    message = _("Hãy ghi lý do. Người yêu cầu sẽ đọc được.")


class NotAgreed(PrivateError):
    """Data for which there is no consent (any more)."""

    message = _(
        "Bạn không còn đồng ý cho lưu thông tin liên hệ nên không ghi được. Cần liên hệ, hãy gọi cơ quan xử lý."
    )


class TooLong(PrivateError):
    """More words than are kept."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        return str(_("Nội dung dài quá %(max)d chữ cái. Hãy viết ngắn lại.") % {"max": self.most})


class StillPersonal(PrivateError):
    """The words that are to stay still tell who somebody is."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found

    def __str__(self) -> str:
        words = _("Nội dung giữ lại vẫn còn dữ liệu cá nhân: “%(found)s”. Hãy bỏ chỗ đó rồi xác nhận lại.")
        return str(words % {"found": self.found})
