"""A site of the commune and who writes it, for tests of the office of sites."""

import pytest

from nguon.people.models import Person
from nguon.portal import actions
from nguon.portal.models import Site
from tests.app import desk as desks
from tests.app.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return desks.make_desk()


@pytest.fixture
def web(desk: Desk) -> Person:
    return desks.person("web", "Đỗ Biên Tập", desk.here, "web")


@pytest.fixture
def site(desk: Desk) -> Site:
    return actions.create_site(place=desk.here, slug="phuoc-thuan", name="Trang xã", actor="test", now=desk.now)
