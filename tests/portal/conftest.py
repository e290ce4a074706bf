"""What the tests of the window share."""

import pytest
from support.servers.windows import COORDINATOR, Visitor, Window


@pytest.fixture
def coordinator(window: Window) -> Visitor:
    """The coordinator, before the window of the test."""
    return window.signed_in(COORDINATOR)
