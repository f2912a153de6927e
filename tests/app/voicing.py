"""Providers of voices for tests, and places that have accounts with them. They speak by the real espeak-ng.

What an account does instead of speaking stands in its own values (`does`), so each test says it where it makes one.
"""

import threading
import time
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nguon import vault
from nguon.kit import ids
from nguon.media import voices
from nguon.media.models import VoiceAccount
from nguon.places.models import Place
from nguon.plugs.espeak import Espeak
from nguon.ports.voice import Failure, Setting, VoiceFailed, VoiceInfo

PROVIDERS = ["tests.app.voicing.Teller", "tests.app.voicing.Northern"]
FAILURES = {one.value: one for one in Failure}
TOKEN = "khoa-bi-mat-9f3a7c"
released = threading.Event()  # what hangs goes on when this is set


class Teller:
    """A provider with a voice of each region. `asked` is what its voices were asked to say, newest last."""

    key = "thu"
    label = "Giọng Thử"
    settings = (
        Setting("token", "Khóa dịch vụ", secret=True, hint="Lấy ở trang quản lý của nhà cung cấp."),
        Setting("address", "Địa chỉ dịch vụ", default="https://giong-thu.example", optional=True),
        Setting("does", "Việc làm thay vì đọc", optional=True),
    )
    offered: tuple[VoiceInfo, ...] = (
        VoiceInfo("mai", "Mai", "trung", "nu", "tin tức"),
        VoiceInfo("ha", "Hà", "bac", "nu"),
        VoiceInfo("thanh", "Thành", "bac", "nam"),
    )
    asked: list[str] = []

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def check(self) -> None:
        if self.values["does"] == "wrong":
            raise ValueError(f"“Việc làm” không được là wrong ({self.values['token']}).")
        if self.values["does"] == "unfit":
            raise RuntimeError(f"this machine lacks something for {self.values['token']}")

    def voices(self) -> tuple[VoiceInfo, ...]:
        return self.offered

    def speak(
        self, text: str, *, voice: str, rate: int, out: Path, progress: Callable[[float], None], within: float = 600
    ) -> None:
        """Espeak's voice of the region, or what `does` says."""
        Teller.asked.append(f"{self.key}/{voice}")
        doing = self.values["does"]
        if doing in FAILURES:
            raise VoiceFailed(f"told to fail with {doing} (token {self.values['token']})", FAILURES[doing])
        if doing == "raise":
            raise ZeroDivisionError(self.values["token"])
        if doing == "hang":
            released.wait(20)
            return
        if doing == "slow":
            progress(0.5)
            time.sleep(within)
            raise VoiceFailed(f"nothing within {within:g} s", Failure.LATE)
        said = " ".join(text.split()[: len(text.split()) // 3]) if doing == "cut" else text
        Espeak().speak(said, voice=_espeak(self.offered, voice), rate=rate, out=out, progress=progress, within=within)
        if doing == "silence":
            _over(out, lambda data: bytes(len(data)))
        elif doing == "clip":
            _over(out, lambda data: (b"\xff\x7f" * 40 + b"\x00\x80" * 40) * (len(data) // 160))


class Northern(Teller):
    """Another provider, whose voices are of the north only."""

    key = "khac"
    label = "Giọng Khác"
    offered = (VoiceInfo("lan", "Lan", "bac", "nu"), VoiceInfo("son", "Sơn", "bac", "nam"))


class Unfinished:
    """A provider that lacks what the port asks for."""

    key = "dang-do"


def account(place: Place, provider: Any = Teller, *, now: Any, **fields: Any) -> VoiceAccount:
    """An account as the action would keep it. `does` and `token` go into its values and secrets."""
    values = {"does": fields.pop("does", "")}
    token = fields.pop("token", TOKEN)
    pk = ids.new()
    return VoiceAccount.objects.create(
        pk=pk,
        place=place,
        provider=provider.key,
        name=fields.pop("name", f"{provider.__name__} của {place.name}"),
        values=values,
        secrets=vault.seal({"token": token}, pk),
        created_at=now,
        updated_at=now,
        **fields,
    )


def fresh() -> None:
    """Forget what was loaded and asked: the settings changed."""
    Teller.asked.clear()
    released.clear()
    voices.status.cache_clear()
    voices.provider_status.cache_clear()


def _espeak(offered: tuple[VoiceInfo, ...], voice: str) -> str:
    region = next(each.region for each in offered if each.id == voice)
    return {"trung": "vi-vn-x-central", "bac": "vi", "nam": "vi-vn-x-south"}[region]


def _over(path: Path, change: Callable[[bytes], bytes]) -> None:
    with wave.open(str(path), "rb") as read:
        form, data = read.getparams(), read.readframes(read.getnframes())
    with wave.open(str(path), "wb") as out:
        out.setparams(form)
        out.writeframes(change(data))
