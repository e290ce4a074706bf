"""What flows refuse to do: for a wrong period anything, for a period without figures a report to the leaders."""

from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from support.stores.houses import clock_at
from support.workbooks import samples

from baocao.oversight.agenda import due
from baocao.system.errors import BaocaoError, NotDueError, UsageError
from baocao.workspace.workspace import Workspace
from flows.catch_up import catch_up
from flows.collect import collect
from flows.escalate import escalate
from flows.remind import remind
from flows.report import report
from flows.send_templates import send_templates

AFTER = datetime(2022, 10, 24, 8)
FLOWS: list[Flow[..., Any]] = [collect, escalate, remind, report, send_templates]
REFUSED: dict[str, type[BaocaoError]] = {"2032-10": UsageError, "2022-11": NotDueError}


def lay(workspace: Workspace, unit: str, period: str) -> Path:
    path = workspace.settings.inbox_folder / unit / f"{period}.xlsx"
    plan = samples.plan()
    return samples.write_filled(path, plan, unit, period, samples.clean_filled(plan, unit, period))


def mails(workspace: Workspace) -> dict[str, str]:
    """To whom each mail in the outbox goes, by its file's name."""
    found = sorted(workspace.outbox_folder.glob("*.eml"))
    return {path.stem: str(message_from_bytes(path.read_bytes(), policy=policy.default)["To"]) for path in found}


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_wrong_period_touches_nothing(workspace: Workspace) -> None:
    path = lay(workspace, "SCT", "2022-10")
    wrong = [(flow, period, refusal) for flow in FLOWS for period, refusal in REFUSED.items()]
    for flow, period, refusal in wrong:
        with pytest.raises(refusal):
            flow(period=period, as_of=AFTER)
        assert path.exists(), flow.name
        assert [one.name for one in workspace.home.rglob("*.eml")] == [], flow.name
        assert not (workspace.home / "quarantine").exists(), flow.name
        assert not (workspace.home / "reports").exists(), flow.name


@pytest.mark.slow
def test_an_empty_report_goes_to_the_coordinator_as_a_draft_and_out_once_something_came(workspace: Workspace) -> None:
    send_templates("2022-10", datetime(2022, 10, 3, 8))
    forms = mails(workspace)
    for _ in range(2):
        report("2022-10", AFTER, is_by_schedule=True)
    (more,) = set(mails(workspace)) - set(forms)
    assert more == "unreported~2022-10"
    for one in workspace.plan.recipients:
        assert (one.email in mails(workspace)[more]) == ("coordinator" in one.roles)
    assert not (workspace.home / "reports" / "2022-10" / "v1").exists()
    assert due(workspace, clock_at(workspace, "2022-10-25T08:00")) == []

    lay(workspace, "SCT", "2022-10")
    catch_up(datetime(2022, 10, 26, 8))
    assert "report~2022-10~v1" in mails(workspace)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fresh_home_catches_up_what_waits_and_mails_nothing_else(workspace: Workspace) -> None:
    catch_up(datetime(2022, 12, 31, 8))
    assert mails(workspace) == {}
    lay(workspace, "SCT", "2022-11")
    catch_up(datetime(2022, 12, 31, 9))
    assert [key for key in mails(workspace) if key.startswith(("report", "unreported"))] == ["report~2022-11~v1"]
