"""The environment that Prefect needs; set before Prefect is imported."""

import os
import re
from pathlib import Path

from baocao.system.proxies import free_the_loopback
from baocao.workspace.settings import Settings, sqlite_address

CLOSED_NETWORK = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # its pages ask a host outside; see deployments/serving/pages.py
}
_ODD = re.compile("[?#%]")  # what Prefect would take for a part of its database's address
PATIENCE = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180"}  # a busy machine takes its time
LASTING = {  # who holds a deployment's one place is known after the server was started again, too
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"
}


def prepare_prefect(settings: Settings, *, is_quiet: bool = True) -> None:
    """Let Prefect keep its own data under our home, send nothing outside, and speak only when asked.

    What the operator has set in the environment stays as it is, but for what keeps us from our own server.
    """
    quiet = {"PREFECT_LOGGING_LEVEL": "CRITICAL"} if is_quiet else {}
    home = str(settings.home.resolve() / "prefect")
    for name, value in {"PREFECT_HOME": home, **CLOSED_NETWORK, **PATIENCE, **LASTING, **quiet}.items():
        os.environ.setdefault(name, value)
    own = Path(os.environ["PREFECT_HOME"])
    own.mkdir(parents=True, exist_ok=True)
    if "PREFECT_API_DATABASE_CONNECTION_URL" not in os.environ and _ODD.search(str(own)):
        address = sqlite_address(own / "prefect.db").replace("sqlite:", "sqlite+aiosqlite:", 1)
        os.environ.setdefault("PREFECT_SERVER_DATABASE_CONNECTION_URL", address)
    free_the_loopback()
