"""Where approval is required, a report waits, goes out once when approved, and never when refused."""

import pytest
from test_month import COLLECTED, OCTOBER, REPORTED, UNITS, lay

from baocao import approval
from baocao.clock import read_clock
from baocao.errors import NotDueError
from baocao.reporting import latest_report
from baocao.workspace import Workspace, open_workspace
from flows.collect import collect
from flows.report import report


@pytest.fixture
def waiting(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A month whose report was made and waits for its approver."""
    monkeypatch.setenv("BAOCAO_APPROVAL", "required")
    open_workspace.cache_clear()
    for unit in UNITS:
        lay(workspace, unit)
    collect("2022-10", COLLECTED)
    report("2022-10", REPORTED)
    return open_workspace()


def mails(workspace: Workspace, kind: str) -> list[str]:
    return sorted(path.name for path in workspace.outbox_folder.glob(f"{kind}~*.eml"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_waits_and_goes_out_once_when_approved(waiting: Workspace) -> None:
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert record.state == "awaiting"
    assert mails(waiting, "report") == []
    assert len(mails(waiting, "approve")) == 1

    approval.approve(waiting, OCTOBER, "Nguyễn Văn Mẫu", read_clock(REPORTED, waiting.zone))
    for _ in range(2):
        report("2022-10", REPORTED)
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert (record.state, record.version, record.decided_by) == ("published", 1, "Nguyễn Văn Mẫu")
    assert mails(waiting, "report") == ["report~2022-10~v1.eml"]
    with pytest.raises(NotDueError):
        approval.approve(waiting, OCTOBER, "Nguyễn Văn Mẫu", read_clock(REPORTED, waiting.zone))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_refused_it_never_goes_out_until_the_facts_change(waiting: Workspace) -> None:
    approval.refuse(waiting, OCTOBER, "Nguyễn Văn Mẫu", "số liệu B4 cần xem lại", read_clock(REPORTED, waiting.zone))
    report("2022-10", REPORTED)
    assert mails(waiting, "report") == []
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert (record.state, record.decision_reason) == ("refused", "số liệu B4 cần xem lại")

    lay(waiting, "SCT", "ban-sua.xlsx", seed=9)
    collect("2022-10", REPORTED)
    report("2022-10", REPORTED)
    record = latest_report(waiting, OCTOBER)
    assert record is not None
    assert (record.state, record.version, record.decided_by) == ("awaiting", 1, None)
