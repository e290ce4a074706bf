"""The environment that Prefect needs; set before Prefect is imported."""

import base64
import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from baocao.store.engine.address import sqlite_address
from baocao.system.proxies import free_the_loopback
from baocao.workspace.serving import living_server
from baocao.workspace.settings import Settings
from deployments.prefect_home.database import NAME, lay_database

CLOSED_NETWORK = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # its pages ask a host outside; see deployments/serving/pages.py
}
_DATABASE = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
_ODD = re.compile("[?#%]")  # what Prefect would take for a part of its database's address
PATIENCE = {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180"}  # a busy machine takes its time
PROMPT = {  # an arrival is answered within a minute: who is due, or waits for its place, is looked at often
    "PREFECT_RUNNER_POLL_FREQUENCY": "3",
    "PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS": "5",
}
QUIET = ("PREFECT_LOGGING_LEVEL", "PREFECT_SERVER_LOGGING_LEVEL")  # the second one: of the server that runs along
NO_BLOCKS = {  # of the server that runs along; that of serve registers what Prefect's pages offer, and notes it
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}
IN_BATCHES = {  # of the server that runs along: a transaction for each step of each task would keep the flow waiting
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
}
LASTING = {  # who holds a deployment's one place is known after the server was started again, too
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"
}


def prefect_defaults(settings: Settings, *, is_quiet: bool = True) -> dict[str, str]:
    """What Prefect is told where the operator has not told it otherwise in the environment."""
    quiet = dict.fromkeys(QUIET, "CRITICAL") | NO_BLOCKS | IN_BATCHES if is_quiet else {}
    home = str(settings.home.resolve() / "prefect")
    return {"PREFECT_HOME": home, **CLOSED_NETWORK, **PATIENCE, **PROMPT, **LASTING, **quiet}


def prepare_prefect(settings: Settings, *, is_quiet: bool = True) -> None:
    """Let Prefect keep its own data under our home, send nothing outside, and speak only when asked.

    What the operator has set in the environment stays as it is, but for what keeps us from our own server.
    """
    for name, value in prefect_defaults(settings, is_quiet=is_quiet).items():
        os.environ.setdefault(name, value)
    own = Path(os.environ["PREFECT_HOME"])
    own.mkdir(parents=True, exist_ok=True)
    if not any(name in os.environ for name in _DATABASE):
        lay_database(own)
        if _ODD.search(str(own)):
            address = sqlite_address(own / NAME).replace("sqlite:", "sqlite+aiosqlite:", 1)
            os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = address
    free_the_loopback()


def find_server(home: Path) -> str:
    """Set ``PREFECT_API_URL`` to the server of this home, unless it is set; its address, empty where there is none.

    A server counts that is alive, ours, and lets this process in; nobody waits long for one that is stuck.
    """
    if not os.environ.get("PREFECT_API_URL") and (found := living_server(home)) and _lets_in(found.address):
        os.environ["PREFECT_API_URL"] = found.address
    return os.environ.get("PREFECT_API_URL", "")


def _lets_in(address: str) -> bool:
    secret = base64.b64encode(os.environ.get("PREFECT_API_AUTH_STRING", "").encode()).decode()
    asked = Request(f"{address}/admin/version", headers={"Authorization": f"Basic {secret}"})  # noqa: S310 - ours
    with suppress(URLError, OSError), build_opener(ProxyHandler({})).open(asked, timeout=10):
        return True
    return False
