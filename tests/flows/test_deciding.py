"""People's decisions in a month that really runs: late with leave, accepted by hand, corrected with a reason."""

from datetime import datetime
from email import message_from_bytes, policy

import pytest
from openpyxl import load_workbook
from support.months.october import OCTOBER, REPORTED, lay_all

from baocao.decisions.overrides import extend, override
from baocao.decisions.signing import sign
from baocao.domain.received.submission import Verdict
from baocao.domain.signature import Signature
from baocao.oversight.status import period_status
from baocao.system.clock import read_clock
from baocao.workspace.workspace import Workspace
from flows.collect import collect
from flows.report import report

LATE = datetime(2022, 10, 21, 10)
CORRECTED = datetime(2022, 10, 27, 9)


def signed(workspace: Workspace, at: datetime) -> Signature:
    return sign("Trần Thị Mẫu", "đã có công văn", read_clock(at, workspace.zone))


def unit_row(workspace: Workspace, unit: str, at: datetime) -> dict[str, object]:
    row = period_status(workspace, OCTOBER, read_clock(at, workspace.zone)).as_row()
    found: dict[str, object] = next(one for one in row["units"] if one["unit"] == unit)
    return found


def text_of(workspace: Workspace, name: str) -> str:
    (path,) = workspace.outbox_folder.glob(name)
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body
    return str(body.get_content())


@pytest.mark.slow
def test_decisions_hold_through_the_flows_that_come_after(workspace: Workspace) -> None:
    extend(workspace, "SNV", OCTOBER, datetime(2022, 10, 21, 17), signed(workspace, datetime(2022, 10, 19, 8)))
    lay_all(workspace)
    collect("2022-10", LATE)
    assert unit_row(workspace, "SNV", LATE)["timeliness"] == "on_time"
    assert unit_row(workspace, "SCT", LATE)["timeliness"] == "late"
    assert "trước 17 giờ 00 ngày 21/10/2022" in text_of(workspace, "answer~2022-10~SNV~v1.eml")
    assert "trước ngày 20/10/2022" in text_of(workspace, "answer~2022-10~SCT~v1.eml")

    override(workspace, "SCT", OCTOBER, 1, Verdict.REJECTED, signed(workspace, LATE))
    collect("2022-10", LATE)
    assert "BỊ TRẢ LẠI" in text_of(workspace, "decision~2022-10~SCT~*.eml")
    report("2022-10", REPORTED)
    assert unit_row(workspace, "SCT", REPORTED)["state"] == "rejected"

    override(workspace, "SCT", OCTOBER, 1, Verdict.ACCEPTED, signed(workspace, CORRECTED))
    for _ in range(2):  # said again, it changes nothing
        report("2022-10", CORRECTED, is_restatement=True, reason="chấp nhận báo cáo của SCT")
    assert not list(workspace.outbox_folder.glob("report~2022-10~v3*"))
    sheet = load_workbook(workspace.report_folder(OCTOBER, 2) / "so-lieu.xlsx")["Đính chính"]
    cells = [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]
    assert "chấp nhận báo cáo của SCT" in cells
    assert "chấp nhận báo cáo của SCT" in (workspace.report_folder(OCTOBER, 2) / "thu.html").read_text()
