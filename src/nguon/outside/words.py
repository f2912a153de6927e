"""Why a server could not be had, in an officer's words: the end of a sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.outside.addresses import Fault

UNHAD: dict[str, str | Promise] = {
    Fault.ADDRESS: _("địa chỉ không dùng được, hoặc dẫn từ kết nối bảo mật sang kết nối thường"),
    Fault.NAME: _("không tìm thấy máy chủ có tên này"),
    Fault.NEAR: _("địa chỉ nằm trong mạng nội bộ mà người vận hành chưa cho phép"),
    Fault.CONNECT: _("không nối được tới máy chủ"),
    Fault.TLS: _("chứng thư bảo mật của máy chủ không hợp lệ hoặc đã hết hạn"),
    Fault.LATE: _("máy chủ trả lời quá chậm"),
    Fault.CUT: _("kết nối bị ngắt giữa chừng"),
    Fault.LARGE: _("máy chủ gửi quá nhiều dữ liệu"),
    Fault.STATUS: _("máy chủ báo lỗi"),
    Fault.CIRCLE: _("địa chỉ dẫn vòng quanh"),
}
