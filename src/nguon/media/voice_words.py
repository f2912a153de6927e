"""The words for people about voices: why one was passed over or failed, what helps, regions and genders."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from nguon.media.chain import Passed
from nguon.ports.voice import Failure, VoiceInfo

Words = str | Promise

# What follows "Giọng …": the reason that another voice spoke
REASONS: dict[Failure | Passed, Words] = {
    Failure.KEY: gettext_lazy("không dùng được vì nhà cung cấp không nhận khóa của tài khoản"),
    Failure.CREDIT: gettext_lazy("không dùng được vì tài khoản ở nhà cung cấp đã hết tiền hoặc hết lượt"),
    Failure.BUSY: gettext_lazy("đang quá tải"),
    Failure.TEXT: gettext_lazy("không nhận đọc nội dung này"),
    Failure.AWAY: gettext_lazy("không kết nối được hoặc trả lời lỗi"),
    Failure.LATE: gettext_lazy("không trả lời trong %(seconds)d giây"),
    Failure.SOUND: gettext_lazy("trả về âm thanh không đạt (bị cụt, im lặng hoặc vỡ tiếng)"),
    Passed.ABSENT: gettext_lazy("không có trong tài khoản nào ở địa bàn này"),
    Passed.OFF: gettext_lazy("đang tắt"),
    Passed.OVER: gettext_lazy("không còn đủ hạn mức tháng này"),
    Passed.RESTING: gettext_lazy("vừa gặp lỗi nên đang tạm nghỉ"),
    Passed.TIME: gettext_lazy("chưa kịp hỏi vì đã hết thời gian chờ chung"),
    Passed.LOCKED: gettext_lazy("không dùng được vì khóa đã lưu không mở được"),
    Passed.BROKEN: gettext_lazy("chưa chạy được"),
}
# A whole sentence about an account, and what helps
FAILURES: dict[Failure, Words] = {
    Failure.KEY: gettext_lazy("Nhà cung cấp không nhận khóa của tài khoản."),
    Failure.CREDIT: gettext_lazy("Tài khoản ở nhà cung cấp đã hết tiền hoặc hết lượt."),
    Failure.BUSY: gettext_lazy("Nhà cung cấp đang quá tải."),
    Failure.TEXT: gettext_lazy("Nhà cung cấp không nhận nội dung hoặc giọng này."),
    Failure.AWAY: gettext_lazy("Không kết nối được, hoặc nhà cung cấp trả lời lỗi."),
    Failure.LATE: gettext_lazy("Không trả lời trong %(seconds)d giây."),
    Failure.SOUND: gettext_lazy("Âm thanh nhận về không đạt: bị cụt, im lặng hoặc vỡ tiếng."),
}
ADVICE: dict[str, Words] = {
    Failure.KEY: gettext_lazy("Hãy kiểm tra khóa ở trang của nhà cung cấp rồi nhập lại."),
    Failure.CREDIT: gettext_lazy("Hãy nạp thêm tiền hoặc đợi sang kỳ mới ở nhà cung cấp."),
    Failure.BUSY: gettext_lazy("Hệ thống tự thử lại sau ít phút."),
    Failure.TEXT: gettext_lazy("Hãy thử giọng khác của nhà cung cấp này."),
    Failure.AWAY: gettext_lazy("Hãy kiểm tra mạng của máy chủ và địa chỉ dịch vụ của tài khoản."),
    Failure.LATE: gettext_lazy("Nếu hay gặp, hãy tăng thời gian chờ của tài khoản."),
    Failure.SOUND: gettext_lazy("Hãy thử lại, hoặc chọn giọng khác của nhà cung cấp này."),
}
PASSED: dict[Passed, Words] = {
    Passed.OFF: gettext_lazy("Tài khoản đang tắt."),
    Passed.OVER: gettext_lazy("Không còn đủ hạn mức tháng này."),
    Passed.RESTING: gettext_lazy("Tài khoản vừa gặp lỗi nên đang tạm nghỉ."),
    Passed.TIME: gettext_lazy("Chưa kịp hỏi vì đã hết thời gian chờ chung."),
    Passed.LOCKED: gettext_lazy("Khóa đã lưu không mở được. Hãy nhập lại khóa của tài khoản."),
    Passed.BROKEN: gettext_lazy("Tài khoản chưa chạy được trên máy chủ này. Hãy báo người quản trị hệ thống."),
    Passed.ABSENT: gettext_lazy("Không tài khoản nào ở địa bàn này có giọng đó."),
}
REGIONS: dict[str, Words] = {
    "trung": gettext_lazy("Giọng Trung"),
    "bac": gettext_lazy("Giọng Bắc"),
    "nam": gettext_lazy("Giọng Nam"),
}
GENDERS: dict[str, Words] = {"nu": pgettext_lazy("gender", "nữ"), "nam": pgettext_lazy("gender", "nam")}


def sample() -> str:
    """A sentence to try a voice with, which has all that is hard in a bulletin. It is read, so it is Vietnamese."""
    return gettext_noop(
        "Kính thưa bà con, từ 7h30 đến 11h ngày mai, thôn tạm ngừng cấp điện để sửa đường dây. Xin gọi số 1900 1909."
    )


def reason(why: Failure | Passed, seconds: float = 0) -> str:
    """Why a voice did not speak, as it follows its name."""
    return str(REASONS[why]) % {"seconds": round(seconds)} if why is Failure.LATE else str(REASONS[why])


def failure(why: Failure, seconds: float = 0) -> str:
    """What went wrong with an account, as a sentence."""
    return str(FAILURES[why]) % {"seconds": round(seconds)} if why is Failure.LATE else str(FAILURES[why])


def called(voice: VoiceInfo | None, spare: str, provider: str) -> str:
    """A voice by its name: `giọng “Mỹ An” (FPT.AI)`, and `giọng máy “Giọng Trung”` for one of this server itself."""
    named = {"name": _(voice.name) if voice else spare, "provider": provider}
    return _("giọng “%(name)s” (%(provider)s)") % named if provider else _("giọng máy “%(name)s”") % named


def instead(asked: str, why: str, used: str, others: int) -> str:
    """What the officer reads when another voice spoke than was asked for. `others` also failed in between."""
    said = _("%(asked)s %(why)s, nên đã đọc bằng %(used)s.") % {"asked": asked, "why": why, "used": used}
    if others:
        said += " " + _("Các giọng khác đứng trước nó trong danh sách cũng chưa dùng được.")
    return said[:1].upper() + said[1:]
