"""Pictures for screens: any photo an officer has becomes a small WebP without a word about where it was taken.

Pillow is used here alone. Its own guard against huge pictures would refuse a large photo that is decoded small without
harm, so it is off, and `_affordable` is the guard.
"""

import io
import struct
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.files.base import File as Upload
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from nguon.media.errors import PictureRefused
from nguon.media.files import keep_bytes
from nguon.media.models import File

MIME = "image/webp"
MOST_MB = 25  # of a file that is taken
LONGEST = 1920  # pixels of the longer side, as kept
SMALL = 640  # the same for a look at it in the office, and on a phone
SMALLEST = 240  # the same beside a title in a list
MOST_BYTES = 250_000  # of a kept picture: four of them stand in one document
MOST_MEMORY = 256 * 1024 * 1024  # bytes that decoding one may take
MOST_PIXELS = 500_000_000  # more takes minutes, however small it is decoded
QUALITIES = (80, 70, 60, 50)
LOWER = 0.8  # of the size, where no quality is small enough
KINDS = ("JPEG", "PNG", "WEBP")
_COPIES = 8  # bytes a pixel while a PNG or WebP is decoded: four, and a copy of another kind
_COEFFICIENTS = 6  # bytes a pixel that a JPEG of several scans keeps whole, however small it is decoded
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_ONE = threading.Lock()  # the memory is stated for one at a time

Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Kept:
    """A picture as it is kept: its file and its size in pixels."""

    file: File
    width: int
    height: int


def take_in(*, upload: "Upload[Any]", now: datetime) -> Kept:
    """Keep an uploaded picture, small and without metadata. Raises PictureRefused with words for the officer."""
    if (upload.size or 0) > MOST_MB * 1024 * 1024:
        raise PictureRefused(
            _("Ảnh nặng %(size)d MB, nhiều nhất là %(max)d MB. Hãy chọn ảnh nhỏ hơn, hoặc gửi qua Zalo rồi tải về.")
            % {"size": -(-(upload.size or 0) // (1024 * 1024)), "max": MOST_MB}
        )
    data, size = made(upload.read())
    return Kept(keep_bytes(data, MIME, now, {}), *size)


def made(given: bytes) -> tuple[bytes, tuple[int, int]]:
    """The WebP of a picture, and its width and height. Raises PictureRefused."""
    if not given:
        raise PictureRefused(_("Tệp ảnh trống, không có gì bên trong. Hãy chọn lại ảnh."))
    if given[4:8] == b"ftyp" and given[8:12] in _HEIC:
        raise PictureRefused(
            _(
                "Ảnh HEIC của iPhone chưa dùng được. Vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất” rồi chụp "
                "lại; hoặc gửi ảnh qua Zalo rồi tải về."
            )
        )
    with _ONE:
        picture = _decoded(given)
        return _written(picture, MOST_BYTES), picture.size


def size_of(file: File) -> tuple[int, int]:
    """Width and height of a kept picture, in pixels."""
    with default_storage.open(file.path) as source, Image.open(source, formats=KINDS) as picture:
        return picture.size


def bytes_of(file: File) -> bytes:
    """A kept picture."""
    with default_storage.open(file.path) as source:
        data: bytes = source.read()
    return data


@lru_cache(maxsize=128)
def small(sha256: str, longest: int = SMALL) -> tuple[bytes, tuple[int, int]]:
    """A kept picture made small, `longest` pixels its longer side, with its size. Raises File.DoesNotExist."""
    with Image.open(io.BytesIO(bytes_of(File.objects.get(pk=sha256))), formats=KINDS) as picture:
        picture.thumbnail((longest, longest))
        return _written(picture.convert("RGB"), MOST_BYTES), picture.size


def _decoded(given: bytes) -> Image.Image:
    """The picture, upright, opaque, of the size that is kept, and nothing but its pixels. Raises PictureRefused."""
    try:
        with Image.open(io.BytesIO(given), formats=KINDS) as found:
            scale = min(1.0, LONGEST / max(found.size))
            wanted = (max(1, round(found.width * scale)), max(1, round(found.height * scale)))
            full = found.size
            found.draft("RGB", wanted)
            if not _affordable(given, found, full):
                raise PictureRefused(
                    _(
                        "Ảnh rộng %(width)d, cao %(height)d điểm ảnh, lớn quá mức máy chủ mở được. Hãy thu nhỏ còn "
                        "dưới 5.000 điểm mỗi chiều, hoặc chụp màn hình ảnh đó rồi dùng ảnh chụp."
                    )
                    % {"width": full[0], "height": full[1]}
                )
            plain = found if found.mode in ("RGB", "RGBA", "L", "CMYK") else found.convert(_plain_mode(found))
            plain.thumbnail(wanted, reducing_gap=3.0)
            upright = _for_screens(ImageOps.exif_transpose(plain))
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright, mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
            return flat
    except PictureRefused:
        raise
    except Exception as error:  # of a broken file Pillow raises whatever its decoders meet
        raise PictureRefused(
            _("Không mở được ảnh này: tệp bị hỏng, hoặc không phải JPEG, PNG, WebP. Hãy chọn ảnh khác hoặc chụp lại.")
        ) from error


def _plain_mode(found: Image.Image) -> str:
    return "RGBA" if found.mode in ("LA", "PA", "La", "RGBa") or "transparency" in found.info else "RGB"


def _for_screens(picture: Image.Image) -> Image.Image:
    """In the colours of screens: phones and print shops write others, with a profile that is not kept."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        given, wanted = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, given, wanted, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):  # a profile that is none: as if there were none
        return picture


def _affordable(given: bytes, found: Image.Image, full: tuple[int, int]) -> bool:
    """Whether it can be decoded within MOST_MEMORY. `found` is as it would be decoded, `full` its size in the file."""
    pixels = full[0] * full[1]
    if pixels > MOST_PIXELS:
        return False
    if found.format not in ("JPEG", "MPO"):
        return pixels * _COPIES <= MOST_MEMORY
    decoded = found.width * found.height * len(found.getbands()) * 2
    return decoded + (pixels * _COEFFICIENTS if _scans(given) > 1 else 0) <= MOST_MEMORY


def _scans(given: bytes) -> int:
    """How many scans the first picture of a JPEG has: of more than one, all has to be kept until the last."""
    at = 2
    while given[at : at + 1] == b"\xff" and given[at + 1] != 0xDA:
        at += 2 + struct.unpack(">H", given[at + 2 : at + 4])[0]
    end = given.find(b"\xff\xd9", at)
    return given.count(b"\xff\xda", at, end if end > 0 else len(given))


def _written(picture: Image.Image, most: int) -> bytes:
    """As WebP of at most so many bytes: in lower quality first, then smaller."""
    for quality in QUALITIES:
        data = _webp(picture, quality)
        if len(data) <= most:
            return data
    width, height = (max(1, int(side * LOWER)) for side in picture.size)
    picture.thumbnail((width, height))
    return _written(picture, most)


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()
