"""What becomes of a photo that an officer gives: small, upright, and without a word about where it was taken."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from nguon.kit import clock
from nguon.media import pictures
from nguon.media.errors import PictureRefused
from nguon.media.models import File
from tests.pictures import a_picture, encoded

pytestmark = pytest.mark.django_db
GPS, ORIENTATION = 0x8825, 0x0112


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def from_a_phone(kind: str, **options: Any) -> bytes:
    """Taken upright with a phone that lies its sensor on its side, and knows where it is."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "MAY KIN"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (13.0, 46.0, 12.0)
    return encoded(a_picture(4000, 3000), kind, exif=exif, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_small_and_upright_and_tells_no_place(kind: str) -> None:
    given = from_a_phone(kind)
    assert b"MAY KIN" in given
    assert opened(given).getexif().get_ifd(GPS)
    data, size = pictures.made(given)
    found = opened(data)
    assert (found.format, found.size, size) == ("WEBP", (1440, 1920), (1440, 1920))
    assert not found.getexif()
    assert b"MAY KIN" not in data
    assert {"exif", "xmp", "icc_profile"}.isdisjoint(found.info)
    assert len(data) <= pictures.MOST_BYTES


def test_a_small_picture_is_not_made_larger_and_a_thin_one_stays_one() -> None:
    assert pictures.made(encoded(a_picture(300, 200)))[1] == (300, 200)
    assert pictures.made(encoded(Image.new("RGB", (6000, 1)), "PNG"))[1] == (1920, 1)


def test_what_is_seen_through_stands_on_white() -> None:
    data, _size = pictures.made(encoded(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG"))
    assert opened(data).convert("RGB").getpixel((30, 30)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_every_kind_of_colour_is_taken(mode: str) -> None:
    picture = a_picture(90, 60).convert(mode)
    assert pictures.made(encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))[1] == (90, 60)


def test_colours_are_those_that_the_profile_means() -> None:
    """A profile whose red and green are changed over: what is written as red was meant green. A broken one is none."""
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    other = usual.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    for profile, seen in ((usual, 0), (other, 1), (b"none", 0)):
        data, _size = pictures.made(encoded(Image.new("RGB", (60, 60), (230, 0, 0)), icc_profile=profile))
        pixel = opened(data).convert("RGB").getpixel((30, 30))
        assert isinstance(pixel, tuple)
        assert pixel.index(max(pixel)) == seen
        assert "icc_profile" not in opened(data).info


def test_the_busiest_picture_keeps_to_its_bytes() -> None:
    data, size = pictures.made(encoded(Image.effect_noise((1200, 900), 90).convert("RGB"), quality=90))
    assert len(data) <= pictures.MOST_BYTES
    assert size == opened(data).size
    assert min(size) >= 500


@pytest.fixture(scope="module")
def huge() -> Image.Image:
    return Image.new("L", (20_000, 20_000), 90)


def test_a_picture_of_twenty_thousand_pixels_is_taken_where_it_is_decoded_small(huge: Image.Image) -> None:
    assert pictures.made(encoded(huge))[1] == (1920, 1920)


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("JPEG", {"progressive": True})])
def test_and_refused_with_its_size_where_it_is_not(huge: Image.Image, kind: str, options: dict[str, Any]) -> None:
    given = encoded(huge, kind, **options)
    with pytest.raises(PictureRefused, match=r"rộng 20000, cao 20000 điểm ảnh.*Hãy thu nhỏ"):
        pictures.made(given)


def test_a_thumbnail_inside_a_photo_is_no_second_scan() -> None:
    plain = encoded(a_picture(800, 600))
    inside = b"\xff\xe1" + (len(plain) + 2).to_bytes(2, "big") + plain
    assert pictures._scans(plain[:2] + inside + plain[2:]) == 1
    assert pictures._scans(encoded(a_picture(800, 600), progressive=True)) > 1


WHOLE = encoded(a_picture(400, 300))
BAD = {
    "empty": (b"", "trống"),
    "words": ("Đây là tệp chữ".encode(), "Không mở được"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "Không mở được"),
    "a GIF": (encoded(a_picture(40, 30), "GIF"), "Không mở được"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "Tương thích nhất"),
    "a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "Không mở được"),
    "PNG of nothing": (b"\x89PNG\r\n\x1a\n", "Không mở được"),
    "JPEG of nothing": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "Không mở được"),
}


@pytest.mark.parametrize(("given", "words"), BAD.values(), ids=BAD.keys())
def test_what_is_no_picture_is_refused_with_what_to_do(given: bytes, words: str) -> None:
    with pytest.raises(PictureRefused, match=words):
        pictures.take_in(upload=SimpleUploadedFile("x.jpg", given), now=clock.now())
    assert not File.objects.exists()


def test_a_file_that_is_too_heavy_is_not_even_opened() -> None:
    upload = SimpleUploadedFile("x.jpg", b"")
    upload.size = 25 * 1024 * 1024 + 1
    with pytest.raises(PictureRefused, match="nặng 26 MB, nhiều nhất là 25 MB"):
        pictures.take_in(upload=upload, now=clock.now())


def test_the_same_photo_is_kept_once() -> None:
    one, two = (
        pictures.take_in(upload=SimpleUploadedFile("x.jpg", encoded(a_picture())), now=clock.now()) for _ in range(2)
    )
    assert one == two
    assert File.objects.count() == 1
    assert one.file.path.endswith(".webp")
    small, size = pictures.small(one.file.sha256)
    assert size == opened(small).size == (640, 480)
    smallest, size = pictures.small(one.file.sha256, pictures.SMALLEST)
    assert size == opened(smallest).size == (240, 180)
