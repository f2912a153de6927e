"""The words of the newsroom for people: states, languages, paces."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nguon.newsroom.rules import State

STATES: dict[str, tuple[Promise | str, str]] = {  # words, kind of badge
    State.DRAFT: (_("Nháp"), "off"),
    State.RENDERING: (_("Đang tạo âm thanh"), "busy"),
    State.HEARD: (_("Nghe được"), "info"),
    State.WAITING: (_("Chờ duyệt"), "wait"),
    State.RETURNED: (_("Bị trả lại"), "warn"),
    State.APPROVED: (_("Đã duyệt"), "ok"),
    State.WITHDRAWN: (_("Đã rút"), "off"),
    State.EXPIRED: (_("Hết hạn"), "off"),
}
STEPS = {  # the step of `{% steps %}` on which a bulletin stands
    State.DRAFT: "draft",
    State.RENDERING: "hear",
    State.HEARD: "hear",
    State.WAITING: "review",
    State.RETURNED: "review",
    State.APPROVED: "approved",
}
LANGUAGES: list[tuple[str, Promise | str]] = [
    ("vi", _("Tiếng Việt")),
    ("bdq", _("Tiếng Ba Na")),
    ("cjm", _("Tiếng Chăm")),
    ("hre", _("Tiếng Hrê")),
]
RATES: list[tuple[int, Promise | str]] = [
    (170, _("Chậm")),
    (190, _("Hơi chậm")),
    (210, _("Vừa (nên dùng cho loa ngoài trời)")),
    (240, _("Nhanh")),
]
