"""A picture that nobody else may see: for the walk along all addresses."""

from django.core.files.uploadedfile import SimpleUploadedFile

from nguon.media import pictures as media
from nguon.newsroom import pictures
from nguon.newsroom.models import Version
from tests.app.desk import Desk
from tests.pictures import a_picture, encoded


def mark(desk: Desk, version: Version, secret: str) -> str:
    """Of this version, as it is named in pages of its editor."""
    upload = SimpleUploadedFile("anh.jpg", encoded(a_picture(40, 30)))
    sha256 = media.take_in(upload=upload, now=desk.now).file.sha256
    pictures.attach(version, [(sha256, f"{secret} ảnh")])
    return pictures.mark(desk.editor, sha256)
