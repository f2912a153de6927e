"""A film for screens: what a file must be to become one, and what ffmpeg is told to make of it."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from nguon.media import ffmpeg, rules
from nguon.media.errors import FilmRefused
from nguon.media.ffmpeg import Progress, ToolFailed
from nguon.ui.words import duration

MIME = "video/mp4"
LONGER, SHORTER = 1920, 1080  # pixels of the sides, at most
RATE = 30  # pictures a second, at most
QUALITY = 23  # crf of x264
MOST_BITS = 2500  # kbit a second: three minutes stay under 60 MB
KEYS = 60  # pictures between two at which a board can begin
THREADS = 2
MOST_PIXELS = 36_000_000  # of one picture that is decoded: 8K, and no more memory than that
SHORTEST = 0.5  # seconds
PATIENCE = 15  # seconds of work for each second that a film may last, on a slow machine


@dataclass(frozen=True)
class Look:
    """What a file says of itself: which of its streams has the pictures, and its length (0: it does not say), s."""

    stream: int
    seconds: float


def read(found: dict[str, Any]) -> Look | None:
    """What `ffmpeg.probe` found; None if nothing of it moves (the cover of a song does not)."""
    for stream in found.get("streams", []):
        cover = stream.get("disposition", {}).get("attached_pic")
        if stream.get("codec_type") == "video" and not cover:
            return Look(int(stream["index"]), _seconds(found.get("format", {}), stream))
    return None


def _seconds(*places: dict[str, Any]) -> float:
    for place in places:
        try:
            said = float(str(place.get("duration")))
        except ValueError:
            continue
        if math.isfinite(said) and said > 0:
            return said
    return 0.0


def inspect(path: Path, max_minutes: int) -> Look:
    """Look at a file that should be a film. Raises FilmRefused with words for the officer."""
    if path.stat().st_size == 0:
        raise FilmRefused(_("Tệp phim trống, không có gì bên trong. Hãy chọn lại phim."))
    try:
        look = read(ffmpeg.probe(path))
    except ToolFailed as error:
        raise FilmRefused(
            _("Không mở được phim này: tệp bị hỏng, bị cắt cụt, hoặc không phải phim. Hãy chép lại tệp gốc rồi chọn.")
        ) from error
    if look is None:
        raise FilmRefused(
            _("Tệp này chỉ có tiếng, không có hình. Bảng tin không phát tiếng: hãy dùng ở phần “Tệp âm thanh”.")
        )
    refuse_long(look.seconds, max_minutes)
    return look


def refuse_long(seconds: float, max_minutes: int) -> None:
    """Nothing of a film that is short enough. Raises FilmRefused."""
    if seconds > max_minutes * 60 + 0.5:
        raise FilmRefused(
            _("Phim dài %(length)s, nhiều nhất là %(max)d phút. Hãy cắt bớt trên điện thoại rồi chọn lại.")
            % {"length": _length(seconds), "max": max_minutes}
        )


def _length(seconds: float) -> str:
    return duration(round(seconds * 1000))


def arguments(source: Path, stream: int, out: Path, max_minutes: int) -> list[str]:
    """What ffmpeg is told: pictures alone, as every browser plays them, and not a word about who took them.

    A portrait stays one. It begins without what comes last in the file, and at any two seconds of it.
    """
    wide = f"if(gte(iw,ih),min({LONGER},iw),min({SHORTER},iw))"
    high = f"if(gte(iw,ih),min({SHORTER},ih),min({LONGER},ih))"
    fitting = f"scale=w='{wide}':h='{high}':force_original_aspect_ratio=decrease:force_divisible_by=2"
    filters = f"scale=w='max(2,trunc(iw*sar/2)*2)':h=ih,setsar=1,{fitting},format=yuv420p"
    given = [
        "-y",
        "-threads",
        str(THREADS),
        "-max_pixels",
        str(MOST_PIXELS),
        *ffmpeg.opening(source),
        "-map",
        f"0:{stream}",
    ]
    alone = ["-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
    coded = ["-c:v", "libx264", "-profile:v", "main", "-preset", "veryfast", "-crf", str(QUALITY)]
    bounded = ["-maxrate", f"{MOST_BITS}k", "-bufsize", f"{2 * MOST_BITS}k", "-g", str(KEYS), "-threads", str(THREADS)]
    ends = ["-t", str(max_minutes * 60 + 2), "-flags:v", "+bitexact", "-movflags", "+faststart", "-f", "mp4"]
    return [*given, *alone, "-vf", filters, "-fpsmax", str(RATE), *coded, *bounded, *ends, str(out)]


def transcode(source: Path, out: Path, *, max_minutes: int, progress: Progress) -> int:
    """Make `out`, MP4 with H.264, of any film; how long it is, ms. `progress` gets 0–1.

    Raises FilmRefused with words for the officer, ToolFailed.
    """
    look = inspect(source, max_minutes)
    cap = max_minutes * 60
    whole = look.seconds or cap

    def report(seconds: float) -> None:
        progress(min(seconds / whole, 1.0))

    try:
        ffmpeg.run(arguments(source, look.stream, out, max_minutes), report=report, timeout=PATIENCE * cap + 60)
        made = read(ffmpeg.probe(out))
    except ToolFailed as error:
        raise FilmRefused(
            _("Không chuyển được phim này: tệp bị hỏng, hoặc máy chủ không đọc được kiểu này. Hãy gửi phim khác.")
        ) from error
    seconds = made.seconds if made else 0.0
    refuse_long(seconds, max_minutes)
    if rules.is_cut_short(look.seconds, seconds):
        raise FilmRefused(
            _("Phim bị cắt cụt: chỉ đọc được %(decoded)s trên %(declared)s. Hãy chép lại tệp gốc rồi chọn.")
            % {"decoded": _length(seconds), "declared": _length(look.seconds)}
        )
    if seconds < SHORTEST:
        raise FilmRefused(_("Phim quá ngắn, dưới nửa giây. Nếu là ảnh thì thêm ở phần ảnh."))
    return round(seconds * 1000)
