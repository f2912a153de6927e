"""What every test of pages does when it is over."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser


@pytest.fixture(autouse=True)
def _who_is_done_leaves(request: pytest.FixtureRequest) -> Iterator[None]:
    """The pages of a test are closed: open ones go on asking, and leave less and less time for the next tests."""
    yield
    for one in request.node.funcargs.values():
        if isinstance(one, Browser) and one.is_connected():
            for context in one.contexts:
                context.close()
