"""What the tests of ``baocao serve`` share."""

from collections.abc import Iterator

import pytest
from support.servers.smtp import SmtpServer, smtp_server


@pytest.fixture(scope="module")
def mail() -> Iterator[SmtpServer]:
    """A real mail server, of one module."""
    with smtp_server() as running:
        yield running
