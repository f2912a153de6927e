"""How the server is: its services, plugs, disk and versions. Composition, so it lives in the roof."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nguon.archive import sound, transcribers
from nguon.delivery import notifiers
from nguon.devices import channels
from nguon.devices import door as doors
from nguon.kit import clock, plugs
from nguon.kit.clock import LOCAL
from nguon.media import account_queries
from nguon.media import queries as media
from nguon.people import scope
from nguon.people.rules import Right
from nguon.people.standing import standing
from nguon.ui.words import size

STATES = {
    "waiting": gettext_lazy("Chờ khởi động"),
    "starting": gettext_lazy("Đang khởi động"),
    "running": gettext_lazy("Đang chạy"),
    "restarting": gettext_lazy("Đang khởi động lại"),
    "stopped": gettext_lazy("Đã dừng"),
}
NAMES = {
    "broker": gettext_lazy("Máy chủ tin nhắn"),
    "web": gettext_lazy("Trang làm việc"),
    "sender": gettext_lazy("Gửi lệnh"),
    "listener": gettext_lazy("Nhận phản hồi"),
    "clock": gettext_lazy("Hẹn giờ"),
    "planner": gettext_lazy("Lập kế hoạch phát"),
    "links": gettext_lazy("Trao đổi với hệ thống khác"),
    "jobs": gettext_lazy("Tạo âm thanh"),
    "live": gettext_lazy("Phát trực tiếp"),
    "archive": gettext_lazy("Nhập kho tư liệu"),
    "alerts": gettext_lazy("Nhắc lại cảnh báo, báo người trực"),
    "cases": gettext_lazy("Nhắc hạn phản ánh"),
    "clusters": gettext_lazy("Cụm loa mô phỏng"),
}
PLUGS = {
    "Speaker": gettext_lazy("Phát ra cụm loa"),
    "Espeak": gettext_lazy("Giọng đọc eSpeak"),
    "Sherpa": gettext_lazy("Chép lời bản thu"),
    "MqttBus": gettext_lazy("Đường truyền tới cụm loa"),
    "Smtp": gettext_lazy("Báo người trực bằng thư điện tử"),
    "Webhook": gettext_lazy("Báo người trực bằng tin nhắn điện thoại"),
    "Loud": gettext_lazy("Báo người trực: chưa có cách gửi, chỉ ghi nhật ký"),
}

DOOR = {
    "lost": gettext_lazy("Không đọc được tệp chứng thư hoặc khóa. Kiểm tra NGUON_BROKER_CERT, NGUON_BROKER_KEY."),
    "torn": gettext_lazy("Tệp chứng thư hoặc khóa không đúng dạng PEM, hoặc khóa còn đặt mật khẩu."),
    "strange": gettext_lazy("Khóa không khớp với chứng thư. Kiểm tra NGUON_BROKER_CERT và NGUON_BROKER_KEY."),
    "half": gettext_lazy("Thiếu một trong hai: NGUON_BROKER_CERT và NGUON_BROKER_KEY phải đặt cùng nhau."),
    "taken": gettext_lazy("Cổng %(port)s đang có chương trình khác dùng. Đặt NGUON_BROKER_TLS_PORT thành số khác."),
    "none": gettext_lazy("Chưa mở. Kiểm tra dịch vụ máy chủ tin nhắn."),
}


@dataclass(frozen=True)
class Line:
    """One row of the page: what, whether it works, and words about it."""

    name: str
    good: bool
    words: str


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """200 while the web service answers; for balancers and `nguon up`. Says nothing of anybody."""
    return JsonResponse({"status": "ok"})


def page(request: HttpRequest) -> HttpResponse:
    """The status page, for those who look after people or devices anywhere."""
    require_keeper(request)
    context = {"services": services(), "plugs": adapters(), "machine": machine(), "accounts": voice_accounts(request)}
    context["signing"] = signing(request)
    return render(request, "ui/status.html", context)


def require_keeper(request: HttpRequest) -> None:
    """Raises Forbidden unless the person is an administrator or technician of some place."""
    person = request.user
    if not any(scope.place_ids(person, right) for right in (Right.DEVICES, Right.PEOPLE)):
        raise scope.Forbidden(_("Trang này dành cho người quản trị và kỹ thuật."))


def services() -> list[Line]:
    """Each service as the supervisor last wrote it; none under another service manager."""
    try:
        report = json.loads((settings.DATA / "services.json").read_text())
    except (OSError, ValueError):
        return []
    alive = Path(f"/proc/{report['pid']}").exists()
    return [_service(one, alive) for one in report["services"]]


def _service(one: dict[str, Any], alive: bool) -> Line:
    state = one["state"] if alive else "stopped"
    words = str(STATES.get(state, state))
    if one["started"] and state == "running":
        since = datetime.fromtimestamp(one["started"], UTC).astimezone(LOCAL)
        words += ", " + _("từ %(time)s") % {"time": since.strftime("%H:%M %d/%m/%Y")}
    if one["restarts"]:
        count = int(one["restarts"])
        words += ", " + ngettext("đã khởi động lại %(count)d lần", "đã khởi động lại %(count)d lần", count) % {
            "count": count
        }
    return Line(str(NAMES.get(one["name"], one["name"])), state == "running", words)


def adapters() -> list[Line]:
    """Channels, voices, the bus, recognisers and what finds copies; what is off says why."""
    bus = plugs.load_all([settings.NGUON_BUS], lambda factory: factory(settings.NGUON_BROKER_URL, "", ""))
    loaded = [*channels.status(), *plugs.load_all(settings.NGUON_VOICES), *media.provider_status(), *bus]
    loaded += [*transcribers.status(), *notifiers.status()]
    named = [(one, one.path.rpartition(".")[2]) for one in loaded]
    called = [(one, str(PLUGS[name] if name in PLUGS else getattr(one.plug, "label", name))) for one, name in named]
    lines = [Line(name, one.plug is not None, one.reason or _("Dùng được")) for one, name in called]
    if settings.NGUON_BROKER_OWN:
        lines.append(door_line(doors.standing(clock.now()), clock.now()))
    prints = sound.prints_made()
    why = _("Dùng được") if prints else _("ffmpeg của máy chủ thiếu chromaprint nên chỉ nhận ra bản trùng hẳn")
    return [*lines, Line(_("Tìm bản thu giống nhau"), prints, why)]


def door_line(found: doors.Standing, now: datetime) -> Line:
    """How devices reach the broker by TLS, and what to do if they cannot."""
    name = _("Kết nối mã hóa của cụm loa")
    if found.wrong:
        words = DOOR.get(found.wrong, DOOR["none"]) % {"port": settings.NGUON_BROKER_TLS_PORT}
        return Line(name, False, words)
    assert found.until is not None
    day = {"day": found.until.astimezone(LOCAL).strftime("%d/%m/%Y")}
    if found.until <= now:
        return Line(name, False, _("Chứng thư đã hết hạn ngày %(day)s, cụm loa không nối được. Hãy thay ngay.") % day)
    if found.near_end(now):
        words = (
            _("Chứng thư hết hạn ngày %(day)s. Hãy thay trước ngày đó.")
            if found.own
            else _("Chứng thư hết hạn ngày %(day)s mà chưa tự gia hạn. Hãy khởi động lại dịch vụ máy chủ tin nhắn.")
        )
        return Line(name, False, words % day)
    words = _("Dùng được, chứng thư riêng đến %(day)s") if found.own else _("Dùng được, chứng thư tự gia hạn")
    return Line(name, True, words % day if found.own else words)


def voice_accounts(request: HttpRequest) -> list[Line]:
    """The accounts with providers of voices at the places that the person looks after, and how each stands."""
    found = account_queries.health(request.user, clock.now())
    return [Line(_account_name(card), card.standing.good, _account_words(card)) for card in found]


def _account_name(card: account_queries.Card) -> str:
    name, place = card.account.name, str(card.account.place)
    return f"{name} ({place})"


def _account_words(card: account_queries.Card) -> str:
    """How it stands, what helps, and how much of the month's budget is used."""
    used = _("Đã dùng %(percent)d%% hạn mức tháng này") % {"percent": card.percent} if card.percent is not None else ""
    return ". ".join(part.rstrip(".") for part in (card.standing.words, card.standing.advice, used) if part)


def signing(request: HttpRequest) -> list[Line]:
    """Signing in and the second person, at the places whose people the person looks after."""
    reach = scope.place_ids(request.user, Right.PEOPLE)
    if not reach:
        return []
    found = standing(reach, clock.now())
    steps = _("Bắt buộc với người duyệt và người quản trị, ai cũng đã đặt")
    if found.demonstration:
        steps = _("Bắt buộc với người duyệt và người quản trị, trừ tài khoản mẫu")
    if found.only_offered:
        steps = _("Máy chủ này chỉ mời, không bắt buộc người duyệt và người quản trị")
    elif found.lacking:
        steps = ngettext("%(count)d người chưa đặt", "%(count)d người chưa đặt", found.lacking) % {
            "count": found.lacking
        }
    lines = [Line(_("Đăng nhập hai bước"), not found.only_offered and not found.lacking, steps)]
    if found.demonstration:
        words = ngettext(
            "%(count)d tài khoản mẫu có mật khẩu ai cũng biết và không bắt buộc hai bước. Đừng phát thật ở đây",
            "%(count)d tài khoản mẫu có mật khẩu ai cũng biết và không bắt buộc hai bước. Đừng phát thật ở đây",
            found.demonstration,
        )
        lines.append(Line(_("Tài khoản mẫu"), False, words % {"count": found.demonstration}))
    alone = ngettext(
        "%(count)d việc trong 30 ngày qua một người tự làm vì chưa có người thứ hai",
        "%(count)d việc trong 30 ngày qua một người tự làm vì chưa có người thứ hai",
        found.unwatched,
    )
    watched = (
        alone % {"count": found.unwatched}
        if found.unwatched
        else _("Không có việc nào một người tự làm trong 30 ngày qua")
    )
    return [*lines, Line(_("Người thứ hai"), not found.unwatched, watched)]


def machine() -> list[Line]:
    """Database, disk and versions."""
    disk = shutil.disk_usage(settings.DATA)
    free = 100 * disk.free // disk.total
    gigabytes = _("còn %(free)s trên %(total)s") % {"free": size(disk.free), "total": size(disk.total)}
    return [
        Line(_("Cơ sở dữ liệu"), True, connection.display_name),
        Line(_("Ổ đĩa"), free >= 5, gigabytes),
        Line(_("Phiên bản"), True, f"Nguồn {version('nguon')}, Django {django.__version__}"),
    ]
