"""Old recordings for tests of the archive: spoken by the real voice, coded by the real ffmpeg, made once a session."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from nguon.archive import importing, steering
from nguon.archive.models import Batch
from nguon.kit import clock
from nguon.places.models import Place
from nguon.plugs.espeak import Espeak

TEXTS = {
    "dien": "điện lực thông báo tạm ngừng cung cấp điện tại thôn quảng vân từ bảy giờ đến mười một giờ. "
    "đề nghị bà con chủ động sắp xếp sản xuất và sinh hoạt, rút phích cắm các thiết bị điện khi không dùng.",
    "tiem": "trạm y tế xã mời các gia đình có trẻ dưới năm tuổi đưa các cháu đi tiêm phòng tại hội trường thôn. "
    "khi đi nhớ mang theo sổ tiêm chủng và cho cháu ăn no trước khi tiêm.",
    "lua": "kỹ thuật chăm sóc lúa vụ đông xuân, bà con cần giữ nước trong ruộng từ ba đến năm phân. "
    "thăm đồng thường xuyên để phát hiện sớm rầy nâu, đạo ôn và bệnh khô vằn.",
    "hop": "ban nhân dân thôn kính mời toàn thể bà con đến dự cuộc họp thôn vào tối thứ bảy. "
    "nội dung bàn việc làm đường bê tông và đóng góp quỹ phòng chống thiên tai.",
    "lut": "đài khí tượng thủy văn báo mưa to đến rất to trong hai ngày tới, mực nước sông hà thanh lên nhanh. "
    "bà con vùng trũng đưa lúa, gia súc lên cao và không ra sông vớt củi.",
}


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="nguon-tapes-"))


@cache
def spoken(name: str, voice: str = "vi-vn-x-central") -> Path:
    """A WAV of one of the texts."""
    out = _folder() / f"{name}-{voice}.wav"
    Espeak().speak(TEXTS[name], voice=voice, rate=200, out=out, progress=lambda _done: None)
    return out


def ffmpeg(*arguments: str) -> None:
    """Run ffmpeg."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


def coded(source: Path, out: Path, *arguments: str) -> Path:
    """The sound as another file; the ending and the arguments say how."""
    out.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-i", str(source), *arguments, str(out))
    return out


def noisy(source: Path, out: Path, amplitude: float) -> Path:
    """The sound with the hiss of a tape."""
    hiss = f"anoisesrc=a={amplitude}:r=22050:c=pink:seed=3[n]"
    mix = f"[0:a]aresample=22050[a];{hiss};[a][n]amix=inputs=2:duration=first:normalize=0"
    out.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-i", str(source), "-filter_complex", mix, str(out))
    return out


def begun(folder: Path, place: Place, *, denoise: bool = False) -> Batch:
    """An import of a folder as the operator begins it, nothing done yet."""
    return steering.start_folder(
        place=place,
        path=str(folder).encode(),
        within=b"",
        title=folder.name,
        denoise=denoise,
        actor="nguon archive",
        now=clock.now(),
    )


def imported(folder: Path, place: Place, *, denoise: bool = False) -> Batch:
    """An import of a folder, done to its end here and now."""
    return worked(begun(folder, place, denoise=denoise))


def worked(batch: Batch) -> Batch:
    """The import after its worker ended."""
    batch.refresh_from_db()
    assert batch.run is not None
    importing.work(batch_id=batch.pk, run=batch.run, turn=None)
    batch.refresh_from_db()
    return batch


def results(batch: Batch) -> dict[str, tuple[str, str]]:
    """What became of each file: name → (state, reason)."""
    return {item.name: (item.state, item.reason) for item in batch.items.all()}
