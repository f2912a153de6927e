"""Why an officer may look at who told a case. A list, not free words: the journal keeps it for ever."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, str | Promise] = {
    "look-ask": _("Hỏi thêm về nội dung phản ánh"),
    "look-visit": _("Hẹn đến xem tại chỗ"),
    "look-answer": _("Báo kết quả cho người gửi"),
    "look-data": _("Xử lý yêu cầu về dữ liệu cá nhân"),
    "look-authority": _("Cơ quan có thẩm quyền yêu cầu bằng văn bản"),
}
