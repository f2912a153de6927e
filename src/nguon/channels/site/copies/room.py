"""Room on the disk of the server: a copy must not take what alerts and bulletins need."""

import errno
import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from nguon.channels.site.copies.errors import CopyError
from nguon.ui.words import size

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MEGABYTE = 1 << 20


def check(wanted: int) -> None:
    """Nothing, if so many bytes fit twice (made, then kept) and leave the server its reserve. Raises CopyError."""
    left = _left()
    if left < wanted * 2:
        words = {"wanted": size(wanted * 2), "left": size(max(left, 0))}
        raise CopyError(
            _(
                "Ổ đĩa của máy chủ không đủ chỗ: cần khoảng %(wanted)s, chỉ còn dùng được %(left)s. "
                "Hãy báo quản trị thêm chỗ, hoặc xuất không kèm âm thanh."
            )
            % words
        )


def check_still() -> None:
    """Nothing, as long as the server has its reserve. Raises CopyError."""
    if _left() < 0:
        raise CopyError(full())


def full() -> str:
    """What is said when the disk became full on the way."""
    return _("Ổ đĩa của máy chủ đầy giữa chừng nên dừng lại. Hãy báo quản trị thêm chỗ rồi xuất lại.")


def _left() -> int:
    """Free bytes without the reserve, of the fuller one of the two disks that it is written to."""
    free = min(shutil.disk_usage(_there(Path(one))).free for one in (settings.DATA, settings.MEDIA_ROOT))
    return free - settings.NGUON_ARCHIVE_RESERVE_MB * MEGABYTE


def _there(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
