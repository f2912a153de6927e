"""What the device API answers when it cannot do as asked: a status and words."""

from django.utils.translation import gettext_lazy as _

from nguon.devices import errors as devices


class ApiError(Exception):
    """A request that is refused; `status` is the HTTP status, `str()` the reason in Vietnamese."""

    status = 400
    message = _("Nội dung gửi lên không đúng dạng.")

    def __str__(self) -> str:
        return str(self.message)


class BadBody(ApiError):
    """A body or address that is not of the documented form."""


class Unsigned(ApiError):
    """No usable HTTP Basic credentials."""

    status = 401
    message = _("Thiết bị phải đăng nhập bằng mã thiết bị và mật khẩu.")


class NotYours(ApiError):
    """A file or broadcast this device has no business with."""

    status = 403
    message = _("Nội dung này không dành cho thiết bị này.")


class Gone(ApiError):
    """What is asked for is not there."""

    status = 404
    message = _("Không có nội dung này trên máy chủ.")


class TooLarge(ApiError):
    """A body over the limit."""

    status = 413
    message = _("Tệp gửi lên quá lớn.")


class TooOften(ApiError):
    """More tellings within an hour than there is news."""

    status = 429
    message = _("Thiết bị báo quá nhiều lần. Hãy báo lại sau một giờ.")


class NotAudio(ApiError):
    """A proof that no player could play."""

    status = 415
    message = _("Tệp gửi lên không phải là âm thanh.")


STATUS: dict[type[Exception], int] = {
    devices.CodeUnknown: 404,
    devices.CodeSpent: 410,
    devices.ScreenUnknown: 404,
    devices.ScreensFull: 429,
    devices.BadKey: 400,
    devices.NotPictured: 403,
    devices.PhotoTooLarge: 413,
    devices.NoPicture: 415,
    devices.PhotosFull: 429,
    devices.WrongPassword: 401,
    devices.TooManyTries: 429,
}


def status_of(error: Exception) -> int:
    """The HTTP status of a refusal."""
    return error.status if isinstance(error, ApiError) else STATUS.get(type(error), 400)
