"""Why a reading is not kept, in an officer's words."""

from django.utils.translation import gettext as _

from nguon.media.errors import MediaError
from nguon.media.readings.rules import MOST, SPOKEN_LIMIT, WRITTEN_LIMIT, Problem


class ReadingRefused(MediaError):
    """A reading that cannot be kept; `field` is what is wrong with it: written or spoken."""

    def __init__(self, words: str, field: str = "spoken") -> None:
        super().__init__(words)
        self.field = field


class ReadingOver(MediaError):
    """The reading was ended before."""


def refused(problem: Problem) -> ReadingRefused:
    """The refusal of a problem."""
    words = {
        Problem.NO_WRITTEN: ("written", _("Hãy ghi chữ viết trong bản tin.")),
        Problem.LONG_WRITTEN: (
            "written",
            _("Chữ viết dài quá %(limit)d ký tự. Hãy chỉ ghi phần cần đọc khác.") % {"limit": WRITTEN_LIMIT},
        ),
        Problem.NO_LETTER: (
            "written",
            _(
                "Chữ viết phải có ít nhất một chữ cái. Chỉ ghi số thì mọi số giống vậy trong ngày tháng, số tiền, "
                "số điện thoại đều bị đọc theo."
            ),
        ),
        Problem.NO_SPOKEN: ("spoken", _("Hãy ghi cách đọc.")),
        Problem.LONG_SPOKEN: ("spoken", _("Cách đọc dài quá %(limit)d ký tự.") % {"limit": SPOKEN_LIMIT}),
        Problem.UNSPEAKABLE: ("spoken", _("Cách đọc chưa có chữ nào đọc được.")),
        Problem.NUMBER_LOST: (
            "spoken",
            _("Cách đọc bỏ mất con số có trong chữ viết. Hãy đọc đủ số, hoặc chỉ ghi phần chữ ở ô chữ viết."),
        ),
        Problem.NEGATION_LOST: ("spoken", _("Cách đọc bỏ mất chữ phủ định (không, chưa, cấm…), nghĩa sẽ đổi ngược.")),
        Problem.SAME: ("spoken", _("Chữ này vốn đã được đọc như vậy, không cần ghi.")),
        Problem.NO_EFFECT: (
            "written",
            _("Máy bỏ qua dấu hoặc ký hiệu trong chữ viết này nên không bao giờ gặp. Hãy bỏ dấu thừa."),
        ),
    }
    field, said = words[problem]
    return ReadingRefused(said, field)


def too_many() -> ReadingRefused:
    """The place has as many as it may."""
    said = _("Địa bàn này đã có %(most)d cách đọc riêng, nhiều nhất có thể. Hãy bỏ bớt những cách không dùng nữa.")
    return ReadingRefused(said % {"most": MOST}, "written")
