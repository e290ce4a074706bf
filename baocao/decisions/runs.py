"""Chạy lại: who let a run be done again, and by which way."""

from baocao.domain.signature import Signature
from baocao.store import audit
from baocao.store.engine.database import writing
from baocao.workspace.workspace import Workspace


def note_rerun(workspace: Workspace, run: str, name: str, signed: Signature) -> None:
    """Write into the audit book that a run is done again; ``name`` is what people call it."""
    with writing(workspace.engine) as connection:
        audit.record(connection, signed, "rerun", f"run/{run}", {"name": name})
