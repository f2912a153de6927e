"""What stands on the pages of what came in, in an officer's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from nguon.cap import sign, words
from nguon.cap.codes import MessageType, Severity, Status
from nguon.cap.faults import Problem
from nguon.cap.model import Alert as Message
from nguon.kit.clock import LOCAL
from nguon.kit.text import printable
from nguon.links import rules
from nguon.links.errors import FAULTS
from nguon.links.models import Received, Source, Verdict

_BADGES = {
    Verdict.SIGNED: "ok",
    Verdict.UNSIGNED: "warn",
    Verdict.UNTRUSTED: "bad",
    Verdict.INVALID: "bad",
    Verdict.REPEATED: "off",
}
_SEVERITIES = {Severity.EXTREME: "bad", Severity.SEVERE: "bad", Severity.MODERATE: "warn", Severity.MINOR: "info"}
_REAL = (Status.ACTUAL, Status.EXERCISE)


@dataclass(frozen=True)
class Badge:
    """A state in words with the shape of a badge."""

    words: str | Promise
    kind: str


@dataclass(frozen=True)
class Check:
    """What was found at the door: a sentence, a kind of box, each fault in Vietnamese and as engineers need it."""

    title: str
    text: str
    kind: str
    faults: tuple[tuple[str, str], ...]


def check(received: Received) -> Check:
    """The check of a message in words: whose signature, or why it is not believed."""
    found = [Problem(str(path), str(code), str(text), int(line)) for path, code, text, line in received.problems]
    faults = tuple((words.problem(one), printable(str(one))) for one in found)
    title, text, kind = {
        Verdict.SIGNED: (
            _("Chữ ký đúng"),
            _("%(signer)s đã ký và tin không bị sửa từ lúc ký.") % {"signer": received.signer},
            "good",
        ),
        Verdict.UNSIGNED: (
            _("Tin không có chữ ký"),
            _("Nguồn này được nhận không cần chữ ký. Hãy gọi hỏi nơi gửi trước khi phát."),
            "warn",
        ),
        Verdict.UNTRUSTED: (
            _("Chưa tin được"),
            _("Không chắc ai đã viết tin này, hoặc tin đã bị sửa. Hãy gọi hỏi nơi gửi bằng số đã biết từ trước."),
            "bad",
        ),
        Verdict.INVALID: (
            _("Tin sai quy cách"),
            _("Không đọc được đầy đủ nên không dùng để soạn. Hãy báo nơi gửi các lỗi dưới đây."),
            "bad",
        ),
        Verdict.REPEATED: (
            _("Trùng số với tin đã có"),
            _("Cùng nơi gửi, cùng số và giờ nhưng nội dung khác tin đã nhận. Tin đến trước được dùng."),
            "warn",
        ),
    }[Verdict(received.verdict)]
    return Check(title, text, kind, faults)


def badges(received: Received, now: datetime, *, superseded: bool) -> list[Badge]:
    """The states of a message, the one that matters most first."""
    found = [Badge(Verdict(received.verdict).label, _BADGES[Verdict(received.verdict)])]
    if received.status == Status.EXERCISE:
        found.append(Badge(_("Diễn tập"), "info"))
    elif received.status and received.status not in _REAL:
        found.append(Badge(_("Không phải tin thật"), "off"))
    if received.expires_at is not None and received.expires_at <= now:
        found.append(Badge(_("Hết hiệu lực"), "off"))
    elif superseded:
        found.append(Badge(_("Đã có tin mới thay"), "off"))
    return found


def severity(received: Received) -> Badge | None:
    """How grave it is, by its own word."""
    try:
        value = Severity(received.severity)
    except ValueError:
        return None
    return Badge(words.said(value).capitalize(), _SEVERITIES.get(value, "off"))


def kind(received: Received) -> str:
    """What the message is for: a new alert, an update, a cancel."""
    try:
        return words.said(MessageType(received.message_type))
    except ValueError:
        return ""


def basis(message: Message) -> str:
    """Whose word an alert of ours rests on: office, number, hour."""
    info = message.info("vi")
    who = (info.sender_name if info else "") or message.sender
    at = message.sent.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
    number = message.identifier if len(message.identifier) <= 60 else message.identifier[:57] + "…"
    return printable(_("%(who)s, tin số %(number)s lúc %(at)s") % {"who": who[:150], "number": number, "at": at})


def course(source: Source) -> Badge:
    """How it goes with a source."""
    if source.ended_at is not None:
        return Badge(_("Đã thôi dùng"), "off")
    if not source.address:
        return Badge(_("Nhận bằng tệp"), "info")
    if source.fault:
        return Badge(_("Không lấy được tin"), "bad")
    return Badge(_("Đang nhận"), "ok") if source.good_at else Badge(_("Chưa xem lần nào"), "wait")


def fault(source: Source) -> str | Promise:
    """Why a source brings nothing, in words; empty if it does."""
    said = FAULTS.get(source.fault, "")
    return f"{said} ({source.fault_detail})" if source.fault == "status" else said


def signers(source: Source) -> list[tuple[str, str, datetime]]:
    """Whose signatures a source trusts: name, print of the certificate in groups, until when it holds."""
    pem = source.certificates
    found = sign.certificates(pem.encode()) if pem else []
    return [
        (rules.whose(sign.signer(one).name), _grouped(sign.signer(one).fingerprint), one.not_valid_after_utc)
        for one in found
    ]


def _grouped(digits: str) -> str:
    """`ab12 cd34 …`: so two people can read it to each other over the telephone."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
