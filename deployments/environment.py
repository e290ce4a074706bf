"""The environment that Prefect and the logs need; set before Prefect is imported."""

import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from baocao.system.proxies import free_the_loopback

if TYPE_CHECKING:
    from baocao.workspace.settings import Settings

CLOSED_NETWORK = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # its pages ask a host outside; see deployments/serving/pages.py
}
_ODD = re.compile("[?#%]")  # what Prefect would take for a part of its database's address
PATIENCE = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180"}  # a busy machine takes its time
QUIET = ("PREFECT_LOGGING_LEVEL", "PREFECT_SERVER_LOGGING_LEVEL")  # the second one: of the server that runs along
LASTING = {  # who holds a deployment's one place is known after the server was started again, too
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"
}


def set_logging(is_debugging: bool) -> None:
    """Log to standard error: warnings only, or everything of ours when debugging."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    if is_debugging:
        logging.getLogger("baocao").setLevel(logging.DEBUG)


def prepare_prefect(settings: "Settings", *, is_quiet: bool = True) -> None:
    """Let Prefect keep its own data under our home, send nothing outside, and speak only when asked.

    What the operator has set in the environment stays as it is, but for what keeps us from our own server.
    """
    quiet = dict.fromkeys(QUIET, "CRITICAL") if is_quiet else {}
    home = str(settings.home.resolve() / "prefect")
    for name, value in {"PREFECT_HOME": home, **CLOSED_NETWORK, **PATIENCE, **LASTING, **quiet}.items():
        os.environ.setdefault(name, value)
    own = Path(os.environ["PREFECT_HOME"])
    own.mkdir(parents=True, exist_ok=True)
    if "PREFECT_API_DATABASE_CONNECTION_URL" not in os.environ and _ODD.search(str(own)):
        from baocao.workspace.settings import sqlite_address

        address = sqlite_address(own / "prefect.db").replace("sqlite:", "sqlite+aiosqlite:", 1)
        os.environ.setdefault("PREFECT_SERVER_DATABASE_CONNECTION_URL", address)
    free_the_loopback()
