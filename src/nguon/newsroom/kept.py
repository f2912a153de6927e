"""A sound that the server keeps already, used in a new bulletin: named by its hash, by whoever may hear it."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nguon.media import queries as media
from nguon.newsroom.rules import TITLE_LIMIT
from nguon.people.models import Person

SOUND, TITLE = "am-thanh", "ten"  # in the address of the editor's page
_HASH = re.compile(r"[0-9a-f]{64}")


def checked(person: Person, sha256: str) -> str:
    """The hash, if it is a sound that the person may hear and loudspeakers may be given. Raises ValidationError."""
    if not sha256:
        return ""
    file = media.file(person, sha256) if _HASH.fullmatch(sha256) else None
    if file is None:
        raise ValidationError(_("Không còn âm thanh này, hoặc bạn không được nghe."))
    most = settings.NGUON_MAX_AUDIO_MINUTES
    if (file.duration_ms or 0) > most * 60_000:
        raise ValidationError(_("Âm thanh dài quá mức cho phép %(max)d phút. Hãy cắt ngắn.") % {"max": most})
    return sha256


def offered(person: Person, query: Mapping[str, str], how: str) -> dict[str, Any]:
    """What stands in the page of a new bulletin that begins with a kept sound; nothing without one."""
    try:
        sha256 = checked(person, query.get(SOUND, ""))
    except ValidationError:
        return {}
    title = query.get(TITLE, "").replace("\x00", "")[:TITLE_LIMIT]
    return {"kept": sha256, "title": title, "how": how} if sha256 else {}
