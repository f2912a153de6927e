"""Cases for the walk along all addresses: those of the desk, and one that nobody published, with a photo."""

from typing import Any

from nguon.feedback import actions
from nguon.feedback.models import Attachment, Content, PoleCode, Too
from nguon.media import files
from tests.app import secret_cases
from tests.app.desk import Desk

MODELS = (*secret_cases.MODELS, PoleCode, Too, Content)


def make(desk: Desk, secret: str) -> dict[str, dict[str, Any]]:
    """Its code and the photo open nothing to anybody who only knows them."""
    told = actions.Told(words=f"{secret} phản ánh ở đầu xóm", place_id=desk.two.pk, source="web")
    case = actions.take_in(told=told, actor=None, now=desk.now).case
    file = files.keep_bytes(secret.encode(), "image/webp", desk.now, {})
    photo = Attachment.objects.create(case=case, number=1, file=file, at=desk.now)
    of_case = {"told:case": {"pk": case.pk}, "told:too": {"pk": case.pk}}
    return secret_cases.make(desk, secret) | {"told": {"pk": photo.pk, "code": case.code}, **of_case}
