"""Photos of a report go through from whoever sends them, but not without end, and not anywhere else."""

import pytest

from nguon.config.limits import MEGABYTE, SMALL
from nguon.feedback.sizes import MOST_PHOTOS_MB
from tests.app.config.test_limits import megabytes, status

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("path", ["/phan-anh/gui", "/trang/xa/phan-anh/gui", "/phan-anh/theo-doi/bo-sung"])
async def test_photos_of_a_report_go_through(path: str) -> None:
    size = {"Content-Length": str(SMALL + MEGABYTE)}
    code, taken = await status(path, megabytes(SMALL // MEGABYTE + 1), {**FORM, **size})
    assert code != 413
    assert taken == SMALL + MEGABYTE


@pytest.mark.parametrize("path", ["/phan-anh/gui", "/phan-anh/theo-doi"])
async def test_more_is_refused_before_it_comes(path: str) -> None:
    size = {"Content-Length": str((MOST_PHOTOS_MB + 2) * MEGABYTE)}
    assert await status(path, megabytes(0), {**FORM, **size}) == (413, 0)
