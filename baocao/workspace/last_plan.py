"""The plan as it was when all was well: whom to tell when the plan itself has come to be broken."""

from contextlib import suppress
from functools import cached_property

from pydantic import ValidationError

from baocao.domain.planned.plan import Plan
from baocao.system.files import write_atomically
from baocao.workspace.workspace import Workspace

_FILE = "last-plan.json"


class LastGood(Workspace):
    """The house with the plan that was last sound."""

    @cached_property
    def plan(self) -> Plan:
        """The plan that ``remember_plan`` wrote down.

        Raises:
            OSError: none was.
            ValidationError: a version of this program wrote it that knew other fields.
        """
        return Plan.model_validate_json((self.home / _FILE).read_bytes())


def remember_plan(workspace: Workspace) -> None:
    """Write the plan down, if it and its time zone are sound."""
    _ = workspace.zone
    write_atomically(workspace.home / _FILE, workspace.plan.model_dump_json().encode())


def with_sound_plan(workspace: Workspace) -> Workspace | None:
    """The house as it is where its plan is sound, else with the plan that was last; None where there was none."""
    if _is_sound(workspace):
        return workspace
    last = LastGood(workspace.settings)
    with suppress(OSError, ValidationError):
        _ = last.zone
        return last
    return None


def _is_sound(workspace: Workspace) -> bool:
    try:
        _ = workspace.zone
    except Exception:  # noqa: BLE001 - whatever is wrong with the plan, somebody must be told
        return False
    return True
