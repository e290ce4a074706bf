"""Settings, plan, database and the submission's code, opened once per process.

``open_workspace`` is a fixed name for programs outside this house; found when it is asked for, because who needs only
the settings shall not load the database's library.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name != "open_workspace":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from baocao.workspace.workspace import open_workspace  # noqa: PLC0415 - see above

    return open_workspace
