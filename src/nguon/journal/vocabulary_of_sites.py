"""Words of the journal for what is done on the websites of places."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "portal.address": _("Đổi địa chỉ trang"),
    "portal.close": _("Đóng trang"),
    "portal.copy": _("Xuất toàn bộ trang"),
    "portal.copy-cancel": _("Thôi xuất trang"),
    "portal.copy-fetch": _("Tải bản xuất của trang"),
    "portal.create": _("Tạo trang"),
    "portal.describe": _("Sửa thông tin trang"),
    "portal.emblem": _("Đổi huy hiệu trang"),
    "portal.event-cancel": _("Hủy sự kiện"),
    "portal.event-withdraw": _("Rút sự kiện khỏi trang"),
    "portal.event-write": _("Soạn sự kiện"),
    "portal.lead-on": _("Đổi trang thay thế"),
    "portal.open": _("Mở trang"),
    "portal.paper-add": _("Thêm văn bản lên trang"),
    "portal.paper-give": _("Đưa văn bản lên trang khác"),
    "portal.paper-mend": _("Sửa văn bản trên trang"),
    "portal.paper-withdraw": _("Rút văn bản khỏi trang"),
    "portal.read-again": _("Đọc lại trang bằng giọng máy"),
    "portal.section-add": _("Thêm mục của trang"),
    "portal.section-change": _("Sửa mục của trang"),
    "portal.section-move": _("Đổi thứ tự mục của trang"),
    "portal.section-remove": _("Bỏ mục của trang"),
    "portal.write": _("Viết mục của trang"),
    "portal.survey-hide": _("Ẩn hoặc hiện ý kiến"),
    "portal.survey-outcome": _("Công bố kết quả lấy ý kiến"),
    "portal.survey-withdraw": _("Rút phiếu lấy ý kiến"),
    "portal.survey-write": _("Soạn phiếu lấy ý kiến"),
    "portal.correct": _("Đính chính tin trên trang"),
    "portal.post": _("Đăng tin lên trang"),
    "portal.withdraw": _("Gỡ tin khỏi trang"),
}

FIELDS: dict[str, str | Promise] = {
    "first": _("từ ngày"),
    "last": _("đến ngày"),
    "sites": _("các trang"),
    "successor": _("trang thay thế"),
    "sounds": _("kèm âm thanh"),
}
