"""What can go wrong with devices, in words for the officer or the box."""

from django.utils.translation import gettext_lazy as _


class DeviceError(Exception):
    """An act on a device that cannot be done; `str()` is the reason in Vietnamese."""

    message = _("Không làm được việc này với thiết bị.")

    def __str__(self) -> str:
        return str(self.message)


class CodeUnknown(DeviceError):
    """No device has this code."""

    message = _("Mã không đúng. Hãy xem lại mã trên màn hình quản lý.")


class CodeSpent(DeviceError):
    """The code was used, has expired, or was replaced by a newer one."""

    message = _("Mã đã dùng hoặc đã hết hạn. Hãy cấp mã mới cho thiết bị.")


class ScreenUnknown(DeviceError):
    """No screen shows this code now."""

    message = _("Không có màn hình nào đang hiện mã này. Xem lại mã trên màn hình; mã đổi sau 15 phút.")


class ScreensFull(DeviceError):
    """Too many screens wait to be named."""

    message = _("Đang có quá nhiều màn hình chờ nhận. Hãy thử lại sau ít phút.")


class BadKey(DeviceError):
    """What the device sent is no Ed25519 public key."""

    message = _("Khóa của thiết bị không đúng dạng.")


class TooManyTries(DeviceError):
    """Too many wrong codes or passwords from one address."""

    message = _("Thử sai quá nhiều lần. Hãy đợi 10 phút rồi thử lại.")


class WrongPassword(DeviceError):
    """No device with this name and password may sign in."""

    message = _("Thiết bị chưa được cấp quyền hoặc sai mật khẩu.")


class NotAllowedNow(DeviceError):
    """The status of the device does not allow this."""

    message = _("Thiết bị đã thôi dùng nên không làm được việc này.")


class KindFixed(DeviceError):
    """What was enrolled once stays what it is: its plan, its orders and its history are of that kind."""

    message = _("Thiết bị đã nhập mã nên không đổi loại được. Hãy đăng ký một thiết bị mới.")


class NotSimulated(DeviceError):
    """Only a simulated device has a plug that can be pulled from here."""

    message = _("Chỉ thiết bị mô phỏng mới rút điện được từ đây.")


class NotPictured(DeviceError):
    """Nothing is seen on this device, or the photo is of another one."""

    message = _("Thiết bị này không có màn hình để chụp.")


class PhotoTooLarge(DeviceError):
    """A photo over the limit."""

    message = _("Ảnh chụp màn hình quá lớn.")


class NoPicture(DeviceError):
    """A photo that is no JPEG, or too large to be shown."""

    message = _("Tệp gửi lên không phải ảnh JPEG.")


class PhotosFull(DeviceError):
    """More photos within an hour than anybody looks at."""

    message = _("Thiết bị gửi quá nhiều ảnh. Hãy gửi lại sau một giờ.")


class ReasonMissing(DeviceError):
    """A change of status must say why."""

    message = _("Hãy ghi lý do.")
