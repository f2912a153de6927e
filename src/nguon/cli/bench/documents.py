"""What boards are shown in a bench: pages as the channel makes them, kept as files of the stage's server."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nguon.media.models import File

TEXT = (
    "Từ 7 giờ 30 đến 11 giờ ngày mai, các hộ từ cổng làng đến nhà văn hóa tạm ngừng dùng nước để thay đường ống. "
    "Đề nghị bà con trữ nước đủ dùng trong buổi sáng và khóa van trước đồng hồ.\n"
    "Nước đầu nguồn sau khi có lại có thể đục, bà con xả bỏ ít phút rồi hãy dùng."
)
WARNING = (
    "Nước sông lên rất nhanh, đã vượt báo động 3. Bà con ở các xóm ven sông rời nhà ngay, "
    "đi theo đường cao về trường tiểu học. Không qua ngầm tràn. Cần giúp gọi 114."
)


def bulletin(title: str, length_ms: int = 0) -> "File":
    """A bulletin of this title, shown so long, or as long as one reads it."""
    return _kept(title, TEXT, {}, length_ms)


def warning(title: str) -> "File":
    """An alert of this title, of the gravest level."""
    from nguon.kit.clock import now

    return _kept(title, WARNING, {"alert": {"level": 3, "hazard": "Lũ", "issued": now()}})


def _kept(title: str, text: str, options: dict[str, Any], length_ms: int = 0) -> "File":
    from nguon.devices import channels
    from nguon.kit.clock import now
    from nguon.media.actions import store_bytes
    from nguon.ports.channel import Wording

    page = channels.active()["board"].page(Wording(title, text, "vi", options, issuer="UBND xã"))
    if page is None:
        raise RuntimeError("boards show nothing here")
    return store_bytes(data=page.body, mime=page.mime, now=now(), duration_ms=length_ms or page.duration_ms)
