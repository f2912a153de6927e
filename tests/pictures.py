"""Pictures for tests, drawn here: scenes that an eye tells apart, and files that are none."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw

COLOURS = ("#d94f30", "#2f8f4e", "#2b6cb0", "#c9a227")


def a_picture(width: int = 800, height: int = 600, number: int = 0) -> Image.Image:
    """A road before hills, in a colour of its number, with its corners marked."""
    made = Image.new("RGB", (width, height), COLOURS[number % 4])
    pen = ImageDraw.Draw(made)
    pen.polygon([(0, height), (width // 2, height // 3), (width, height)], fill="#3b4a54")
    pen.ellipse([width * 0.7, height * 0.1, width * 0.85, height * 0.1 + width * 0.15], fill="#ffe08a")
    for x, y in ((0, 0), (width - 20, 0), (0, height - 20), (width - 20, height - 20)):
        pen.rectangle([x, y, x + 20, y + 20], fill="white")
    return made


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def of_document(size: tuple[int, int] = (800, 600), number: int = 0, **other: Any) -> dict[str, Any]:
    """A picture as it stands in the document of a board."""
    data = encoded(a_picture(*size, number), "WEBP")
    made = {"mime": "image/webp", "width": size[0], "height": size[1], "alt": f"Đoạn đường số {number + 1}"}
    return {**made, "data": base64.b64encode(data).decode(), **other}
