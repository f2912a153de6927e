"""Words of the journal for what concerns personal data of reporters, and other systems that send and take cases."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "feedback.authority-create": _("Thêm cơ quan nhận phản ánh qua Open311"),
    "feedback.authority-end": _("Thôi chuyển phản ánh cho một cơ quan qua Open311"),
    "feedback.client-create": _("Cấp khóa gửi phản ánh cho hệ thống khác"),
    "feedback.client-end": _("Thu khóa gửi phản ánh của hệ thống khác"),
    "feedback.consent-withdraw": _("Người gửi rút lại sự đồng ý"),
    "feedback.contact-correct": _("Người gửi sửa thông tin của mình"),
    "feedback.data-export": _("Người gửi lấy bản sao dữ liệu của mình"),
    "feedback.data-extend": _("Gia hạn yêu cầu về dữ liệu cá nhân"),
    "feedback.data-reply": _("Trả lời yêu cầu về dữ liệu cá nhân"),
    "feedback.delete": _("Xóa phản ánh hết thời hạn lưu"),
    "feedback.erase": _("Xóa dữ liệu cá nhân của người gửi"),
    "feedback.erase-ask": _("Người gửi yêu cầu xóa dữ liệu"),
    "feedback.forward": _("Gửi phản ánh sang hệ thống của cơ quan khác"),
    "feedback.forward-again": _("Gửi lại phản ánh sang cơ quan khác"),
    "feedback.forward-news": _("Cơ quan khác báo tình trạng phản ánh"),
    "feedback.look": _("Xem người gửi phản ánh"),
    "feedback.nameless": _("Bỏ thông tin người gửi hết thời hạn lưu"),
    "feedback.photos-drop": _("Xóa ảnh của phản ánh để riêng"),
    "feedback.retention": _("Đặt thời hạn lưu phản ánh"),
}

FIELDS: dict[str, str | Promise] = {
    "consent": _("có xin sự đồng ý"),
    "deleted_months": _("xóa sau (tháng)"),
    "hourly": _("số phản ánh mỗi giờ"),
    "lot": _("loại hồ sơ"),
    "nameless_months": _("bỏ thông tin người gửi sau (tháng)"),
    "purpose": _("để làm gì"),
    "wish": _("yêu cầu"),
}

VALUES: dict[str, str | Promise] = {
    "contact": _("liên hệ"),
    "correct": _("sửa dữ liệu"),
    "ended": _("đã kết thúc"),
    "erase": _("xóa dữ liệu"),
    "look-answer": _("báo kết quả cho người gửi"),
    "look-ask": _("hỏi thêm về nội dung phản ánh"),
    "look-authority": _("cơ quan có thẩm quyền yêu cầu bằng văn bản"),
    "look-data": _("xử lý yêu cầu về dữ liệu cá nhân"),
    "look-visit": _("hẹn đến xem tại chỗ"),
    "publish": _("công khai"),
    "see": _("xem dữ liệu"),
    "set-aside": _("trùng, không tiếp nhận hoặc bị giữ"),
}
