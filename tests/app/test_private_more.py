"""What else of a reporter is erased: where it was, and a letter that an officer scanned."""

import pytest

from nguon.feedback import private
from tests.app.test_private import erased, everything, hall, told
from tests.app.told import Hall

__all__ = ["hall"]
pytestmark = pytest.mark.django_db


def test_where_it_was_is_erased_too(hall: Hall) -> None:
    """A position or "before my gate" is as good as a name."""
    case = erased(hall, told(hall, where="Trước cổng nhà tôi", latitude=13.8211, longitude=109.1531))
    assert (case.latitude, case.longitude, case.address) == (None, None, "")
    assert "13.82" not in everything()


def test_a_letter_an_officer_scanned_is_the_reporters(hall: Hall) -> None:
    taken = told(hall, actor=hall.clerk, source="letter")
    assert taken.case.attachments.update(public=True) == 1
    private.take_back(case=taken.case, purpose="publish", now=hall.now)
    assert not taken.case.attachments.get().public
    assert not erased(hall, taken).attachments.exists()
