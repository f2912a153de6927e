"""What an account of a service holds: settings every service has, how they are read, and what is wrong with them."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from django.utils.translation import gettext as _

from nguon.kit.text import fold
from nguon.kit.words import gettext_noop
from nguon.ports.voice import Setting, Terms, VoiceInfo

PACE = 220  # syllables a minute of a cloud voice at its normal speed: assumed, nobody publishes it
PACES, LIMITS = (60, 500), (50, 100_000)
REGIONS = {"bac": "bac", "trung": "trung", "nam": "nam"}
STYLES = {
    "tin tuc": gettext_noop("Tin tức"),
    "tu nhien": gettext_noop("Tự nhiên"),
    "doc truyen": gettext_noop("Đọc truyện"),
    "tong dai": gettext_noop("Tổng đài"),
    "nhan nha": gettext_noop("Nhấn nhá"),
    "tieu chuan": gettext_noop("Tiêu chuẩn"),
}
_NEAR = re.compile(r"^(localhost|[^.:]+|.+\.(local|lan|internal|home\.arpa))$")


def common(url: str, terms: Terms, *, pace: int = PACE) -> tuple[Setting, ...]:
    """The settings at the end of every service's list: what may differ from what is known here, and may change."""
    return (
        Setting(
            "voices",
            gettext_noop("Giọng khác"),
            optional=True,
            rare=True,
            hint=gettext_noop(
                "Giọng riêng hoặc giọng mới của nhà cung cấp. Mỗi giọng: mã, tên, vùng (bắc, trung, nam), giới "
                "(nam, nữ), phong cách. Các giọng cách nhau bằng dấu chấm phẩy."
            ),
        ),
        Setting(
            "pace",
            gettext_noop("Tốc độ thường của giọng (tiếng một phút)"),
            default=str(pace),
            optional=True,
            rare=True,
            hint=gettext_noop("Đổi khi nghe thấy giọng đọc nhanh hoặc chậm hơn tốc độ đã chọn."),
        ),
        Setting(
            "limit",
            gettext_noop("Độ dài tối đa mỗi lần gửi"),
            default=str(terms.limit),
            optional=True,
            rare=True,
            hint=gettext_noop("Bài dài hơn được gửi thành nhiều đoạn. Chỉ đổi khi nhà cung cấp đổi quy định."),
        ),
        Setting(
            "url",
            gettext_noop("Địa chỉ dịch vụ"),
            default=url,
            optional=True,
            rare=True,
            hint=gettext_noop("Chỉ đổi khi nhà cung cấp đổi địa chỉ."),
        ),
    )


class Account:
    """The values of one account, with defaults for what it lacks. Its text never shows them."""

    def __init__(self, settings: tuple[Setting, ...], values: Mapping[str, str]) -> None:
        self._settings = settings
        self._values = {each.name: values.get(each.name, "").strip() or each.default for each in settings}

    def __repr__(self) -> str:
        return "<account>"

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def whole(self, name: str, bounds: tuple[int, int]) -> int:
        """A whole number, kept within bounds; its default where something else was written (`check` complains)."""
        default = next(each.default for each in self._settings if each.name == name)
        written = self._values[name]
        return min(max(int(written if _is_number(written) else default), bounds[0]), bounds[1])

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be seen anywhere, the longest first."""
        found = (self._values[each.name] for each in self._settings if each.secret)
        return tuple(sorted(filter(None, found), key=len, reverse=True))

    def check(self) -> None:
        """Raises ValueError, with words for whoever fills the account in, for the first thing that is wrong."""
        for each in self._settings:
            value = self._values[each.name]
            if not value and not each.optional:
                raise ValueError(_("Chưa điền “%(label)s”.") % {"label": _(each.label)})
            if not value.isprintable() or (each.secret and not value.isascii()):
                raise ValueError(
                    _("“%(label)s” có ký tự lạ. Hãy sao chép lại từ trang của nhà cung cấp.") % {"label": _(each.label)}
                )
        for name, bounds in (("pace", PACES), ("limit", LIMITS)):
            self._check_number(name, bounds)
        _check_address(self._values["url"], bool(self.secrets))
        tuple(infos(self._values["voices"]))

    def _check_number(self, name: str, bounds: tuple[int, int]) -> None:
        written = self._values[name]
        if not _is_number(written) or not bounds[0] <= int(written) <= bounds[1]:
            label = next(each.label for each in self._settings if each.name == name)
            limits = {"label": _(label), "low": bounds[0], "high": bounds[1]}
            raise ValueError(_("“%(label)s” phải là số từ %(low)d đến %(high)d.") % limits)


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) <= 6


def _check_address(url: str, secret: bool) -> None:
    """An address of the web; a key goes over a line that others may hear only inside one's own network."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(_("Địa chỉ dịch vụ không đúng. Ví dụ: https://api.example.vn"))
    if secret and parts.scheme == "http" and not is_near(parts.hostname or ""):
        raise ValueError(_("Địa chỉ dịch vụ phải bắt đầu bằng https://, vì khóa được gửi tới đó."))


def is_near(host: str) -> bool:
    """Whether a host is this machine or one of its own network, as far as its name tells."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".").lower()
        return bool(_NEAR.match(name)) or name.replace(".", "").isdigit()  # `127.1` is an address too


@cache
def catalogue(key: str) -> tuple[VoiceInfo, ...]:
    """The voices a service is known to offer, from `voices.yaml`; the first is the default."""
    lines: list[str] = yaml.safe_load(Path(__file__).with_name("voices.yaml").read_text())[key]
    return tuple(info for line in lines for info in infos(line))


def infos(written: str) -> Iterator[VoiceInfo]:
    """`id, name, region, gender, style; …` → voices. What is left out: the id as name, north, a woman, no style.

    Raises ValueError, with words for people, for a region or gender that is none.
    """
    for line in filter(None, (each.strip() for each in re.split(r"[;\n]", written))):
        parts = [part.strip() for part in line.split(",")]
        voice, name, region, gender, style, *_more = [*parts, "", "", "", "", ""]
        where, sex = REGIONS.get(fold(region or "bac")), fold(gender or "nu")
        if where is None or sex not in ("nam", "nu") or not voice or len(parts) > 5:
            raise ValueError(
                _("Không hiểu giọng “%(line)s”. Viết: mã, tên, vùng (bắc, trung, nam), giới (nam, nữ), phong cách.")
                % {"line": line[:80]}
            )
        yield VoiceInfo(voice, name or voice, where, sex, STYLES.get(fold(style), style))
