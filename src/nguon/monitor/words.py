"""States and vitals in an officer's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from nguon.monitor.rules import CLOCK_LIMIT, Health
from nguon.ui import words as said

HEALTH: dict[Health, Promise] = {
    Health.PLANNED: gettext_lazy("Chưa lắp"),
    Health.REPAIR: gettext_lazy("Đang sửa"),
    Health.OFFLINE: gettext_lazy("Mất kết nối"),
    Health.SILENT: gettext_lazy("Không phản hồi"),
    Health.PLAYING: gettext_lazy("Đang phát"),
    Health.DISK: gettext_lazy("Hết chỗ"),
    Health.CLOCK: gettext_lazy("Lệch giờ"),
    Health.READY: gettext_lazy("Sẵn sàng"),
}
ADVICE: dict[Health, Promise] = {
    Health.PLANNED: gettext_lazy("Thiết bị chưa kết nối lần nào. Cấp mã rồi nhập vào thiết bị tại chỗ."),
    Health.REPAIR: gettext_lazy("Thiết bị đang sửa nên không nhận lượt phát."),
    Health.OFFLINE: gettext_lazy(
        "Kiểm tra nguồn điện và SIM 4G tại chỗ. Bản tin còn hạn sẽ tự gửi khi có kết nối lại."
    ),
    Health.SILENT: gettext_lazy(
        "Còn kết nối nhưng thiết bị im lặng. Chờ vài phút, nếu vẫn vậy thì khởi động lại thiết bị."
    ),
    Health.DISK: gettext_lazy("Thẻ nhớ sắp đầy, bản tin sau có thể không tải được. Thay hoặc dọn thẻ nhớ."),
    Health.CLOCK: gettext_lazy("Đồng hồ sai nên có thể phát sai giờ. Kiểm tra mạng hoặc pin đồng hồ của thiết bị."),
}
STAGE: dict[str, Promise] = {
    "waiting": gettext_lazy("chưa nhận"),
    "received": gettext_lazy("đã nhận"),
    "playing": gettext_lazy("đang phát"),
    "finished": gettext_lazy("đã phát xong"),
    "stopped": gettext_lazy("đã dừng"),
    "failed": gettext_lazy("không phát được"),
}
REFUSAL: dict[str, Promise] = {
    "enrol": gettext_lazy("Nhập sai mã cấp quyền"),
    "password": gettext_lazy("Sai mật khẩu khi tải tệp"),
    "wrong-key": gettext_lazy("Sai tên hoặc sai khóa khi nối vào máy chủ tin nhắn"),
    "malformed": gettext_lazy("Bản tin hỏng, không đọc được"),
    "oversized": gettext_lazy("Bản tin quá dài"),
    "unknown": pgettext_lazy("message", "Không rõ loại bản tin"),
    "stranger": gettext_lazy("Máy lạ nói thay thiết bị"),
    "wrong-topic": gettext_lazy("Thiết bị nói ở chỗ không phải của mình"),
    "not-a-target": gettext_lazy("Thiết bị báo về một lượt phát không dành cho nó"),
    "unknown-broadcast": gettext_lazy("Thiết bị báo về một lượt phát không có"),
    "unstorable": gettext_lazy("Phản hồi không lưu được"),
    "heard-malformed": gettext_lazy("Thiết bị nhận được lệnh hỏng và đã bỏ qua"),
    "heard-unsigned": gettext_lazy("Thiết bị nhận được lệnh không có chữ ký và đã từ chối"),
    "heard-forged": gettext_lazy("Thiết bị nhận được lệnh có chữ ký giả hoặc bị sửa và đã từ chối"),
    "heard-unknown-key": gettext_lazy("Thiết bị nhận được lệnh ký bằng khóa lạ và đã từ chối"),
    "heard-key-over": gettext_lazy("Thiết bị nhận được lệnh ký bằng khóa đã thu hoặc hết hạn và đã từ chối"),
    "heard-rank": gettext_lazy("Thiết bị nhận được lệnh vượt thẩm quyền của nơi ký và đã từ chối"),
    "heard-issuer": gettext_lazy("Thiết bị nhận được lệnh mạo danh nơi khác và đã từ chối"),
    "heard-signers": gettext_lazy("Thiết bị nhận được lệnh khẩn cấp chưa đủ hai người ký và đã từ chối"),
    "heard-replayed": gettext_lazy("Thiết bị nhận được lệnh cũ phát lại và đã từ chối"),
    "heard-hash": gettext_lazy("Thiết bị tải được tệp khác với nội dung đã ký và đã từ chối"),
    "heard-late": gettext_lazy("Thiết bị nhận được lệnh đã quá hạn và không phát"),
    "heard-future": gettext_lazy("Thiết bị nhận được lệnh ghi giờ trong tương lai và đã từ chối"),
    "heard-not-for-me": gettext_lazy("Thiết bị nhận được lệnh của nơi khác và đã từ chối"),
    "heard-right": gettext_lazy("Bảng được huy động nhận lệnh ngoài giờ cho phép và đã từ chối"),
    "heard-clock": gettext_lazy("Thiết bị chưa biết giờ đúng nên chưa tin một lệnh"),
}


_GRAVE = frozenset({"forged", "unknown-key", "key-over", "rank", "issuer", "signers", "replayed", "unsigned", "hash"})


def grave(reason: str) -> bool:
    """Whether somebody is likely to have tried; the rest happens to the best of devices."""
    return reason.removeprefix("heard-") in _GRAVE or reason in ("stranger", "not-a-target", "wrong-topic")


def signal(dbm: int | None) -> str:
    """The strength of the mobile signal: "Sóng yếu (−104 dBm)"."""
    if dbm is None:
        return _("Không đo")
    strength = _("Sóng mạnh") if dbm >= -85 else _("Sóng vừa") if dbm >= -100 else _("Sóng yếu")
    return f"{strength} ({_number(dbm)}\u00a0dBm)"


def clock(offset: int | None) -> str:
    """How far a clock is off, from milliseconds: "Đúng giờ", "Nhanh 12 giây"."""
    if offset is None:
        return _("Chưa so giờ")
    if abs(offset) <= CLOCK_LIMIT:
        return _("Đúng giờ")
    text = _("Nhanh %(length)s") if offset > 0 else _("Chậm %(length)s")
    return text % {"length": said.duration(abs(offset))}


def temperature(celsius: float | None) -> str:
    """How warm a box is: "Bình thường (41 °C)"."""
    if celsius is None:
        return _("Không đo")
    warmth = _("Quá nóng") if celsius >= 75 else _("Nóng") if celsius >= 60 else _("Bình thường")
    return f"{warmth} ({_number(round(celsius))}\u00a0°C)"


def disk(free: int | None) -> str:
    """Free space: "Còn 1,4 GB"."""
    return _("Không đo") if free is None else _("Còn %(size)s") % {"size": said.size(free)}


def power(source: str | None) -> str:
    """Where a box has its power from."""
    known = {"mains": _("Điện lưới"), "battery": _("Ắc quy"), "solar": _("Pin mặt trời")}
    return _("Không đo") if not source else known.get(source, source)


def refusal(reason: str) -> str:
    """Why a message was refused."""
    return str(REFUSAL.get(reason, _("Bị từ chối")))


def _number(value: int) -> str:
    return str(value).replace("-", "−")
