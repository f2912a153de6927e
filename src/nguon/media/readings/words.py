"""Why something is read otherwise than it is written, in an officer's words, by the rule of the reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NUMBER, _CODE, _TIME = _("số"), _("số hiệu"), _("giờ, ngày, thời hạn")
WHY: dict[str, Promise | str] = {
    "own": _("cách đọc riêng của địa bàn"),
    "abbreviation": _("chữ viết tắt"),
    "spelled": _("không rõ nghĩa nên đọc từng chữ cái"),
    "foreign": _("từ nước ngoài chưa có trong từ điển"),
    "foreign-script": _("chữ nước ngoài không đọc được"),
    "loanword": _("từ nước ngoài"),
    "letter": _("chữ cái"),
    "capitals": _("chữ hoa"),
    **dict.fromkeys(("unsaid", "not-said"), _("phần không đọc lên loa")),
    "silent": _("dấu không đọc"),
    **dict.fromkeys(("sign", "operator", "mark", "diameter", "difference"), _("ký hiệu")),
    "url": _("địa chỉ mạng"),
    "email": _("thư điện tử"),
    "phone": _("số điện thoại"),
    "identifier": _("số giấy tờ, tài khoản"),
    "plate": _("biển số xe"),
    "roman": _("số La Mã"),
    "money": _("số tiền"),
    "quantity": _("số lượng và đơn vị"),
    "rate": _("số lượng và đơn vị"),
    "range": _("khoảng từ… đến…"),
    "ratio": _("tỷ lệ, phân số"),
    **dict.fromkeys(("number", "ordinal", "negative", "scale", "mixed", "dotted", "section", "list"), _NUMBER),
    **dict.fromkeys(("document-code", "document-number", "road", "house", "version", "standard", "variety"), _CODE),
    **dict.fromkeys(
        ("date", "date-range", "month", "month-year", "month-range", "quarter", "period", "weekday"), _TIME
    ),
    **dict.fromkeys(("time", "time-range", "minutes"), _TIME),
}


def why(rule: str) -> Promise | str:
    """The words for a rule; none for one that has no name here."""
    return WHY.get(rule, "")
